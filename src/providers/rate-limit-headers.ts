// What the headers of an answer say of the account's limits. Pure. Header names are OpenAI's, and so they are at most
// compatible providers: https://platform.openai.com/docs/guides/rate-limits
import type { LimitSeen, LimitsSeen } from '../core/outcome.ts';
import { type HeaderSource, readDuration } from './reset-headers.ts';

/** null = not a word of limits, or none that can be read. */
export function readLimits(headers: HeaderSource): LimitsSeen | null {
  const requests = readLimit(headers, 'requests');
  const tokens = readLimit(headers, 'tokens');
  return requests === null && tokens === null ? null : { requests, tokens };
}

function readLimit(headers: HeaderSource, bucket: 'requests' | 'tokens'): LimitSeen | null {
  const limit = count(headers.get(`x-ratelimit-limit-${bucket}`));
  const remaining = count(headers.get(`x-ratelimit-remaining-${bucket}`));
  // An epoch or a date means something different at each vendor: what is learned without a refusal is not guessed.
  const resetMs = readDuration(headers.get(`x-ratelimit-reset-${bucket}`));
  return limit === null && remaining === null ? null : { limit, remaining, resetMs };
}

/** A hundred billion a window is no limit. */
function count(text: string | null): number | null {
  const trimmed = text?.trim() ?? '';
  return /^\d{1,11}$/.test(trimmed) ? Number(trimmed) : null;
}
