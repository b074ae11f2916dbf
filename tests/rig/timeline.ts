// What happens later, in the order of its time; of the same moment, in the order in which it was said. A binary heap.

export type Happening = { readonly atMs: number; readonly act: () => void };

export type Timeline = {
  add(atMs: number, act: () => void): void;
  /** null = nothing more happens. */
  next(): Happening | null;
};

export function makeTimeline(): Timeline {
  const heap: (Happening & { readonly seq: number })[] = [];
  let seq = 0;
  const isBefore = (a: number, b: number): boolean => {
    const [one, two] = [heap[a]!, heap[b]!];
    return one.atMs < two.atMs || (one.atMs === two.atMs && one.seq < two.seq);
  };
  const swap = (a: number, b: number): void => {
    const kept = heap[a]!;
    heap[a] = heap[b]!;
    heap[b] = kept;
  };
  return {
    add(atMs, act) {
      heap.push({ atMs, act, seq: seq++ });
      for (let at = heap.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1;
        if (!isBefore(at, parent)) break;
        swap(at, parent);
        at = parent;
      }
    },
    next() {
      const first = heap[0];
      if (first === undefined) return null;
      const last = heap.pop()!;
      if (heap.length === 0) return first;
      heap[0] = last;
      for (let at = 0; ; ) {
        const left = 2 * at + 1;
        let least = at;
        if (left < heap.length && isBefore(left, least)) least = left;
        if (left + 1 < heap.length && isBefore(left + 1, least)) least = left + 1;
        if (least === at) break;
        swap(at, least);
        at = least;
      }
      return first;
    },
  };
}
