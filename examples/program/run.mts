// Runs the experiment beside this file, says what happens, and stops after the money is spent or at Ctrl-C.
import { openExperiment, run } from 'expgraph';

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

const experiment = await openExperiment(import.meta.dirname);
const invocation = run(experiment, { signal: stop.signal, limits: { concurrency: 4 } });
for await (const event of invocation) {
  if (event.kind === 'task-finished') console.log(`${event.variant} ${event.scenario} run ${event.run}`);
}
const { summary, exitCode } = await invocation.result;
console.log(`${summary.executed} executed, ${summary.cached} cached, ${summary.failed} failed`);
process.exitCode = exitCode;
