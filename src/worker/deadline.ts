// One signal for one attempt: aborted by its deadline or by whoever cancels it.
import type { Clock } from '../core/clock.ts';

export type Deadline = Disposable & {
  readonly signal: AbortSignal;
  /** Time that somebody else takes (a lane that lets nobody in) is not the attempt's. */
  pause(): void;
  resume(): void;
};

/**
 * Not AbortSignal.timeout with AbortSignal.any: their timers and listeners live until the deadline, and at a thousand
 * short calls a second with 60 s each that is memory. Here both end with the attempt.
 */
export function startDeadline(of: {
  readonly timeoutMs: number;
  readonly cancel: AbortSignal | null;
  readonly clock: Clock;
  /** Only then is the clock read; a plain call is never paused. */
  readonly isPausable?: boolean;
}): Deadline {
  const { cancel, clock } = of;
  const controller = new AbortController();
  let leftMs = of.timeoutMs;
  let sinceMs = 0;
  let stopTimer = (): void => {};
  const arm = (): void => {
    if (of.isPausable) sinceMs = clock.monotonicMs();
    // The reason's name is the provider face's word for "the deadline passed".
    stopTimer = clock.after(leftMs, () => {
      controller.abort(new DOMException('the deadline passed', 'TimeoutError'));
    });
  };
  arm();
  const onCancel = () => controller.abort(new DOMException('cancelled', 'AbortError'));
  if (cancel?.aborted) onCancel();
  else cancel?.addEventListener('abort', onCancel, { once: true });
  return {
    signal: controller.signal,
    pause() {
      stopTimer();
      leftMs = Math.max(0, leftMs - (clock.monotonicMs() - sinceMs));
    },
    resume: arm,
    [Symbol.dispose]() {
      stopTimer();
      cancel?.removeEventListener('abort', onCancel);
    },
  };
}
