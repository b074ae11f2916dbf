// Orders done in worker threads, which are replaced when one of them may be stuck.
//
//   a generation is one set of threads:
//   current --abandon--> retired --its orders settled, or their deadlines passed--> ended
//
// What was lost with a thread is done alone when it comes again (suspects.ts).
import { startLimit } from '../core/limit.ts';
import type { Order } from '../core/order.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Executor } from './executor.ts';
import { cancelledOutcome, lostOutcome, type Started, startNow, within } from './lost.ts';
import { makeSuspects } from './suspects.ts';
import { openThreads, type Threads, type ThreadsSettings } from './threads.ts';

export type PoolSettings = ThreadsSettings & {
  /** Orders in flight at once, over all threads. */
  readonly capacity: number;
};

/** For orders that are done alone: one of them may be stuck until its watchdog comes. */
const LEAST_ALONE = 2;
/** After the deadlines of its last orders a retired generation is ended even if they have not settled. */
const RETIRED_GRACE_MS = 10_000;

type Flight = {
  readonly order: Order;
  readonly started: Started;
  readonly generation: Generation;
  readonly settle: (outcome: Outcome) => void;
  /** It may make many calls, each with time of its own; the loop follows them and gives it up when it is silent. */
  readonly isFollowed: boolean;
};

type Generation = {
  readonly threads: Threads;
  readonly flights: Set<Flight>;
  state: 'current' | 'retired' | 'ended';
  stopTimer: () => void;
};

/** `activeMs`: for how long its threads have been at work, all together. */
export type PoolExecutor = Executor & { readonly activeMs: () => number };

export function makePoolExecutor(settings: PoolSettings): PoolExecutor {
  const { clock } = settings;
  const flights = new Map<Order, Flight>();
  const open = new Set<Generation>();
  const ending = new Set<Promise<void>>();
  const suspects = makeSuspects({
    most: Math.max(LEAST_ALONE, settings.workers),
    openOne: () => openThreads({ ...settings, workers: 1, spare: null }),
    clock,
  });
  let disposed = false;
  // The threads load while the caller still plans: the first order finds them ready.
  let current: Generation | null = openGeneration();

  function openGeneration(): Generation {
    const threads = openThreads(settings);
    const generation: Generation = { threads, flights: new Set(), state: 'current', stopTimer: () => {} };
    open.add(generation);
    return generation;
  }

  /** The next order opens another generation: there may be none. */
  function retire(generation: Generation): void {
    if (generation.state !== 'current') return;
    generation.state = 'retired';
    if (current === generation) current = null;
    if (generation.flights.size === 0) {
      end(generation);
      return;
    }
    const waits = [...generation.flights].map(({ order }) => order.timeoutMs);
    const endWhenOver = (): void => {
      const limitMs = Math.max(0, ...waits) + RETIRED_GRACE_MS;
      generation.stopTimer = startLimit(clock, limitMs, () => {
        if ([...generation.flights].some(({ isFollowed }) => isFollowed)) endWhenOver();
        else end(generation);
      }).cancel;
    };
    endWhenOver();
  }

  function end(generation: Generation): void {
    if (generation.state === 'ended') return;
    generation.state = 'ended';
    generation.stopTimer();
    open.delete(generation);
    const ended = within(generation.threads.destroy(), clock);
    ending.add(ended);
    void ended.then(() => ending.delete(ended));
  }

  function lose(flight: Flight, why: unknown): void {
    const { order, started, generation, settle } = flight;
    // It was settled, and its next attempt may have cleared it.
    if (!generation.flights.has(flight)) return;
    suspects.add(order);
    settle(lostOutcome({ started, clock, why }));
  }

  return {
    capacity: settings.capacity,
    activeMs: () => current?.threads.activeMs() ?? 0,
    execute(order, gate, pausing) {
      const started = startNow(clock);
      if (disposed) return Promise.resolve(cancelledOutcome({ started, clock }));
      if (suspects.has(order)) return suspects.execute(order, gate, pausing).then(shareText);
      current ??= openGeneration();
      const generation = current;
      return new Promise((resolve) => {
        const settle = (outcome: Outcome) => {
          // Only the first word counts: an abandoned order's may come after it was settled as lost.
          if (!generation.flights.delete(flight)) return;
          flights.delete(order);
          resolve(outcome);
          if (generation.state === 'retired' && generation.flights.size === 0) end(generation);
        };
        const flight: Flight = { order, started, generation, settle, isFollowed: gate !== undefined };
        generation.flights.add(flight);
        flights.set(order, flight);
        generation.threads.run(order, gate).then(
          (outcome) => settle(shareText(outcome)),
          (error) => lose(flight, error),
        );
      });
    },
    abandon(order) {
      const flight = flights.get(order);
      if (!flight) {
        suspects.abandon(order);
        return;
      }
      retire(flight.generation);
      lose(flight, 'it did not answer in time and was given up');
    },
    startNothing: (which = () => true) => suspects.startNothing(which),
    async [Symbol.asyncDispose]() {
      disposed = true;
      for (const flight of [...flights.values()]) {
        flight.settle(cancelledOutcome({ started: flight.started, clock }));
      }
      for (const generation of [...open]) end(generation);
      await Promise.all([...ending, suspects[Symbol.asyncDispose]()]);
    },
  };
}

/**
 * An answer's text stands in its completion twice, as text and as the message; crossing a thread makes two strings of
 * it. One is enough: of thirty-two answers of 50 MB that is 1.6 GB.
 */
export function shareText(outcome: Outcome): Outcome {
  if (outcome.kind !== 'success') return outcome;
  const { text, messages } = outcome.completion;
  const shared = messages.map((message) =>
    message.content === text ? { ...message, content: text } : message,
  );
  return { ...outcome, completion: { ...outcome.completion, messages: shared } };
}
