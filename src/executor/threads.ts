// A set of worker threads: an order goes to the least busy one, and a further thread is opened when those there are busy. What
// a thread does is a stream of orders over one port: a task of a pool for each call cost more than the call's own work.
//
//   loading --> serving --error, exit, out of memory--> lost: its orders reject, and the next order may open another
import { setFlagsFromString } from 'node:v8';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { Clock } from '../core/clock.ts';
import type { Env } from '../core/env.ts';
import type { CallGate } from '../core/gate.ts';
import type { Order } from '../core/order.ts';
import type { Outcome } from '../core/outcome.ts';
import type { SpokenTo } from '../core/providers/table.ts';
import {
  type FromThread,
  type GivenOrder,
  leftIn,
  serveGate,
  type ThreadStart,
  type ToThread,
} from '../worker/order-port.ts';
import { makePacker } from '../worker/shared-parts.ts';

export type Threads = {
  /** Rejects when the thread is lost on the way. */
  run(order: Order, gate?: CallGate): Promise<Outcome>;
  /** For how long those that are there have been at work, all together. */
  activeMs(): number;
  /** Terminates all, also those in a busy loop. */
  destroy(): Promise<void>;
};

export type ThreadsSettings = {
  /** At most. */
  readonly workers: number;
  /** The threads' environment: they read the keys. */
  readonly env: Env;
  readonly clock: Clock;
  /** The manifest's, absolute. */
  readonly folder: string;
  /** Who will be spoken to; left out = not known. */
  readonly spoken?: readonly SpokenTo[];
  /** Another module that serves orders, for tests and for own code. */
  readonly threadUrl?: URL;
  /** Young space of each, where it is not to be as large as usual. */
  readonly youngMb?: number;
  /** Threads for as many orders as there are, and not only where those there are busy. */
  readonly isSpread?: boolean;
  /** How long all have to be busy before another one is opened; two seconds where this is missing. */
  readonly busyMs?: number;
  /** One that loads already. */
  readonly spare?: Spare | null;
};

/** A thread that was opened before anybody knew whether there is work: taken once, by whoever has the same settings. */
export type Spare = AsyncDisposable & {
  readonly take: (settings: Pick<ThreadsSettings, 'env' | 'folder'>) => Thread | null;
};

const THREAD_URL = new URL('../worker/thread.ts', import.meta.url);
/** Much for orders of some kilobytes, and the end of a leak before the machine's. */
const OLD_MB = 512;
/** Left to itself the space for new objects grows until a thread takes 350 MB at the same speed. */
const YOUNG_MB = 24;
/**
 * It begins with this much of it (V8 has three such halves): the loop keeps its own from growing (flat-memory.ts), and that
 * flag is of all threads. With the one megabyte that V8 begins with a thread collects after each eighth call.
 */
const FIRST_YOUNG_MB = 8;

/**
 * A thread is busy when its event loop was for this share of two seconds. Loading a second one takes a quarter of a second of
 * CPU, which a burst of cheap calls does not give back.
 */
const BUSY_SHARE = 0.9;
const BUSY_MS = 2_000;

/** The first thread starts at once. */
export function openThreads(settings: ThreadsSettings): Threads {
  const threads = new Set<Thread>();
  const ending = new Set<Thread>();

  function open(): Thread {
    const thread = settings.spare?.take(settings) ?? openThread(settings);
    threads.add(thread);
    ending.add(thread);
    thread.watch({
      left: () => threads.delete(thread),
      ended: () => ending.delete(thread),
    });
    return thread;
  }

  /** The least busy one; another one where all have too much to do. @throws where no thread can be started */
  function take(): Thread {
    let best: Thread | null = null;
    let isFree = false;
    for (const thread of threads) {
      if (best === null || thread.flights.size < best.flights.size) best = thread;
      isFree ||= settings.isSpread === true ? thread.flights.size === 0 : !thread.isBusy();
    }
    if (best !== null && (isFree || threads.size >= settings.workers)) return best;
    return open();
  }

  try {
    open();
  } catch {
    // No memory, no number for it: the first order tries again, and says what is wrong.
  }
  return {
    run: async (order, gate) => take().run(order, gate),
    activeMs: () => [...threads].reduce((sum, thread) => sum + thread.activeMs(), 0),
    async destroy() {
      await Promise.all([...ending].map((thread) => thread.end()));
    },
  };
}

/** @returns null: it could not be started, and whoever needs one will say why */
export function openSpare(settings: ThreadSettings): Spare | null {
  let thread: Thread | null = startedOrNull(settings);
  if (thread === null) return null;
  thread.watch({
    left: () => {
      thread = null;
    },
    ended: () => {},
  });
  return {
    take({ env, folder }) {
      if (env !== settings.env || folder !== settings.folder) return null;
      const taken = thread;
      thread = null;
      return taken;
    },
    async [Symbol.asyncDispose]() {
      await thread?.end();
    },
  };
}

