// A time limit that is fair: it counts time in which this process ran. A process that was stopped (SIGSTOP, a suspended
// laptop, a frozen container) finds its timers due and its sockets full; what had arrived meanwhile is read first.
//
//   counting, a second at a time --all used up--> a last turn of the event loop --> over
//      ^                            |
//      '-- one more second, once, where the last one was slept through
import type { Clock } from './clock.ts';

export type Limit = {
  readonly cancel: () => void;
  /** Milliseconds that are left. */
  readonly leftMs: () => number;
};

/** Counted in pieces of this length: no more than one piece is charged for a standstill. */
const PIECE_MS = 1_000;
/** A piece that took this much longer was slept through. Busy event loops are late by less. */
const ASLEEP_MS = 500;

export function startLimit(clock: Clock, ms: number, onOver: () => void): Limit {
  let leftMs = Math.max(0, ms);
  let sinceMs = 0;
  let pieceMs = 0;
  let isForgiven = false;
  let cancel = (): void => {};

  function count(): void {
    pieceMs = Math.min(leftMs, PIECE_MS);
    sinceMs = clock.monotonicMs();
    cancel = clock.after(pieceMs, counted);
  }

  function counted(): void {
    const tookMs = clock.monotonicMs() - sinceMs;
    const wasAsleep = tookMs > pieceMs + ASLEEP_MS;
    leftMs = Math.max(0, leftMs - (wasAsleep ? pieceMs : Math.max(tookMs, pieceMs)));
    if (leftMs === 0 && wasAsleep && !isForgiven) {
      isForgiven = true;
      leftMs = PIECE_MS;
    }
    if (leftMs > 0) {
      count();
      return;
    }
    // Timers may be served before sockets: what arrived in the same moment counts.
    pieceMs = 0;
    cancel = clock.after(0, onOver);
  }

  count();
  return {
    cancel: () => cancel(),
    leftMs: () => Math.max(0, leftMs - Math.min(pieceMs, clock.monotonicMs() - sinceMs)),
  };
}
