// What was taken in the last minute, and when there is room for more. Pure: time is handed in.

/** What is taken within so long is one entry: of any limit there are six thousand at the most. */
const TOGETHER_MS = 10;
/** And a tenth of a second: two calls take ways of different lengths to whoever counts them. */
const MINUTE_MS = 60_100;

/** `untilMs`: it counts until then. */
type Entry = { readonly fromMs: number; untilMs: number; amount: number };

export type Minute = {
  readyAt(nowMs: number, amount: number): number;
  take(nowMs: number, amount: number): void;
  give(amount: number, takenMs: number): void;
  /** What was taken then was used later. */
  used(takenMs: number, usedMs: number): void;
};

/** @param most of any minute; an amount beyond it wants a minute of its own */
export function makeMinute(most: number): Minute {
  let entries: Entry[] = [];
  /** Those before it are over. */
  let first = 0;
  let sum = 0;

  function forget(nowMs: number): void {
    while (first < entries.length && entries[first]!.untilMs <= nowMs) sum -= entries[first++]!.amount;
    if (first === entries.length) sum = 0;
    if (first * 2 <= entries.length) return;
    entries = entries.slice(first);
    first = 0;
  }

  /** Among those that are not over, from the newest: what is settled was taken a moment ago. */
  function entryOf(takenMs: number): Entry | null {
    for (let i = entries.length - 1; i >= first; i--) if (entries[i]!.fromMs <= takenMs) return entries[i]!;
    return null;
  }

  return {
    readyAt(nowMs, amount) {
      forget(nowMs);
      let over = sum + Math.min(amount, most) - most;
      let readyMs = nowMs;
      for (let i = first; over > 0 && i < entries.length; i++) {
        over -= entries[i]!.amount;
        readyMs = Math.max(readyMs, entries[i]!.untilMs);
      }
      return readyMs;
    },
    take(nowMs, amount) {
      sum += amount;
      const last = entries.at(-1);
      if (last !== undefined && entries.length > first && nowMs - last.fromMs < TOGETHER_MS) {
        last.amount += amount;
        last.untilMs = Math.max(last.untilMs, nowMs + MINUTE_MS);
      } else entries.push({ fromMs: nowMs, untilMs: nowMs + MINUTE_MS, amount });
    },
    give(amount, takenMs) {
      const entry = entryOf(takenMs);
      if (entry === null) return;
      entry.amount -= amount;
      sum -= amount;
    },
    used(takenMs, usedMs) {
      const entry = entryOf(takenMs);
      if (entry !== null) entry.untilMs = Math.max(entry.untilMs, usedMs + MINUTE_MS);
    },
  };
}
