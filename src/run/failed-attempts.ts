// What follows a failed attempt: whether it is tried again, and whether its arm or its lane is asked anything more.
import { armOf } from '../core/input-moments.ts';
import type { Order } from '../core/order.ts';
import type { Failure } from '../core/outcome.ts';
import { entryOf } from '../core/providers/table.ts';
import type { Arms } from './arms.ts';
import type { Awaited } from './awaited.ts';
import type { Closing } from './closed-lanes.ts';
import type { Flight, RunInput } from './input.ts';
import { isRefusal, type Refusals } from './limits/refusals.ts';
import { decideRetry, isExcused, type RetryDecision } from './limits/retry.ts';
import { refusalSentence, refusedOf } from './loop-events.ts';

export type FailedAttempts = {
  /** `endOthers`: to be called when the failure was reported: all that would be refused alike is not begun. */
  decide(
    flight: Flight,
    failure: Failure,
  ): { readonly decision: RetryDecision; readonly endOthers: () => void };
};

export function makeFailedAttempts(loop: {
  readonly input: Pick<RunInput, 'retries' | 'random' | 'writtenAt'>;
  readonly awaited: Awaited;
  readonly refusals: Refusals;
  readonly arms: Arms;
  readonly closing: Closing;
}): FailedAttempts {
  const { input } = loop;
  return {
    decide({ job, order, ticket }, failure) {
      const { lane, provider } = job.context;
      if (failure.isOfPrompt) job.useless++;
      // A fresh task that finds out whether a failing provider is back pays with none of its own retries.
      const isFirstProbe = ticket?.isProbe === true && order.attempt === 1;
      if (isFirstProbe || isExcused(failure, job.excused)) job.excused++;
      const url = job.context.address ?? order.endpoint.baseUrl;
      const writtenAt = url !== null && failure.isNobodyThere ? (input.writtenAt?.(url) ?? null) : null;
      const usualUrl = entryOf(order.endpoint.type).defaults.baseUrl;
      const asked = { url, usualUrl, writtenAt };
      loop.awaited.failed(lane, { failure, provider, ...asked });
      const { key: cell, scenario: prompt } = job.task;
      const arm = armOf(order);
      const ends = isRefusal(failure) ? loop.refusals.refused({ lane, arm, cell, prompt, failure }) : null;
      const usual = decideRetry({
        failure,
        ends,
        attempt: order.attempt - job.excused,
        tries: order.attempt,
        useless: job.useless,
        retries: input.retries,
        random: input.random(),
      });
      const decision = inBatch(order, usual);
      const endOthers = (): void => {
        if (ends !== 'lane' && ends !== 'arm') return;
        const { model } = order.request;
        const why = refusalSentence(job.context, { failure, model, ends, ...asked });
        if (ends === 'lane') loop.closing.giveUp(lane, why);
        else loop.arms.end(order, { why, refused: refusedOf(failure) });
      };
      return { decision, endOthers };
    },
  };
}

/** The next batch waits for nobody: all that failed in one go together into the next. What is not to be sent anew ends here. */
function inBatch({ batch }: Pick<Order, 'batch'>, usual: RetryDecision): RetryDecision {
  if (batch === undefined || usual.kind !== 'retry') return usual;
  if (batch.only !== undefined) return { kind: 'give-up', why: 'it is not sent again in a batch' };
  return { ...usual, delayMs: 0 };
}
