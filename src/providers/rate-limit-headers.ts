// What the headers of an answer say of the account's limits. Pure. Header names are OpenAI's, and so they are at most
// compatible providers (https://platform.openai.com/docs/guides/rate-limits), Anthropic's
// (https://platform.claude.com/docs/en/api/rate-limits#response-headers), or Mistral's, which tell the minute
// (as answers of api.mistral.ai have them: https://github.com/mistralai/client-ts/issues/169).
import type { LimitSeen, LimitsSeen } from '../core/outcome.ts';
import { type HeaderSource, readDuration } from './reset-headers.ts';

/** null = not a word of limits, or none that can be read. */
export function readLimits(headers: HeaderSource): LimitsSeen | null {
  const requests =
    readLimit(headers, 'requests') ??
    readAnthropic(headers, ['requests']) ??
    readLimit(headers, 'req-minute');
  const tokens =
    readLimit(headers, 'tokens') ??
    readAnthropic(headers, ['tokens', 'input-tokens', 'output-tokens']) ??
    readLimit(headers, 'tokens-minute');
  return requests === null && tokens === null ? null : { requests, tokens };
}

/** The first bucket that is told: `tokens` is the tightest of the others. */
function readAnthropic(headers: HeaderSource, buckets: readonly string[]): LimitSeen | null {
  for (const bucket of buckets) {
    const limit = count(headers.get(`anthropic-ratelimit-${bucket}-limit`));
    const remaining = count(headers.get(`anthropic-ratelimit-${bucket}-remaining`));
    // Its reset is a moment in whole seconds by a clock that is not ours: no pace can be learned from it. After a 429 it is
    // obeyed (reset-headers.ts).
    if (limit !== null || remaining !== null) return { limit, remaining, resetMs: null };
  }
  return null;
}

function readLimit(
  headers: HeaderSource,
  bucket: 'requests' | 'tokens' | 'req-minute' | 'tokens-minute',
): LimitSeen | null {
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
