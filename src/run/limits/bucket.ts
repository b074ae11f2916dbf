// A limit of a minute that the manifest declares: filled evenly, and no more than it in any minute. Pure: time is handed in.
import { makeMinute } from './minute.ts';

export type Bucket = {
  /** When this amount may be taken; now or earlier = at once. */
  readyAt(nowMs: number, amount: number): number;
  take(nowMs: number, amount: number): void;
  /**
   * Gives back what was reserved and not used; negative: takes what was used beyond.
   * @param takenMs when it was taken
   */
  give(amount: number, takenMs: number): void;
  /** The call that it was taken for began later: on another machine, or when its client had loaded. */
  used(takenMs: number, usedMs: number): void;
};

const MINUTE_MS = 60_000;
/**
 * A burst of 0.8 seconds, not of a minute: accounts enforce a limit per minute in slices of about a second, and two
 * clocks and a network stand between our bucket and theirs. What is held back is their head start: with the whole second
 * each call that arrives a few milliseconds early would be refused.
 */
const BURST_SHARE = 0.8 / 60;

/** It may go into debt by one call that is larger than it can ever hold. */
export function makeBucket(perMinute: number): Bucket {
  const perMs = perMinute / MINUTE_MS;
  const capacity = Math.max(1, perMinute * BURST_SHARE);
  /** The burst counts as well: a minute that begins with one has no more than another. */
  const minute = makeMinute(perMinute);
  let level = capacity;
  let atMs: number | null = null;
  const fill = (nowMs: number): void => {
    if (atMs !== null) level = Math.min(capacity, level + (nowMs - atMs) * perMs);
    atMs = nowMs;
  };
  return {
    readyAt(nowMs, amount) {
      fill(nowMs);
      const missing = Math.min(amount, capacity) - level;
      const filledMs = missing <= 0 ? nowMs : nowMs + missing / perMs;
      return Math.max(filledMs, minute.readyAt(nowMs, amount));
    },
    take(nowMs, amount) {
      fill(nowMs);
      level -= amount;
      minute.take(nowMs, amount);
    },
    give(amount, takenMs) {
      level = Math.min(capacity, level + amount);
      minute.give(amount, takenMs);
    },
    used: minute.used,
  };
}
