// Runs a simulation in a thread of its own, so that playing the model takes no time from the loop that measures it.
import { Worker } from 'node:worker_threads';
import type { SimSettings } from '../../core/manifest.ts';
import type { PlayedScript } from '../../core/played.ts';
import type { SimStats } from './stats.ts';
import type { FromThread, Started, ToThread } from './thread-messages.ts';

export type HostedSim = AsyncDisposable & {
  readonly port: number;
  /** Base URL for clients: http://127.0.0.1:PORT/v1 */
  readonly url: string;
  /** Rejects once the thread has ended. */
  readonly stats: () => Promise<SimStats>;
  readonly close: () => Promise<void>;
};

export type SimToHost = { readonly settings: SimSettings; readonly scripts?: readonly PlayedScript[] };

type Asker = { readonly resolve: (stats: SimStats) => void; readonly reject: (reason: Error) => void };

/** Rejects where the thread cannot start or listen. A running simulation does not keep the process alive. */
export async function startSimInThread({ settings, scripts = [] }: SimToHost): Promise<HostedSim> {
  // Sources run as they are; built code lies beside this file with the same ending.
  const ending = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  // The flags of the main process (inspectors, loaders of a test runner) are not the thread's.
  const worker = new Worker(new URL(`./thread${ending}`, import.meta.url), {
    workerData: { settings, scripts } satisfies Started,
    execArgv: [],
  });
  const { port, url } = await started(worker);
  const askers: Asker[] = [];
  let ended: Error | null = null;
  const end = (reason: Error) => {
    ended ??= reason;
    for (const asker of askers.splice(0)) asker.reject(ended);
  };
  worker.on('error', end);
  worker.on('exit', () => end(new Error('the simulation has ended')));
  worker.on('message', (message: FromThread) => {
    if (message.kind !== 'stats') return;
    askers.shift()?.resolve(message.stats);
    if (askers.length === 0) worker.unref();
  });
  worker.unref();
  const close = async () => {
    worker.ref();
    await worker.terminate();
  };
  return {
    port,
    url,
    stats: () =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        askers.push({ resolve, reject });
        worker.ref();
        worker.postMessage({ kind: 'stats' } satisfies ToThread);
      }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Waits for the first message: the thread listens. */
function started(worker: Worker): Promise<Extract<FromThread, { kind: 'started' }>> {
  return new Promise((resolve, reject) => {
    const failed = (cause: Error) => reject(cause);
    const exited = () => reject(new Error('the simulation ended before it listened'));
    worker.once('error', failed);
    worker.once('exit', exited);
    worker.once('message', (message: FromThread) => {
      worker.off('error', failed);
      worker.off('exit', exited);
      if (message.kind === 'started') resolve(message);
    });
  });
}
