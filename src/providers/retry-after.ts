// How long the provider asks us to wait, in milliseconds, read from the headers of its answer.

import { type HeaderSource, readDuration } from './rate-limit-headers.ts';

export type { HeaderSource } from './rate-limit-headers.ts';

/** A server that asks for more is as good as down: the policy decides, but not on absurd numbers. */
const MAX_RETRY_AFTER_MS = 3_600_000;

/**
 * `retry-after-ms` (OpenAI, Azure), then `retry-after` in seconds or as an HTTP date (RFC 9110, 10.2.3), then, for a
 * 429 only, the reset time of an exhausted x-ratelimit bucket. null = the provider did not say, or not readably.
 */
export function readRetryAfterMs(
  headers: HeaderSource,
  { status, nowMs }: { readonly status: number; readonly nowMs: number },
): number | null {
  const asked =
    milliseconds(headers.get('retry-after-ms')) ??
    seconds(headers.get('retry-after')) ??
    httpDate(headers.get('retry-after'), nowMs) ??
    (status === 429 ? exhaustedReset(headers) : null);
  return asked === null ? null : Math.min(Math.ceil(asked), MAX_RETRY_AFTER_MS);
}

const NUMBER = /^\d{1,15}(\.\d{1,15})?$/;

function milliseconds(text: string | null): number | null {
  const trimmed = text?.trim() ?? '';
  return NUMBER.test(trimmed) ? Number(trimmed) : null;
}

function seconds(text: string | null): number | null {
  const value = milliseconds(text);
  return value === null ? null : value * 1_000;
}

function httpDate(text: string | null, nowMs: number): number | null {
  // A date has letters ("Sun, 06 Nov 1994 08:49:37 GMT"); Date.parse would also take "-5" for a year.
  if (text === null || !/^[A-Z][a-z]{2}/.test(text.trim())) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}

/** A bucket that still holds something is not the reason, and its reset time (until it is full) would be far too long. */
function exhaustedReset(headers: HeaderSource): number | null {
  const resets = ['requests', 'tokens'].flatMap((bucket) => {
    if (headers.get(`x-ratelimit-remaining-${bucket}`)?.trim() !== '0') return [];
    const reset = readDuration(headers.get(`x-ratelimit-reset-${bucket}`));
    return reset === null ? [] : [reset];
  });
  return resets.length === 0 ? null : Math.max(...resets);
}
