// Gives an order up of which nothing is heard: its worker is taken for lost.
import type { Watch } from './input.ts';
import type { Timers } from './timers.ts';

/** Beyond the limit of what it waits for an order gets this long to say so. */
export const WATCHDOG_GRACE_MS = 5_000;

/** @param timeoutMs the limit of a call of the model; what else it waits for has one of its own. */
export function makeWatch(timers: Timers, timeoutMs: number, onSilent: () => void): Watch {
  const arm = (limitMs: number): (() => void) => timers.limit(limitMs + WATCHDOG_GRACE_MS, onSilent);
  let disarm = arm(timeoutMs);
  return {
    pause: () => disarm(),
    restart(limitMs = timeoutMs) {
      disarm();
      disarm = arm(limitMs);
    },
  };
}
