// The far side of host.ts: runs the simulation in a worker thread and tells where it listens.
import { parentPort, workerData } from 'node:worker_threads';
import { type Listening, type Started, startSim } from './sim.ts';

const { port, url } = await startSim(workerData as Started);
// What it counted is told to whoever asks, at /sim/stats.
parentPort!.postMessage({ port, url } satisfies Listening);
