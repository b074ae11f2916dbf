// Orders of own code: each has a thread to itself while it is done, so that a module which hangs, exits or throws from
// nowhere takes nobody along. A thread that ended badly is not used again. A variant that says `in_flight` shares: several
// of its orders are done in one thread side by side, until one of them takes a thread along.
//
//   an order: placed --> begun --> ended well: its thread takes the next | badly: its thread takes none, and ends with its last
//        nowhere to go --> waits for a thread that is free, or for one more (how-many.ts)
import type { Clock } from '../core/clock.ts';
import type { CallGate } from '../core/gate.ts';
import { armOf, type Witness } from '../core/input-moments.ts';
import type { Order } from '../core/order.ts';
import type { Outcome } from '../core/outcome.ts';
import { makeAtWork, type Worked } from './at-work.ts';
import type { Executor } from './executor.ts';
import { makePace, opensAnother } from './how-many.ts';
import { cancelledOutcome, lostOutcome, ofNeighbour, type Started, startNow } from './lost.ts';

/** While somebody waits. */
const LOOK_MS = 50;

export function makeApartExecutor(input: {
  readonly capacity: number;
  /** At one time; further orders wait. */
  readonly threads: number;
  /** An executor of one thread, for any number of orders. @param others threads that there are */
  readonly makeOne: (others: number) => Executor & Worked;
  readonly witness: Witness;
  readonly clock: Clock;
  readonly processors: number;
}): Executor {
  const { witness, clock, processors } = input;
  const open = new Set<Thread>();
  /** The newest last: it is the next that is taken. */
  const idle: Thread[] = [];
  const placed = new Map<Order, Thread>();
  const ending = new Set<Promise<void>>();
  /** Arms that took a thread along: each of their orders has one to itself. */
  const alone = new Set<string>();
  let waiting: Waiting[] = [];
  let looks: (() => void) | null = null;
  const pace = makePace(clock);
  const atWork = makeAtWork(clock);

  /** @returns where it is done now; null = it has to wait */
  function place(order: Order, others: number): Thread | null {
    const arm = armOf(order);
    const most = alone.has(arm) ? 1 : sharesOf(order);
    const beside = most > 1 ? leastBusy(order, most) : undefined;
    const thread =
      beside && !isSpread(beside, others) ? beside : (takeIdle(order) ?? oneMore(others, beside));
    if (thread === undefined) return null;
    thread.arm = arm;
    thread.orders.set(order, () => {});
    placed.set(order, thread);
    return thread;
  }

  /** Those that share a processor wait for each other: there are as many threads as processors where that is worth it. */
  function isSpread(beside: Thread, others: number): boolean {
    return open.size < processors && opensOne(others + beside.orders.size);
  }

  function oneMore(others: number, beside: Thread | undefined): Thread | undefined {
    return beside || opensOne(others + 1) ? openOne() : undefined;
  }

  function opensOne(waits: number): boolean {
    const threads = open.size;
    return opensAnother({
      ...{ threads, waiting: waits, processors, most: input.threads, atWork: atWork.share() },
      ...{ orderMs: pace.orderMs(), startMs: pace.startMs() },
    });
  }

  function openOne(): Thread {
    const thread: Thread = {
      ...{ executor: input.makeOne(open.size), since: witness.now(), openedMs: clock.monotonicMs() },
      ...{ orders: new Map(), arm: null, hasAnswered: false, isSpoilt: false, wasShared: false },
    };
    open.add(thread);
    return thread;
  }

  /** A module is loaded once a thread: one that may hold what a file was in between is not gone on with. */
  function isSound(thread: Thread, order: Order): boolean {
    return witness.moved(armOf(order), thread.since) === null;
  }

  function takeIdle(order: Order): Thread | undefined {
    for (let thread = idle.pop(); thread !== undefined; thread = idle.pop()) {
      if (isSound(thread, order)) return thread;
      end(thread);
    }
    return undefined;
  }

  function leastBusy(order: Order, most: number): Thread | undefined {
    const arm = armOf(order);
    let found: Thread | undefined;
    for (const thread of open) {
      const { size } = thread.orders;
      if (thread.isSpoilt || thread.arm !== arm || size === 0 || size >= most) continue;
      if (found === undefined || size < found.orders.size) found = thread;
    }
    return found !== undefined && isSound(found, order) ? found : undefined;
  }

  function end(thread: Thread): void {
    open.delete(thread);
    atWork.ends(thread.executor);
    const ended = thread.executor[Symbol.asyncDispose]();
    ending.add(ended);
    void ended.then(() => ending.delete(ended));
  }

  function leaves(order: Order, { thread, outcome }: { thread: Thread; outcome: Outcome }): void {
    thread.orders.delete(order);
    placed.delete(order);
    pace.ends(order);
    thread.hasAnswered = true;
    // What a failed attempt left behind (a timer, a socket, half a state) must not meet the next one.
    if (!endedWell(outcome)) thread.isSpoilt = true;
    if (isLost(outcome) && thread.wasShared) alone.add(thread.arm!);
    if (thread.orders.size === 0 && open.has(thread)) {
      if (thread.isSpoilt) end(thread);
      else {
        thread.wasShared = false;
        idle.push(thread);
      }
    }
    lookAgain();
  }

  /** In turn: one that could share a thread does not pass one that waits for a free one, or that would wait for ever. */
  function lookAgain(): void {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      const thread = place(next.order, waiting.length - 1);
      if (thread === null) break;
      waiting.shift();
      next.go(thread);
    }
    lookLater();
  }

  /** Nothing may happen for a minute: that is what tells that more threads are needed. */
  function lookLater(): void {
    if (waiting.length === 0 || open.size >= input.threads) {
      looks?.();
      looks = null;
    } else
      looks ??= clock.after(LOOK_MS, () => {
        looks = null;
        lookAgain();
      });
  }

  function wait(order: Order, gate: CallGate | undefined): Promise<Thread | null> {
    gate?.waits();
    const placed = new Promise<Thread | null>((go) => waiting.push({ order, go }));
    lookLater();
    return placed;
  }

  function done(
    order: Order,
    at: { readonly thread: Thread; readonly gate: CallGate | undefined; readonly started: Started },
  ): Promise<Outcome> {
    const { thread, gate, started } = at;
    if (thread.hasAnswered) pace.begins(order);
    const begins = (): void => {
      pace.begins(order, clock.monotonicMs() - thread.openedMs);
      atWork.begins(thread.executor);
    };
    return new Promise((settle) => {
      thread.orders.set(order, (why) => settle(lostOutcome({ started, clock, why })));
      if (thread.orders.size > 1) thread.wasShared = true;
      void thread.executor.execute(order, gate && telling(gate, begins)).then(settle);
    });
  }

  return {
    capacity: input.capacity,
    async execute(order, gate) {
      const started = startNow(clock);
      let thread = waiting.length === 0 ? place(order, 0) : null;
      if (thread === null) {
        thread = await wait(order, gate);
        if (thread === null) return cancelledOutcome({ started, clock });
        gate?.goesOn();
      }
      const outcome = await done(order, { thread, gate, started });
      const { wasShared } = thread;
      leaves(order, { thread, outcome });
      return { ...(wasShared ? ofNeighbour(outcome) : outcome), heldSince: thread.since };
    },
    startNothing(which = () => true) {
      const all = waiting;
      waiting = [];
      for (const one of all) {
        if (which(one.order)) one.go(null);
        else waiting.push(one);
      }
      lookLater();
    },
    shares: (order) => placed.get(order)?.wasShared === true,
    abandon(order) {
      const thread = placed.get(order);
      thread?.executor.abandon(order);
      if (!thread?.wasShared) return;
      // It answers to nobody: the others would wait for it until each had been silent for as long.
      for (const lose of [...thread.orders.values()])
        lose('another attempt in its thread did not answer in time');
      if (open.has(thread)) end(thread);
    },
    async [Symbol.asyncDispose]() {
      looks?.();
      for (const thread of [...open]) end(thread);
      await Promise.all(ending);
    },
  };
}

type Waiting = { readonly order: Order; readonly go: (thread: Thread | null) => void };

type Thread = {
  readonly executor: Executor & Worked;
  /** The moment from which on it may have read what counts. */
  readonly since: number;
  readonly openedMs: number;
  /** Under way in it, and what takes each for lost. */
  readonly orders: Map<Order, (why: string) => void>;
  /** Of the newest. */
  arm: string | null;
  /** What it loads is loaded. */
  hasAnswered: boolean;
  /** It takes no more. */
  isSpoilt: boolean;
  /** Several were in it at one time, since it was idle. */
  wasShared: boolean;
};

function sharesOf({ work }: Order): number {
  return work?.harness.kind === 'module' ? (work.harness.inFlight ?? 1) : 1;
}

/** The thread says when the module that an order needs is there (own-code.ts): until then it starts. */
function telling(gate: CallGate, begins: () => void): CallGate {
  return {
    ...gate,
    works(limitMs) {
      begins();
      gate.works(limitMs);
    },
  };
}

function endedWell(outcome: Outcome): boolean {
  return outcome.kind === 'success' && outcome.otherCode === undefined;
}

function isLost(outcome: Outcome): boolean {
  return outcome.kind === 'failure' && outcome.failure.kind === 'worker-lost';
}
