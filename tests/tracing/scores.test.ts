// Scores are feedback on the traces of the answers that they judge.
import path from 'node:path';
import { expect, test } from 'vitest';
import { until } from '../rig/appears.ts';
import { editFile } from '../rig/files.ts';
import { harnessRun } from '../rig/harness.ts';
import { API_KEY, startRecorder } from '../rig/langsmith-recorder.ts';

// biome-ignore lint/suspicious/noExplicitAny: documents are looked at piece by piece
type Any = any;

test('of a run, and of a scorer that changed after it', async () => {
  await using recorder = await startRecorder();
  const made = harnessRun({
    manifest: `runs: 2
provider: sim
providers: { sim: { type: sim, sim: { latency_ms: 2 } } }
variants: { a: {}, b: { command: [node, b.mjs] } }
scorers: [{ name: greets, contains: { any: [hello, hi] } }]`,
    scenarios: ['one', 'two'],
    env: { LANGSMITH_API_KEY: API_KEY, LANGSMITH_ENDPOINT: recorder.url },
    files: { 'b.mjs': "process.stdin.on('data', () => {}).on('end', () => console.log('\"hello\"'));" },
  });
  const { code, stderr } = await made.run('run', '--langsmith-flush', '30s');
  expect(code, stderr).toBe(0);
  await until(() => recorder.feedback.size === 8);
  const all = (): readonly Any[] => [...recorder.feedback.values()];
  expect(all()).toHaveLength(8);
  // One answer for all cells of b is judged once, and said of each trace that has it.
  const ofB = ['one', 'two'].flatMap((id) =>
    [1, 2].map((run) => made.records('b', run)[id].trace.langsmith_run_id),
  );
  const said = all().filter(({ run_id: id }) => ofB.includes(id));
  expect(new Set(said.map(({ run_id: id }) => id)).size).toBe(4);
  for (const one of said) {
    expect(one).toMatchObject({ key: 'greets', score: 1, feedback_source: { type: 'api' } });
    expect(one.comment).toContain('hello');
  }

  editFile(path.join(made.folder, 'experiment.yaml'), (text) => text.replace('[hello, hi]', '[goodbye]'));
  const roots = recorder.roots().length;
  expect((await made.run('score')).code).toBe(0);
  await until(() => all().every(({ score }) => score === 0));
  // Said again, not said twice: the same feedback revised, and no trace anew.
  expect(all().map(({ score }) => score)).toEqual(Array(8).fill(0));
  expect(recorder.roots()).toHaveLength(roots);
  await made.run('score');
  expect(recorder.feedback.size).toBe(8);
});

test('hidden outputs hide what is said of them', async () => {
  await using recorder = await startRecorder();
  const made = harnessRun({
    manifest: `provider: sim
tracing: { langsmith: { outputs: none } }
variants: { a: { command: [node, a.mjs] } }
scorers: [{ exact: hello }]`,
    scenarios: ['one'],
    env: { LANGSMITH_API_KEY: API_KEY, LANGSMITH_ENDPOINT: recorder.url },
    files: {
      'a.mjs': "process.stdin.on('data', () => {}).on('end', () => console.log('\"a-private-answer\"'));",
    },
  });
  await made.run('run', '--langsmith-flush', '30s');
  await until(() => recorder.feedback.size === 1);
  const [said] = [...recorder.feedback.values()];
  expect(said).toMatchObject({ key: 'exact', score: 0, comment: null });
  expect(JSON.stringify(said)).not.toContain('private');
});
