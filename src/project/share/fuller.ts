// Two states of one invocation, as entries and stores have them: which of them has more. Pure.
import type { PushedInvocation } from './entries.ts';

export type Counts = { readonly records: number; readonly scores: number; readonly lacks?: number };

/** Whether something of the one is not in the other. */
export function isMore(one: Counts, other: Counts): boolean {
  return (
    one.records > other.records ||
    one.scores > other.scores ||
    // Those that lack fewer may have as many: what was damaged, or had no body, is whole.
    (one.lacks ?? 0) < (other.lacks ?? 0)
  );
}

/** Whoever has taken `known` has nothing to take of `one`. */
export function covers(known: PushedInvocation | undefined, one: PushedInvocation): boolean {
  if (known === undefined || (known.going === true && one.going === undefined)) return false;
  return !isMore(one, known);
}

/** What both have together. */
export function fullerOf(one: PushedInvocation, other: PushedInvocation | undefined): PushedInvocation {
  if (other === undefined) return one;
  const { name } = one;
  const lacks = Math.min(one.lacks ?? 0, other.lacks ?? 0);
  return {
    ...{ name, records: Math.max(one.records, other.records), scores: Math.max(one.scores, other.scores) },
    ...(one.going && other.going ? { going: true } : {}),
    ...(lacks > 0 ? { lacks } : {}),
  };
}
