import { expect, test } from 'vitest';
import { readServerError } from '../../src/providers/openai-error-body.ts';
import { boundWait, readAskedMs, readBodyWait } from '../../src/providers/retry-after.ts';

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
  [{ 'retry-after': '86400' }, 429, 86_400_000],
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
  expect(readAskedMs(new Headers(headers), { status, nowMs: NOW_MS })).toBe(expected);
});

const IN_90_S = NOW_MS + 90_000;
test.each<[headers: Record<string, string>, expected: number | null]>([
  [{ 'x-ms-retry-after-ms': '250' }, 250],
  [{ 'retry-after': '2026-11-22T12:01:30Z' }, 90_000],
  [{ 'x-ratelimit-reset': String(IN_90_S) }, 90_000],
  [{ 'x-ratelimit-reset': String(IN_90_S / 1000) }, 90_000],
  [{ 'x-ratelimit-reset': '90' }, 90_000],
  [{ 'x-ratelimit-remaining': '3', 'x-ratelimit-reset': '90' }, null],
  [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '2026-11-22T12:01:30Z' }, 90_000],
  [{ 'ratelimit-remaining': '0', 'ratelimit-reset': '50' }, 50_000],
  [
    {
      'anthropic-ratelimit-tokens-remaining': '0',
      'anthropic-ratelimit-tokens-reset': '2026-11-22T12:01:30Z',
    },
    90_000,
  ],
  [{ 'x-ratelimit-remaining-requests-day': '0', 'x-ratelimit-reset-requests-day': '33011.38' }, 33_011_380],
  [{ 'x-ratelimit-remaining-tokens-minute': '0', 'x-ratelimit-reset-tokens-minute': '11.4' }, 11_400],
  [{ 'x-ratelimit-reset-requests': '90' }, null],
  // Gateways that write a moment where seconds belong: as seconds these are 56 years.
  [{ 'retry-after': String(IN_90_S / 1000) }, 90_000],
  [{ 'retry-after': String(IN_90_S) }, 90_000],
  [{ 'retry-after': String(NOW_MS / 1000 - 5) }, 0],
  // Go services.
  [{ 'retry-after': '1m30s' }, 90_000],
  [{ 'retry-after': '500ms' }, 500],
  [{ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '565.12µs' }, 1],
  // A gateway and what stands behind it.
  [{ 'retry-after': '5, 30' }, 30_000],
  [{ 'retry-after': '5, soon' }, null],
  // The draft of the IETF, as HuggingFace and Cloudflare have it, and as it was before.
  [{ ratelimit: '"api";r=0;t=55', 'ratelimit-policy': '"fixed window";"api";q=500;w=300' }, 55_000],
  [{ ratelimit: '"api";r=12;t=55' }, null],
  [{ ratelimit: '"minute";r=3;t=5, "hour"; r=0; t=600' }, 600_000],
  [{ ratelimit: 'limit=100, remaining=0, reset=30' }, 30_000],
  [{ ratelimit: 'limit=100, remaining=4, reset=30' }, null],
  // Mistral.
  [{ 'ratelimitbysize-remaining': '0', 'ratelimitbysize-reset': '38' }, 38_000],
  [{ 'ratelimitbysize-remaining': '100', 'ratelimitbysize-reset': '38' }, null],
  // OpenAI, a project.
  [{ 'x-ratelimit-remaining-project-tokens': '0', 'x-ratelimit-reset-project-tokens': '1m12s' }, 72_000],
  // Discord's word, and of whoever took it over.
  [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset-after': '1.5' }, 1_500],
  // Anthropic's plans.
  [
    {
      'anthropic-ratelimit-unified-status': 'rejected',
      'anthropic-ratelimit-unified-reset': String(IN_90_S / 1000),
    },
    90_000,
  ],
  [
    {
      'anthropic-ratelimit-unified-status': 'allowed',
      'anthropic-ratelimit-unified-reset': String(IN_90_S / 1000),
    },
    null,
  ],
])('the limit that refused, %o, is whole again in %s ms', (headers, expected) => {
  expect(readAskedMs(new Headers(headers), { status: 429, nowMs: NOW_MS })).toBe(expected);
});

test.each<[body: unknown, expected: number | null]>([
  [{ error: 'Model x is currently loading', estimated_time: 20.5 }, 20_500],
  [{ error: { type: 'usage_limit_reached', resets_in_seconds: 68_427 } }, 68_427_000],
  [{ error: { message: 'usage limit exceeded, resets at 2026-11-22T12:10:00Z (2056)' } }, 600_000],
  [{ error: { message: 'You will regain access on 2026-11-23 at 00:00 UTC.' } }, 43_200_000],
  // Of nobody knows which zone.
  [{ error: { message: 'Your limit will reset at 2026-11-22 13:52:14' } }, null],
  [[{ error: { message: 'no', details: [{ '@type': 'RetryInfo', retryDelay: '7.5s' }] } }], 7_500],
  [[{ error: { message: 'no', details: [{ '@type': 'RetryInfo', retryDelay: '872.25ms' }] } }], 873],
  [{ error: { message: 'Remaining: 0. Limit resets at: 2026-11-22 12:01:00 UTC' } }, 60_000],
  [{ error: { message: 'Please try again in 7.5s. Visit us' } }, 7_500],
  [{ error: { message: 'try again in 1m2.3s' } }, 62_300],
  [{ error: { message: 'Please try again in 250ms.' } }, 250],
  [{ error: { message: 'Please retry after 20 seconds.' } }, 20_000],
  [{ error: { message: 'Please retry in 36.429760048s.' } }, 36_430],
  [{ error: { message: 'Please wait 1 minute and 5 seconds' } }, 65_000],
  [{ error: { message: 'no', retry_after: 3 } }, 3_000],
  [{ error: { message: 'no', metadata: { retry_after_seconds: '4' } } }, 4_000],
  [{ detail: 'no', retry_after_ms: 120 }, 120],
  [{ error: { message: 'no', metadata: { headers: { 'X-RateLimit-Reset': String(IN_90_S) } } } }, 90_000],
  [{ error: { message: 'try again later' } }, null],
  [{ error: { message: 'you have 3 retries, the limit is 20 requests' } }, null],
  [{ error: { message: 'try again in 5 bananas' } }, null],
])('the body %o asks for %s ms', (body, expected) => {
  const asked = readBodyWait(readServerError(body, 429), NOW_MS);
  expect(asked === null ? null : Math.ceil(asked)).toBe(expected);
});

test('a header is obeyed before the body, and no wait is longer than an hour', () => {
  const error = readServerError({ error: { message: 'try again in 9s' } }, 429);
  const at = { status: 429, nowMs: NOW_MS, error };
  expect(readAskedMs(new Headers({ 'retry-after': '2' }), at)).toBe(2_000);
  expect(readAskedMs(new Headers(), at)).toBe(9_000);
  expect(boundWait(86_400_000)).toBe(3_600_000);
});
