// One step of work with files, which ends: a share that is gone holds every call on it, and no signal frees it.
import type { Clock } from '../core/clock.ts';
import { RemoteError } from './remote.ts';

/** `afterwards`: what is done with a result that came when nobody waited any more. */
export type Step = <T>(work: Promise<T>, afterwards?: (late: T) => unknown) => Promise<T>;

export function makeStep(input: {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly shown: string;
  readonly signal: AbortSignal;
}): Step {
  const { clock, timeoutMs, shown, signal } = input;
  return (work, afterwards) =>
    new Promise((resolve, reject) => {
      let isLeft = false;
      const leave = (reason: unknown) => {
        isLeft = true;
        done();
        reject(reason);
      };
      const abort = () => leave(signal.reason);
      const message = `${shown}: no answer in ${timeoutMs / 1000} s`;
      const cancel = clock.after(timeoutMs, () => leave(new RemoteError({ kind: 'timeout', message })));
      const done = () => {
        cancel();
        signal.removeEventListener('abort', abort);
      };
      signal.addEventListener('abort', abort, { once: true });
      work.then(
        (result) => {
          if (isLeft) return void afterwards?.(result);
          done();
          resolve(result);
        },
        (cause: unknown) => {
          if (isLeft) return;
          done();
          reject(cause);
        },
      );
      if (signal.aborted && !isLeft) abort();
    });
}
