// Orders that a worker holds beside those that it does: when a call ends, the next begins at once, and not after two rounds to Redis.
// Only so many as it begins within a moment: a slow one holds none, for another worker may have nothing to do.
import type { Clock } from '../core/clock.ts';

/** Two rounds to a server that is busy. */
const AHEAD_MS = 50;
/** How often the rate is taken. */
const WINDOW_MS = 500;
/** Whoever is held for longer waits for calls that hang: others may take it. */
const MOST_WAIT_MS = 1_000;

export type Turns = {
  /** Resolves with false where it does not come soon, or nothing is begun any more: the order goes back. */
  take(): Promise<boolean>;
  /** One that was taken has ended. */
  leave(): void;
  /** Nobody gets one any more. */
  close(): void;
};

/**
 * @param most at one time
 * @param hold told how many orders to hold, those under way included
 */
export function makeTurns(input: {
  readonly most: number;
  readonly hold: (orders: number) => void;
  readonly clock: Clock;
}): Turns {
  const { most, hold, clock } = input;
  const waiting = new Set<(has: boolean) => void>();
  let free = most;
  let isClosed = false;
  let ended = 0;
  let sinceMs = clock.monotonicMs();
  let holding = most;

  function holdAhead(orders: number): void {
    const now = most + Math.min(most, orders);
    if (now !== holding) hold(now);
    holding = now;
  }

  function count(): void {
    ended++;
    const passedMs = clock.monotonicMs() - sinceMs;
    if (passedMs < WINDOW_MS) return;
    holdAhead(Math.floor((ended / passedMs) * AHEAD_MS));
    ended = 0;
    sinceMs += passedMs;
  }

  return {
    take() {
      if (isClosed) return Promise.resolve(false);
      if (free > 0) {
        free--;
        return Promise.resolve(true);
      }
      return new Promise((resolve) => {
        const end = (has: boolean): void => {
          cancel();
          waiting.delete(end);
          resolve(has);
        };
        const cancel = clock.after(MOST_WAIT_MS, () => {
          holdAhead(0);
          end(false);
        });
        waiting.add(end);
      });
    },
    leave() {
      count();
      const [next] = waiting;
      if (next === undefined) free++;
      else next(true);
    },
    close() {
      isClosed = true;
      for (const one of [...waiting]) one(false);
    },
  };
}
