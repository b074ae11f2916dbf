// Requests counted in windows of time: what gateways do that keep a counter and no bucket. Time is handed in.
import type { Bucket } from './bucket.ts';

/** `fixed`: the count begins anew each `ms` of the clock; `sliding`: what was taken in the last `ms` counts. */
export function makeWindow(
  kind: 'fixed' | 'sliding',
  { limit, ms }: { readonly limit: number; readonly ms: number },
): Bucket {
  /** When each was taken, the oldest first; those before `first` count no more. */
  let taken: number[] = [];
  let first = 0;
  const endOf = (takenMs: number): number =>
    (kind === 'sliding' ? takenMs : Math.floor(takenMs / ms) * ms) + ms;
  return {
    limit,
    take(nowMs, amount = 1) {
      while (first < taken.length && endOf(taken[first]!) <= nowMs) first++;
      if (first > limit) {
        taken = taken.slice(first);
        first = 0;
      }
      const wanted = Math.min(amount, limit);
      const over = taken.length - first + wanted - limit;
      const isTaken = over <= 0;
      if (isTaken) for (let i = 0; i < wanted; i++) taken.push(nowMs);
      const leavesAt = isTaken ? nowMs : endOf(taken[first + over - 1]!);
      return {
        isTaken,
        waitMs: Math.ceil(leavesAt - nowMs),
        left: limit - (taken.length - first),
        fullInMs: taken.length === first ? 0 : Math.ceil(endOf(taken.at(-1)!) - nowMs),
      };
    },
  };
}
