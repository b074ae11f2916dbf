// What people said reaches LangSmith when the review is closed: once a trace and dimension, and as a revision where it is said otherwise.
import { expect, test } from 'vitest';
import { harnessRun } from '../rig/harness.ts';
import { API_KEY, startRecorder } from '../rig/langsmith-recorder.ts';
import { openDeck, type Say, verdictFile } from '../rig/reviewed.ts';

const MANIFEST = `runs: 2
provider: sim
providers: { sim: { type: sim, sim: { latency_ms: 2 } } }
variants: { a: { system: You help. }, b: { system: Be brief. } }
review:
  dimensions: { tone: Does it sound like a person?, use: Does it help? }
  labels: { good: { value: 3, anchor: Nothing to change. }, poor: { value: 1, anchor: Not to be shown. } }
  reviewers: 1
`;

test('human scores are feedback of the app on every trace of the answer, never before close, each once', async () => {
  await using recorder = await startRecorder();
  const made = harnessRun({
    manifest: MANIFEST,
    scenarios: ['one', 'two', 'three'],
    env: { LANGSMITH_API_KEY: API_KEY, LANGSMITH_ENDPOINT: recorder.url },
  });
  const done = async (...argv: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await made.run(...argv);
    expect(code, stderr).toBe(0);
    return stdout + stderr;
  };
  const review = async (id: string, say: Say): Promise<string> => {
    await done('review', 'start', '--id', id, '--accept-leak', 'two words of a simulation');
    const deck = openDeck(made.folder, id, 'made');
    await done('review', 'import', verdictFile(made.folder, deck, { reviewer: 'anna', say }));
    expect((await made.run('langsmith', 'push')).code).toBe(5);
    expect((await made.run('langsmith', 'sync')).code).toBe(5);
    return done('review', 'close');
  };
  await done('run');
  await done('langsmith', 'push');
  const traces = recorder.roots().length;
  expect(traces).toBe(12);

  const closed = await review('first', () => ({ tone: 'good', use: 'poor' }));
  expect(closed).toContain('LangSmith: 36 feedbacks of people on traces');
  const all = [...recorder.feedback.values()];
  expect(all).toHaveLength(3 * traces);
  expect(new Set(all.map(({ trace_id: trace, key }) => `${trace} ${key}`)).size).toBe(all.length);
  expect(new Set(all.map(({ key, score }) => `${key} ${score}`))).toEqual(
    new Set(['human.tone 1', 'human.use 0', 'human.pass 0']),
  );
  for (const { feedback_source: source } of all)
    expect(source).toMatchObject({ type: 'app', metadata: { reviewer: 'anna' } });

  // Said again it is not sent again.
  const requests = recorder.requests.length;
  await done('langsmith', 'push');
  expect(recorder.requests.slice(requests).filter((line) => /feedback/.test(line))).toEqual([]);
  // Of the roots that sync makes it is said as well, once each.
  await done('langsmith', 'sync');
  const roots = recorder.roots().length;
  expect(recorder.feedback.size).toBe(3 * roots);

  // Read once more with the same rubric: what is said otherwise revises what was said.
  await review('second', () => ({ tone: 'good', use: 'good' }));
  expect(recorder.feedback.size).toBe(3 * roots);
  expect(new Set([...recorder.feedback.values()].map(({ key, score }) => `${key} ${score}`))).toEqual(
    new Set(['human.tone 1', 'human.use 1', 'human.pass 1']),
  );
  expect(recorder.orphanFeedback).toEqual([]);
});
