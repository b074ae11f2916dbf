// How an attempt of own code ends that has no answer to give: in which words, and whether another one may do better.
import type { Clock } from '../../core/clock.ts';
import type { Order } from '../../core/order.ts';
import type { Failure, Turn } from '../../core/outcome.ts';
import { thrownSentence } from '../../core/thrown.ts';
import type { ClientAnswer } from '../../providers/provider.ts';
import { meaningOfThrown } from '../../providers/thrown-failure.ts';
import type { Attempted } from '../attempt.ts';
import type { Wrong } from '../programs/program-result.ts';
import { linksOf } from './thrown-links.ts';

export const CODE_FAILED: Failure = { kind: 'code-failed', status: null, message: '', retryAfterMs: null };

export function failed(failure: Failure): Attempted {
  return { answer: { kind: 'failure', failure, requestId: null, limits: null }, turns: null };
}

/** An error of a client of models means what it says; any other is a mistake that another attempt would make again. */
export function failureOf(error: unknown, input: { readonly file: string; readonly clock: Clock }): Failure {
  const meaning = meaningOfThrown(linksOf(error), input.clock.now().getTime());
  return { ...CODE_FAILED, ...meaning, message: `${input.file}: ${thrownSentence(error)}`, isOfCode: true };
}

/** Its own result is no matter of chance: another attempt would tell the same. */
export function wrongTold({ kind, message }: Wrong, file: string): Failure {
  return {
    ...CODE_FAILED,
    kind: kind === 'nothing-recorded' ? kind : 'code-failed',
    message: `${file}: ${message}`,
  };
}

export function endedBadly(input: {
  readonly ended:
    | { readonly kind: 'timeout' }
    | { readonly kind: 'cancelled' }
    | { readonly kind: 'stray'; readonly error: unknown }
    | { readonly kind: 'exit'; readonly code: unknown };
  readonly file: string;
  readonly order: Order;
  readonly clock: Clock;
  readonly turns: readonly Turn[];
}): Attempted {
  const { ended, file, order, clock } = input;
  const answer = ((): ClientAnswer => {
    if (ended.kind === 'cancelled') return { kind: 'cancelled' };
    if (ended.kind === 'stray') {
      const failure = failureOf(ended.error, { file, clock });
      return { ...failed({ ...failure, message: `outside of run, ${failure.message}` }).answer };
    }
    if (ended.kind === 'exit') {
      const message = `${file} ended its thread: process.exit(${String(ended.code ?? '').slice(0, 20)})`;
      return failed({ ...CODE_FAILED, kind: 'worker-lost', message, isOfCode: true }).answer;
    }
    const message = `${file} was not done in ${order.timeoutMs / 1000} s (execution.timeout)`;
    return { ...failed({ ...CODE_FAILED, kind: 'code-timeout', message }).answer };
  })();
  return { answer, turns: null };
}
