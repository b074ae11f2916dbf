import { expect, test } from 'vitest';
import { readRetryAfterMs } from '../../src/providers/retry-after.ts';

const NOW_MS = Date.parse('2026-11-22T12:00:00Z');

test.each<[headers: Record<string, string>, status: number, expected: number | null]>([
  [{}, 429, null],
  [{ 'retry-after': '2' }, 429, 2_000],
  [{ 'retry-after': '0' }, 503, 0],
  [{ 'retry-after': '0.25' }, 429, 250],
  [{ 'retry-after-ms': '150', 'retry-after': '1' }, 429, 150],
  [{ 'retry-after-ms': 'soon', 'retry-after': '1' }, 429, 1_000],
  [{ 'retry-after': 'Sun, 22 Nov 2026 12:00:30 GMT' }, 503, 30_000],
  [{ 'retry-after': 'Sun, 22 Nov 2026 11:00:00 GMT' }, 503, 0],
  [{ 'retry-after': '86400' }, 429, 3_600_000],
  [{ 'retry-after': '1e9' }, 429, null],
  [{ 'retry-after': '-5' }, 429, null],
  [{ 'retry-after': 'NaN' }, 429, null],
  [{ 'retry-after': '' }, 429, null],
  [{ 'retry-after': 'Infinity' }, 429, null],
  [{ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '6m0s' }, 429, 360_000],
  [{ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '1.5s' }, 429, 1_500],
  [{ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '120ms' }, 429, 120],
  [{ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '1700000000' }, 429, null],
  [{ 'x-ratelimit-remaining-tokens': '12', 'x-ratelimit-reset-tokens': '6m0s' }, 429, null],
  [{ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '6m0s' }, 503, null],
])('%o of a %i is %s ms', (headers, status, expected) => {
  expect(readRetryAfterMs(new Headers(headers), { status, nowMs: NOW_MS })).toBe(expected);
});
