// The recorder as a program: `node tests/rig/langsmith-recorder-main.ts [--port N] [--latency MS]` prints its address, and
// what it has when it is ended.
import { parseArgs } from 'node:util';
import { startRecorder } from './langsmith-recorder.ts';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '0' }, latency: { type: 'string', default: '0' } },
});
const recorder = await startRecorder({ latencyMs: Number(values.latency) }, Number(values.port));
console.log(recorder.url);
process.on('SIGTERM', () => {
  console.log(JSON.stringify({ ...recorder.check(), tags: recorder.tags() }));
  process.exit();
});
