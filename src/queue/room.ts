// Calls that an earlier run had begun, and that nobody here has asked for, go on: as long as they last they are calls of their
// account, and what it is declared to take at one time holds for them and for what is begun now together.
import type { Leftovers } from './leftovers.ts';

/** Looks that find nothing of a call before it is taken for lost. */
const MOST_MISSING = 3;

export type Room<One> = {
  /** Adds it, at once or when there is room. */
  put(one: One): void;
  /** Adds what there is room for by now. @param isThere whether such a call still has a job or a worker */
  look(isThere?: (id: string) => boolean): void;
  /** Whether it is waiting for room. */
  has(one: One): boolean;
  /** It waits no more. */
  drop(one: One): void;
};

export function makeRoom<One extends { readonly queue: string }>(input: {
  readonly lefts: Pick<Leftovers, 'calling' | 'quiet'>;
  /** Calls at one time, as declared; null = nobody has. */
  readonly placesOf: (queue: string) => number | null;
  /** Those that are not over, of all queues. */
  readonly all: () => Iterable<One>;
  readonly add: (one: One) => void;
}): Room<One> {
  const { lefts, placesOf, add } = input;
  const held = new Set<One>();
  /** Looks in a row that found nothing of a call. */
  const missing = new Map<string, number>();

  /** How many more may be added now. */
  function freeIn(queue: string): number {
    const others = lefts.calling(queue).size;
    const places = others === 0 ? null : placesOf(queue);
    if (places === null) return Number.POSITIVE_INFINITY;
    let going = others;
    for (const one of input.all()) if (one.queue === queue && !held.has(one)) going++;
    return places - going;
  }

  function missed(isThere: (id: string) => boolean): void {
    for (const queue of new Set([...held].map((one) => one.queue)))
      for (const id of [...lefts.calling(queue)]) {
        const count = isThere(id) ? 0 : (missing.get(id) ?? 0) + 1;
        missing.set(id, count);
        if (count >= MOST_MISSING) lefts.quiet(id);
      }
  }

  function look(isThere?: (id: string) => boolean): void {
    if (held.size === 0) return;
    if (isThere !== undefined) missed(isThere);
    const free = new Map<string, number>();
    for (const one of held) {
      const left = free.get(one.queue) ?? freeIn(one.queue);
      free.set(one.queue, left - 1);
      if (left <= 0) continue;
      held.delete(one);
      add(one);
    }
  }

  return {
    put(one) {
      if (lefts.calling(one.queue).size === 0) {
        add(one);
        return;
      }
      held.add(one);
      look();
    },
    look,
    has: (one) => held.has(one),
    drop: (one) => void held.delete(one),
  };
}
