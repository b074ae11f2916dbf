// How long a finished run waits for its last traces. A run must not be felt to be traced: it waits as long as traces go out
// briskly, and otherwise a fiftieth of its own time. Pure.
import type { LinkState } from '../../tracing/upload/link.ts';

export type Waiting = {
  /** Traces whose fate is not known. */
  readonly left: number;
  readonly state: LinkState;
  /** Something was wrong with the last answer. */
  readonly isTroubled: boolean;
  readonly waitedMs: number;
  /** Since the uploader last said something, or since the waiting began. */
  readonly sinceNewsMs: number;
  /** How long the run took. */
  readonly runMs: number;
  /** What the user allowed (--langsmith-flush); null = nothing was said. */
  readonly limitMs: number | null;
};

/** A service that answers at this pace has the rest in no time. */
const BRISK_MS = 100;
const MOST_MS = 5_000;
const UNFELT = 0.02;

export function worthWaiting(input: Waiting): boolean {
  if (input.left <= 0 || input.state === 'stopped') return false;
  if (input.limitMs !== null) return input.waitedMs < input.limitMs;
  if (input.state === 'down' || input.isTroubled || input.waitedMs >= MOST_MS) return false;
  return input.sinceNewsMs < Math.max(BRISK_MS, input.runMs * UNFELT);
}
