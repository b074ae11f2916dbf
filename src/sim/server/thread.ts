// The far side of host.ts: runs the simulation in a worker thread and tells where it listens.
import { parentPort, workerData } from 'node:worker_threads';
import type { SimSettings } from '../../core/manifest.ts';
import type { PlayedScript } from '../../core/played.ts';
import { startSim } from './sim.ts';

/** What the thread is started with. */
export type Started = { readonly settings: SimSettings; readonly scripts: readonly PlayedScript[] };

/** What it tells once it listens. `url`: base URL for clients, http://127.0.0.1:PORT/v1. */
export type Listening = { readonly port: number; readonly url: string };

const { port, url } = await startSim(workerData as Started);
// What it counted is told to whoever asks, at /sim/stats.
parentPort!.postMessage({ port, url } satisfies Listening);