function startedOrNull(settings: ThreadSettings): Thread | null {
  try {
    return openThread(settings);
  } catch {
    return null;
  }
}

type Flight = {
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (why: unknown) => void;
  readonly hear: ReturnType<typeof serveGate> | null;
};

type Given = { readonly id: number; readonly order: Order; readonly isGated: boolean };

type ThreadSettings = Pick<
  ThreadsSettings,
  'env' | 'clock' | 'folder' | 'spoken' | 'threadUrl' | 'youngMb' | 'busyMs'
>;

/** `left`: it takes no more orders. `ended`: it is gone. */
type ThreadWatch = { readonly left: () => void; readonly ended: () => void };

type Thread = {
  /** The last one is told. */
  watch(on: ThreadWatch): void;
  readonly flights: ReadonlyMap<number, Flight>;
  activeMs(): number;
  isBusy(): boolean;
  run(order: Order, gate: CallGate | undefined): Promise<Outcome>;
  end(): Promise<unknown>;
};

/** @throws where none can be started */
function openThread(settings: ThreadSettings): Thread {
  const { clock, busyMs = BUSY_MS } = settings;
  const { port1: port, port2: theirs } = new MessageChannel();
  const worker = startWorker(settings, theirs);
  const flights = new Map<number, Flight>();
  const packer = makePacker();
  let given: Given[] = [];
  let orders = 0;
  let why: unknown = null;
  let looked = worker.performance.eventLoopUtilization();
  let lookedMs = clock.monotonicMs();
  let isReady = false;
  let wasBusy = false;
  let on: ThreadWatch = { left: () => {}, ended: () => {} };

  const say = (message: ToThread): void => port.postMessage(message);

  function look(): void {
    looked = worker.performance.eventLoopUtilization();
    lookedMs = clock.monotonicMs();
  }

  function hear(message: FromThread): void {
    if (message.kind === 'ready') {
      // Loading is no sign of too much work.
      look();
      isReady = true;
      return;
    }
    if (message.kind === 'asked') {
      flights.get(message.id)?.hear?.(message.question);
      return;
    }
    for (const end of message.ended) {
      const flight = flights.get(end.id);
      flights.delete(end.id);
      if ('outcome' in end) flight?.resolve(end.outcome);
      else flight?.reject(end.why);
    }
  }

  const packed = ({ order, ...one }: Given): GivenOrder => ({ ...one, ...packer.pack(order) });

  /** Orders that begin in one turn of the loop travel together. */
  function give(): void {
    const these = given;
    given = [];
    try {
      say({ kind: 'orders', orders: these.map(packed) });
    } catch {
      // One of them holds what cannot cross.
      packer.forget();
      for (const one of these) giveAlone(one);
    }
  }

  function giveAlone(one: Given): void {
    try {
      say({ kind: 'orders', orders: [packed(one)] });
    } catch (error) {
      packer.forget();
      flights.get(one.id)?.reject(error);
      flights.delete(one.id);
    }
  }

  port.on('message', hear);
  worker.on('error', (error) => {
    why = error;
    on.left();
  });
  worker.on('exit', (code) => {
    on.left();
    on.ended();
    // Outcomes and what was told of calls come before the loss: they were said before it.
    for (const message of leftIn(port)) hear(message);
    port.close();
    const lost = why ?? new Error(`the thread exited with code ${code}`);
    for (const { reject } of flights.values()) reject(lost);
    flights.clear();
  });

  return {
    flights,
    watch(whom) {
      on = whom;
    },
    activeMs: () => worker.performance.eventLoopUtilization().active,
    isBusy() {
      if (!isReady || clock.monotonicMs() - lookedMs < busyMs) return wasBusy;
      wasBusy = worker.performance.eventLoopUtilization(looked).utilization > BUSY_SHARE;
      look();
      return wasBusy;
    },
    run(order, gate) {
      const id = ++orders;
      return new Promise((resolve, reject) => {
        const served = gate ? serveGate(gate, (told) => say({ kind: 'gate', id, told })) : null;
        flights.set(id, { resolve, reject, hear: served });
        given.push({ id, order, isGated: gate !== undefined });
        if (given.length === 1) queueMicrotask(give);
      });
    },
    end: () => worker.terminate(),
  };
}

function startWorker(
  { env, folder, spoken, threadUrl = THREAD_URL, youngMb = YOUNG_MB }: ThreadSettings,
  port: MessagePort,
): Worker {
  const set = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  // Read when an isolate is made, and not after that.
  setFlagsFromString(
    `--min-semi-space-size=${Math.max(1, Math.min(FIRST_YOUNG_MB, Math.floor(youngMb / 3)))}`,
  );
  return new Worker(threadUrl, {
    env: Object.fromEntries(set),
    workerData: { folder, port, ...(spoken === undefined ? {} : { spoken }) } satisfies ThreadStart,
    transferList: [port],
    resourceLimits: { maxOldGenerationSizeMb: OLD_MB, maxYoungGenerationSizeMb: youngMb },
  });
}
