// Orders that were lost with their thread. Which of its orders took it along is not known: each of them is a suspect, and is
// done alone from then on, so that one which always kills its thread takes nobody along a second time.
//
//   suspect --comes again--> waits for a thread of its own --> under way --comes back--> cleared
//                                                                        --lost--> still a suspect
import type { Clock } from '../core/clock.ts';
import type { CallGate } from '../core/gate.ts';
import type { Order } from '../core/order.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Pausing } from './executor.ts';
import { cancelledOutcome, lostOutcome, type Started, startNow, within } from './lost.ts';
import type { Threads } from './threads.ts';

export type Suspects = AsyncDisposable & {
  add(order: Order): void;
  /** Asked for every order: nothing is looked up where there are none. */
  has(order: Order): boolean;
  execute(order: Order, gate: CallGate | undefined, pausing: Pausing | undefined): Promise<Outcome>;
  abandon(order: Order): void;
  /** Those that wait settle as cancelled. */
  startNothing(which: (order: Order) => boolean): void;
};

type Suspect = {
  readonly order: Order;
  readonly gate: CallGate | undefined;
  readonly pausing: Pausing | undefined;
  readonly started: Started;
  readonly resolve: (outcome: Outcome) => void;
  /** null while it waits. */
  threads: Threads | null;
};

/** @param input.openOne a set of one thread, which replaces it when it is lost */
export function makeSuspects(input: {
  readonly most: number;
  readonly openOne: () => Threads;
  readonly clock: Clock;
}): Suspects {
  const { most, openOne, clock } = input;
  const names = new Set<string>();
  const taken = new Map<Order, Suspect>();
  const open = new Set<Threads>();
  const idle: Threads[] = [];
  const ending = new Set<Promise<void>>();
  let line: Suspect[] = [];

  function end(threads: Threads): void {
    open.delete(threads);
    const ended = within(threads.destroy(), clock);
    ending.add(ended);
    void ended.then(() => ending.delete(ended));
  }

  /** @returns null: all are at work */
  function free(): Threads | null {
    const found = idle.pop();
    if (found !== undefined || open.size >= most) return found ?? null;
    const opened = openOne();
    open.add(opened);
    return opened;
  }

  function begin(suspect: Suspect, threads: Threads): void {
    suspect.threads = threads;
    threads.run(suspect.order, suspect.gate).then(
      (outcome) => {
        if (taken.has(suspect.order)) names.delete(nameOf(suspect.order));
        settle(suspect, outcome);
      },
      (why) => settle(suspect, lostOutcome({ started: suspect.started, clock, why })),
    );
  }

  /** Only the first word counts. */
  function settle(suspect: Suspect, outcome: Outcome): void {
    if (!taken.delete(suspect.order)) return;
    suspect.resolve(outcome);
    if (suspect.threads === null) line = line.filter((one) => one !== suspect);
    else if (open.has(suspect.threads)) idle.push(suspect.threads);
    goOn();
  }

  function goOn(): void {
    while (line.length > 0) {
      const threads = free();
      if (threads === null) return;
      const next = line.shift()!;
      next.pausing?.goesOn();
      begin(next, threads);
    }
    if (names.size > 0 || taken.size > 0) return;
    for (const threads of idle.splice(0)) end(threads);
  }

  const cancel = (suspect: Suspect): void =>
    settle(suspect, cancelledOutcome({ started: suspect.started, clock }));

  return {
    add: (order) => names.add(nameOf(order)),
    has: (order) => names.size > 0 && names.has(nameOf(order)),
    execute(order, gate, pausing = gate) {
      return new Promise((resolve) => {
        const started = startNow(clock);
        const suspect: Suspect = { order, gate, pausing, started, resolve, threads: null };
        taken.set(order, suspect);
        const threads = line.length === 0 ? free() : null;
        if (threads !== null) {
          begin(suspect, threads);
          return;
        }
        // It may be long until it is its turn: that is no silence of its own.
        pausing?.waits();
        line.push(suspect);
      });
    },
    abandon(order) {
      const suspect = taken.get(order);
      if (!suspect) return;
      if (suspect.threads) end(suspect.threads);
      const why = 'it did not answer in time and was given up';
      settle(suspect, lostOutcome({ started: suspect.started, clock, why }));
    },
    startNothing(which) {
      for (const suspect of [...line]) if (which(suspect.order)) cancel(suspect);
    },
    async [Symbol.asyncDispose]() {
      // Those that wait first: a thread that becomes free must not begin one.
      for (const suspect of [...line, ...taken.values()]) cancel(suspect);
      for (const threads of [...open]) end(threads);
      await Promise.all(ending);
    },
  };
}

/** The next attempt is another order of the same task. */
function nameOf({ key, cell }: Order): string {
  return JSON.stringify([key, cell.variant, cell.scenario, cell.run]);
}
