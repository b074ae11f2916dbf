// What the headers of an answer say of the account's limits. Pure. Header names are OpenAI's, and so they are at most
// compatible providers: https://platform.openai.com/docs/guides/rate-limits
import type { LimitSeen, LimitsSeen } from '../core/outcome.ts';

/** What is read of `Headers`. */
export type HeaderSource = { get(name: string): string | null };

/** null = not a word of limits, or none that can be read. */
export function readLimits(headers: HeaderSource): LimitsSeen | null {
  const requests = readLimit(headers, 'requests');
  const tokens = readLimit(headers, 'tokens');
  return requests === null && tokens === null ? null : { requests, tokens };
}

function readLimit(headers: HeaderSource, bucket: 'requests' | 'tokens'): LimitSeen | null {
  const limit = count(headers.get(`x-ratelimit-limit-${bucket}`));
  const remaining = count(headers.get(`x-ratelimit-remaining-${bucket}`));
  const resetMs = readDuration(headers.get(`x-ratelimit-reset-${bucket}`));
  return limit === null && remaining === null ? null : { limit, remaining, resetMs };
}

/** A hundred billion a window is no limit. */
function count(text: string | null): number | null {
  const trimmed = text?.trim() ?? '';
  return /^\d{1,11}$/.test(trimmed) ? Number(trimmed) : null;
}

/** `6m0s`, `1.5s`, `120ms`. Anything else (an epoch, a date) means something different at each vendor. */
export function readDuration(text: string | null): number | null {
  const match = /^(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6}(?:\.\d{1,9})?)s)?(?:(\d{1,9})ms)?$/.exec(
    text?.trim() ?? '',
  );
  if (match === null || match[0] === '') return null;
  const [, hours = '0', minutes = '0', secs = '0', millis = '0'] = match;
  return Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(secs) * 1_000 + Number(millis);
}
