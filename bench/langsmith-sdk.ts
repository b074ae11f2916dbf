// node bench/langsmith-sdk.ts: what becomes of 120 traces that LangSmith's own client sends into trouble. The table of
// docs/decisions/0011-langsmith.md; four minutes, most of them waiting for a closed port.
import { Client } from 'langsmith';
import { RunTree } from 'langsmith/run_trees';
import { API_KEY, type Faults, startRecorder } from '../tests/rig/langsmith-recorder.ts';

const TRACES = 120;
const MODES: readonly (readonly [string, Partial<Faults>])[] = [
  ['fine', {}],
  ['one trace is refused (422)', { poison: 'poison' }],
  ['bodies are too large (413)', { maxBytes: 20_000 }],
  ['429, Retry-After: 1', { status: { code: 429, share: 1, retryAfter: '1' } }],
  ['503', { status: { code: 503, share: 1 } }],
  ['nobody listens', { down: true }],
];

console.warn = () => {};
console.log('| LangSmith | spans that came, of 240 | waited for |');
console.log('|---|---|---|');
for (const [name, faults] of MODES) {
  await using recorder = await startRecorder(faults);
  const client = new Client({ apiUrl: recorder.url, apiKey: API_KEY });
  for (let n = 0; n < TRACES; n++) await trace(client, n === 7 ? 'poison' : `t${n}`);
  const started = performance.now();
  await client.awaitPendingTraceBatches();
  const seconds = (performance.now() - started) / 1000;
  console.log(`| ${name} | ${recorder.runs.size} | ${seconds.toFixed(1)} s |`);
}
process.exit();

async function trace(client: Client, name: string): Promise<void> {
  const root = new RunTree({
    name,
    run_type: 'chain',
    inputs: { text: 'x'.repeat(500) },
    client,
    project_name: 'p',
    tracingEnabled: true,
    replicas: [],
  });
  await root.postRun();
  const child = root.createChild({ name: 'model', run_type: 'llm', inputs: { text: 'x'.repeat(500) } });
  await child.postRun();
  await child.end({ text: 'y' });
  await child.patchRun();
  await root.end({ text: 'y' });
  await root.patchRun();
}
