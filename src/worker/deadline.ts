// One signal for one attempt: aborted by its deadline or by whoever cancels it.
import type { Clock } from '../core/clock.ts';
import { type Limit, startLimit } from '../core/limit.ts';

export type Deadline = Disposable & {
  readonly signal: AbortSignal;
  /** Time that somebody else takes (a lane that lets nobody in) is not the attempt's. */
  pause(): void;
  resume(): void;
  /** What comes now has all of the time, whatever was used before. */
  renew(): void;
};

/**
 * Not AbortSignal.timeout with AbortSignal.any: their timers and listeners live until the deadline, and at a thousand
 * short calls a second with 60 s each that is memory. Here both end with the attempt.
 */
export function startDeadline(input: {
  readonly timeoutMs: number;
  readonly cancel: AbortSignal | null;
  readonly clock: Clock;
}): Deadline {
  const { cancel, clock } = input;
  const controller = new AbortController();
  let leftMs = input.timeoutMs;
  let limit: Limit | null = null;
  const pause = (): void => {
    if (limit === null) return;
    leftMs = limit.leftMs();
    limit.cancel();
    limit = null;
  };
  const resume = (): void => {
    limit?.cancel();
    // The reason's name is the provider face's word for "the deadline passed".
    limit = startLimit(clock, leftMs, () => {
      controller.abort(new DOMException('the deadline passed', 'TimeoutError'));
    });
  };
  resume();
  const onCancel = () => controller.abort(new DOMException('cancelled', 'AbortError'));
  if (cancel?.aborted) onCancel();
  else cancel?.addEventListener('abort', onCancel, { once: true });
  return {
    signal: controller.signal,
    pause,
    resume,
    renew() {
      leftMs = input.timeoutMs;
      resume();
    },
    [Symbol.dispose]() {
      limit?.cancel();
      cancel?.removeEventListener('abort', onCancel);
    },
  };
}
