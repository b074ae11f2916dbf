import { expect, it } from 'vitest';
import { readLimits } from '../../src/providers/rate-limit-headers.ts';

const of = (headers: { readonly [name: string]: string }) => readLimits(new Headers(headers));

it('reads requests and tokens as OpenAI words them', () => {
  expect(
    of({
      'x-ratelimit-limit-requests': '500',
      'x-ratelimit-remaining-requests': '499',
      'x-ratelimit-reset-requests': '120ms',
      'x-ratelimit-limit-tokens': '30000',
      'x-ratelimit-remaining-tokens': '29000',
      'x-ratelimit-reset-tokens': '6m0.5s',
    }),
  ).toEqual({
    requests: { limit: 500, remaining: 499, resetMs: 120 },
    tokens: { limit: 30_000, remaining: 29_000, resetMs: 360_500 },
  });
});

it('reads the minute of Mistral, which says nothing of when it is whole again', () => {
  expect(
    of({
      'x-ratelimit-limit-req-minute': '720',
      'x-ratelimit-remaining-req-minute': '717',
      'x-ratelimit-limit-tokens-minute': '5000000',
      'x-ratelimit-remaining-tokens-minute': '4999911',
      'x-ratelimit-tokens-query-cost': '52',
    }),
  ).toEqual({
    requests: { limit: 720, remaining: 717, resetMs: null },
    tokens: { limit: 5_000_000, remaining: 4_999_911, resetMs: null },
  });
});

it('says nothing where nothing is said', () => {
  expect(of({ 'content-type': 'application/json', 'x-ratelimit-reset-requests': '1s' })).toBeNull();
});

it.each(['-1', '1e9', '12.5', 'many', '', '999999999999', '１２'])('takes %j for no number', (text) => {
  const headers = { get: (name: string) => (name === 'x-ratelimit-limit-requests' ? text : null) };
  expect(readLimits(headers)).toBeNull();
});

it('keeps what it can read of a limit', () => {
  expect(of({ 'x-ratelimit-remaining-tokens': '7', 'x-ratelimit-reset-tokens': '1732233600' })).toEqual({
    requests: null,
    tokens: { limit: null, remaining: 7, resetMs: null },
  });
});
