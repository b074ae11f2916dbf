import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Failure, FailureKind } from '../../src/core/outcome.ts';
import { decideRetry, isExcused } from '../../src/run/limits/retry.ts';

const failure = (kind: FailureKind, retryAfterMs: number | null = null): Failure => ({
  kind,
  status: null,
  message: 'it went wrong',
  retryAfterMs,
});

it('doubles the longest wait with each attempt up to half a minute, with full jitter', () => {
  const longest = [1, 2, 3, 4, 7, 20].map((attempt) =>
    decideRetry({ failure: failure('network'), attempt, retries: 100, random: 1 }),
  );
  expect(longest.map((decision) => decision.kind === 'retry' && decision.delayMs)).toEqual([
    500, 1000, 2000, 4000, 30_000, 30_000,
  ]);
  expect(decideRetry({ failure: failure('network'), attempt: 3, retries: 4, random: 0 })).toEqual({
    kind: 'retry',
    delayMs: 0,
    nextAttempt: 4,
  });
});

it('never comes back earlier than the provider asked', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 3_600_000 }),
      fc.integer({ min: 1, max: 10 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (retryAfterMs, attempt, random) => {
        const decision = decideRetry({
          failure: failure('overloaded', retryAfterMs),
          attempt,
          retries: 10,
          random,
        });
        return decision.kind === 'retry' && decision.delayMs >= retryAfterMs;
      },
    ),
  );
});

it('lets a call that was refused for its account’s limits wait as it was told, and leaves longer waits to its lane', () => {
  for (const [asked, delayMs] of [
    [null, 0],
    [20, 20],
    [1_000, 1_000],
    [60_000, 0],
  ] as const)
    expect(
      decideRetry({ failure: failure('rate-limited', asked), attempt: 5, retries: 10, random: 1 }),
    ).toEqual({ kind: 'retry', delayMs, nextAttempt: 6 });
});

it('gives up when the retries are used', () => {
  expect(decideRetry({ failure: failure('timeout'), attempt: 5, retries: 4, random: 0 })).toEqual({
    kind: 'give-up',
    why: '5 attempts made',
  });
});

it.each(['unauthorized', 'quota-exhausted'] as const)('halts the invocation on %s', (kind) => {
  expect(decideRetry({ failure: failure(kind), attempt: 1, retries: 4, random: 0 })).toEqual({
    kind: 'halt',
    why: 'it went wrong',
  });
});

it.each(['bad-request', 'context-exceeded', 'internal'] as const)('does not try %s again', (kind) => {
  expect(decideRetry({ failure: failure(kind), attempt: 1, retries: 4, random: 0 })).toMatchObject({
    kind: 'give-up',
  });
});

it('asks a prompt whose answers are of no use twice more and then no longer, whatever else it may retry', () => {
  const useless = { ...failure('invalid-response'), isOfPrompt: true } as const;
  const decide = (n: number, retries = 10) =>
    decideRetry({ failure: useless, attempt: n, useless: n, retries, random: 0 }).kind;
  expect([1, 2, 3].map((n) => decide(n))).toEqual(['retry', 'retry', 'give-up']);
  expect(decide(1, 0)).toBe('give-up');
  // Failures of other kinds before it were not of its doing.
  expect(decideRetry({ failure: useless, attempt: 5, useless: 1, retries: 10, random: 0 }).kind).toBe(
    'retry',
  );
  expect(decideRetry({ failure: failure('invalid-response'), attempt: 9, retries: 10, random: 0 }).kind).toBe(
    'retry',
  );
});

it('counts a worker that was lost against its order, unless another one may have taken it along', () => {
  const lost = failure('worker-lost');
  expect([isExcused(lost, 0), isExcused({ ...lost, isOfNeighbour: true }, 0)]).toEqual([false, true]);
});
