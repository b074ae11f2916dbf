// The retry policy: a pure function from a failure to what happens next. The adapter has classified; this decides.
import type { Failure, FailureKind } from '../../core/outcome.ts';
import { unreachable } from '../../core/result.ts';
import { PATIENCE_MS } from './claims.ts';

export type RetryDecision =
  | { readonly kind: 'retry'; readonly delayMs: number; readonly nextAttempt: number }
  | { readonly kind: 'give-up'; readonly why: string }
  /** Nothing will succeed on this account: its tasks are left. */
  | { readonly kind: 'halt'; readonly why: string };

export type RetryInput = {
  readonly failure: Failure;
  /** Number of the attempt that failed, from 1; attempts that are excused are not counted. */
  readonly attempt: number;
  /** Of all attempts, the excused ones too: the wait grows with them. */
  readonly tries?: number;
  /** Answers of this task that were none, this one counted: each was paid for. */
  readonly useless?: number;
  /** Retries allowed after the first attempt. */
  readonly retries: number;
  /** Uniform in [0, 1). */
  readonly random: number;
  /** Of a refusal: what it ends; the whole account where this is missing. */
  readonly ends?: 'cell' | 'again' | 'arm' | 'lane' | null;
};

/** The same prompt may do better once or twice; a third answer of no use says what a fourth would be. */
const MOST_USELESS = 2;
/** First wait at most this long; doubled each time. */
const BASE_MS = 500;
const CAP_MS = 30_000;
/** Above what a provider asks for, spread over this share of it: callers that were sent the same second must not come at once. */
const RETRY_AFTER_SPREAD = 0.25;

export function decideRetry(input: RetryInput): RetryDecision {
  const { failure, attempt, retries, random, tries = attempt, useless = 1, ends = null } = input;
  // No wait makes a host out of a slip of the pen.
  const usual = failure.isNobodyThere === 'host' && ends === 'lane' ? 'halt' : fateOf(failure.kind);
  if (usual === 'halt' && ends === 'cell') return { kind: 'give-up', why: 'only this cell is refused' };
  const fate = usual === 'halt' && ends === 'again' ? 'retry' : usual;
  if (fate === 'halt') return { kind: 'halt', why: failure.message };
  if (fate === 'final') return { kind: 'give-up', why: `${failure.kind} is not retried` };
  if (failure.isOfPrompt && useless > (failure.isUnread === 'once' ? 1 : MOST_USELESS))
    return { kind: 'give-up', why: `${useless} answers of no use` };
  if (attempt > retries) return { kind: 'give-up', why: `${attempt} attempts made` };
  return { kind: 'retry', delayMs: delayOf({ failure, attempt: tries, random }), nextAttempt: tries + 1 };
}

/** Refusals for the account's limits that one task may meet beside its retries. */
const MOST_REFUSALS = 16;

/**
 * "Too much at once" says nothing of the task and costs nothing: it uses up none of the task's retries, for a while. An
 * account that refuses for ever is given up by its lane.
 */
export function isExcused(failure: Failure, excused: number): boolean {
  // Its server is waited for, or given up with its lane.
  if (failure.isNobodyThere === 'server' || failure.isNobodyThere === 'lookup') return true;
  // It is alone the next time.
  if (failure.isOfNeighbour) return true;
  return failure.kind === 'rate-limited' && excused < MOST_REFUSALS;
}

/** Whether another attempt of this task, or of any task on this account, can do better. */
export function fateOf(kind: FailureKind): 'retry' | 'final' | 'halt' {
  switch (kind) {
    case 'rate-limited':
    case 'overloaded':
    case 'timeout':
    case 'network':
    case 'worker-lost':
    case 'invalid-response':
    case 'code-temporary':
    case 'code-timeout':
    case 'broken-output':
      return 'retry';
    case 'bad-request':
    case 'context-exceeded':
    case 'internal':
    case 'code-failed':
    case 'nothing-recorded':
    case 'score-failed':
    case 'inputs-changed':
    case 'undeclared-input':
    // It was given up by us: nothing that fails by itself is of this kind.
    case 'cancelled':
      return 'final';
    case 'unauthorized':
    case 'quota-exhausted':
      return 'halt';
    default:
      return unreachable(kind);
  }
}

/**
 * Exponential backoff with full jitter, never less than the provider asked for.
 * Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
function delayOf(input: {
  readonly failure: Failure;
  readonly attempt: number;
  readonly random: number;
}): number {
  const asked = input.failure.retryAfterMs;
  // When its account may be asked again is its lane's to know. The refused task itself is not sent before the moment that it was
  // told; where that is far off, its lane finds out whether it is meant.
  if (input.failure.kind === 'rate-limited') return asked !== null && asked <= PATIENCE_MS ? asked : 0;
  const backoff = input.random * Math.min(CAP_MS, BASE_MS * 2 ** (input.attempt - 1));
  if (asked === null) return Math.round(backoff);
  return Math.round(Math.max(asked * (1 + input.random * RETRY_AFTER_SPREAD), backoff));
}
