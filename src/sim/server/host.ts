// Runs a simulation in a thread of its own, so that playing the model takes no time from the loop that measures it.
import { Worker } from 'node:worker_threads';
import type { SimSettings } from '../../core/manifest.ts';
import type { PlayedScript } from '../../core/played.ts';
import type { Listening, Started } from './sim.ts';

export type HostedSim = AsyncDisposable &
  Listening & {
    readonly close: () => Promise<void>;
  };

export type SimToHost = { readonly settings: SimSettings; readonly scripts?: readonly PlayedScript[] };

/** Rejects where the thread cannot start or listen. A running simulation does not keep the process alive. */
export async function startSimInThread({ settings, scripts = [] }: SimToHost): Promise<HostedSim> {
  // The flags of the main process (inspectors, loaders of a test runner) are not the thread's.
  const worker = new Worker(new URL('./thread.ts', import.meta.url), {
    workerData: { settings, scripts } satisfies Started,
    execArgv: [],
  });
  const listening = await new Promise<Listening>((resolve, reject) => {
    worker.on('error', reject);
    worker.once('exit', () => reject(new Error('the simulation ended before it listened')));
    worker.once('message', resolve);
  });
  worker.unref();
  const close = async () => {
    worker.ref();
    await worker.terminate();
  };
  return { ...listening, close, [Symbol.asyncDispose]: close };
}

/** The same in this thread, where whoever is served does little beside. */
export async function startSimHere(
  settings: SimSettings,
  scripts: readonly PlayedScript[] = [],
): Promise<HostedSim> {
  const { startSim } = await import('./sim.ts');
  return startSim({ settings, scripts });
}
