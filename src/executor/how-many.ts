// How many threads own code has. A thread costs its start (a tenth of a second of a processor, some twenty megabytes), so
// another one is opened where what waits would wait longer than that, and not before. Pure, but for the clock it is given.
import type { Clock } from '../core/clock.ts';
import type { Order } from '../core/order.ts';

export type HowMany = {
  readonly threads: number;
  /** Orders that no thread has taken on. */
  readonly waiting: number;
  /** What one takes; null = nobody can tell yet. */
  readonly orderMs: number | null;
  /** What a thread takes until it is at work: on a busy machine longer, as orders do. */
  readonly startMs: number;
  readonly processors: number;
  readonly most: number;
  /** Of their time, which share threads are at work: 0..1. */
  readonly atWork: number;
};

/** While it starts it takes a processor from those that work, and what is seen of a loaded machine swings: it has to be worth more. */
const WORTH = 3;
export function opensAnother(input: HowMany): boolean {
  const { threads, waiting, orderMs, startMs, processors, most, atWork } = input;
  if (threads >= most) return false;
  // An order that waits here may see its files edited before it has begun: few at one time never wait.
  if (threads < processors) return true;
  if (orderMs === null) return false;
  // More than that would wait for a processor.
  if (threads * atWork >= processors) return false;
  return (waiting * orderMs) / threads > WORTH * startMs;
}

/** How long orders take, those that ended lately and those that are under way, and how long a thread takes to start. */
export type Pace = {
  /** @param startMs of the thread, where this is its first: nothing of it is warm yet */
  begins(order: Order, startMs?: number): void;
  ends(order: Order): void;
  orderMs(): number | null;
  startMs(): number;
};

/** The newest one's share in a mean. */
const NEWEST = 0.2;
/** What the first order of a thread takes longer than the next. */
const COLD_MS = 100;
/** Until one has. */
const USUAL_START_MS = 150;

export function makePace(clock: Clock): Pace {
  const under = new Map<Order, number>();
  let meanMs: number | null = null;
  let meanStartMs: number | null = null;
  const mixed = (mean: number | null, ms: number): number =>
    mean === null ? ms : mean + (ms - mean) * NEWEST;
  return {
    begins(order, startMs) {
      if (under.has(order)) return;
      under.set(order, clock.monotonicMs() + (startMs === undefined ? 0 : COLD_MS));
      if (startMs !== undefined) meanStartMs = mixed(meanStartMs, startMs);
    },
    ends(order) {
      const tookMs = clock.monotonicMs() - (under.get(order) ?? Number.POSITIVE_INFINITY);
      under.delete(order);
      if (tookMs >= 0) meanMs = mixed(meanMs, tookMs);
    },
    orderMs() {
      const nowMs = clock.monotonicMs();
      // The median: one that hangs says nothing of the others.
      const soFar = [...under.values()].map((since) => nowMs - since).sort((a, b) => a - b);
      const usual = soFar.at(Math.floor(soFar.length / 2)) ?? Number.NEGATIVE_INFINITY;
      if (usual > (meanMs ?? 0)) return usual;
      return meanMs;
    },
    startMs: () => meanStartMs ?? USUAL_START_MS,
  };
}
