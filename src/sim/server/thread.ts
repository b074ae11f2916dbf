// The far side of host.ts: runs the simulation in a worker thread and answers the few things it is asked.
import { parentPort, workerData } from 'node:worker_threads';
import { startSim } from './sim.ts';
import type { FromThread, Started, ToThread } from './thread-messages.ts';

const parent = parentPort!;
const sim = await startSim(workerData as Started);

parent.on('message', (message: ToThread) => {
  if (message.kind === 'stats') tell({ kind: 'stats', stats: sim.stats() });
});
tell({ kind: 'started', port: sim.port, url: sim.url });

function tell(message: FromThread): void {
  parent.postMessage(message);
}
