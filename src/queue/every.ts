import type { Clock } from '../core/clock.ts';

/**
 * Does something again and again, so long after it has ended the last time.
 * @param action rejects with nothing
 * @returns ends it: what has begun is not waited for
 */
export function every(clock: Clock, ms: number, action: () => Promise<unknown>): () => void {
  let isOver = false;
  let cancel = (): void => {};
  const next = (): void => {
    cancel = clock.after(ms, () => {
      void action().then(() => {
        if (!isOver) next();
      });
    });
  };
  next();
  return () => {
    isOver = true;
    cancel();
  };
}
