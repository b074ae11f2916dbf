// A set of worker threads: orders go to the least busy one. The only file that knows the package `tinypool`; measured
// there: atomics freeze a worker's timers and sockets, a signal per task makes it exclusive and kills its thread, and
// a silent exit leaves promises unsettled for ever (mended here).
import { MessageChannel, type Worker } from 'node:worker_threads';
import { Tinypool } from 'tinypool';
import type { Env } from '../core/env.ts';
import type { CallGate } from '../core/gate.ts';
import type { Order } from '../core/order.ts';
import type { Outcome } from '../core/outcome.ts';
import { serveGate, type ThreadData } from '../worker/gate-port.ts';

export type Threads = {
  /** Rejects when the thread is lost on the way. */
  run(order: Order, gate?: CallGate): Promise<Outcome>;
  /** Terminates all, also those in a busy loop. */
  destroy(): Promise<void>;
};

export type ThreadsSettings = {
  readonly workers: number;
  readonly capacity: number;
  /** The threads' environment: they read the keys. */
  readonly env: Env;
  /** The manifest's, absolute. */
  readonly folder: string;
  /** Another module with the same default export, for tests. */
  readonly threadUrl?: URL;
  /** Young space of each, where it is not to be as large as usual. */
  readonly youngMb?: number;
};

const THREAD_URL = new URL('../worker/thread.ts', import.meta.url);
/** Old space: much for orders of some kilobytes, and the end of a leak before the machine's. Young space: left to
 * itself it grows until a thread takes 350 MB at the same speed; with this it stays at 200. */
const LIMITS = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 16 };

/** Threads start at once. `onDead` is called when none is left: no order can make progress then. */
export function openThreads(settings: ThreadsSettings, onDead: (why: unknown) => void): Threads {
  const pool = makePool(settings);
  const watched = new WeakSet<object>();

  /**
   * A thread that ends by process.exit tells tinypool nothing: its orders would never settle and more would be sent
   * to it. Told as an error, tinypool rejects exactly that thread's orders and starts another thread. Called whenever
   * there may be a new one.
   */
  function watchExits(): void {
    for (const thread of pool.threads) {
      if (watched.has(thread)) continue;
      watched.add(thread);
      giveRemoveListener(thread as unknown as Listened);
      thread.once('exit', (code: number) => {
        if (pool.threads.includes(thread))
          thread.emit('error', new Error(`the thread exited with code ${code}`));
      });
    }
  }

  // A thread died that had no order. Tinypool starts another, except when threads die while they load.
  pool.on('error', (error: unknown) => {
    watchExits();
    if (pool.threads.length === 0) onDead(error);
  });
  watchExits();

  return {
    run(order, gate) {
      const answered = gate === undefined ? pool.run(order) : runGated(pool, { order, gate });
      watchExits();
      return answered.finally(watchExits);
    },
    async destroy() {
      watchExits();
      // A thread that fails while it is ended has ended.
      await pool.destroy().catch(() => {});
    },
  };
}

/** The thread asks over a port of its own, which ends with the order. */
function runGated(
  pool: Tinypool,
  { order, gate }: { readonly order: Order; readonly gate: CallGate },
): Promise<Outcome> {
  const { port1: ours, port2: theirs } = new MessageChannel();
  const served = serveGate(ours, gate);
  const answered = pool.run({ order, port: theirs }, { transferList: [theirs] }) as Promise<Outcome>;
  return answered.finally(() => {
    served.drain();
    ours.close();
  });
}

/** Tinypool's own object for a thread. */
type Listened = {
  readonly thread: Worker;
  removeListener?: (event: string, listener: (...given: unknown[]) => void) => void;
};

/**
 * Tinypool ends with `events.once(thread, 'exit')`, and `once` takes its listener back when an error comes first. Its
 * object for a thread cannot do that: a thread that could not start (no file descriptors left) took the process along.
 */
function giveRemoveListener(listened: Listened): void {
  listened.removeListener ??= (event, listener) => {
    listened.thread.removeListener(event, listener);
  };
}

function makePool({
  workers,
  capacity,
  env,
  folder,
  threadUrl = THREAD_URL,
  youngMb = LIMITS.maxYoungGenerationSizeMb,
}: ThreadsSettings): Tinypool {
  const set = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new Tinypool({
    filename: threadUrl.href,
    runtime: 'worker_threads',
    minThreads: workers,
    maxThreads: workers,
    concurrentTasksPerWorker: Math.ceil(capacity / workers),
    useAtomics: false,
    env: Object.fromEntries(set),
    workerData: { folder } satisfies ThreadData,
    resourceLimits: { ...LIMITS, maxYoungGenerationSizeMb: youngMb },
  });
}
