// The recorder against the SDK itself: what it takes and refuses is the wire as LangSmith's own client speaks it.
import { Client } from 'langsmith';
import { traceable } from 'langsmith/traceable';
import { expect, test } from 'vitest';
import { API_KEY, startRecorder } from '../rig/langsmith-recorder.ts';

async function traceOnce(url: string, env: { readonly [name: string]: string } = {}): Promise<void> {
  const client = new Client({ apiUrl: url, apiKey: API_KEY, autoBatchTracing: true, ...env });
  const inner = traceable(async (text: string) => text.toUpperCase(), {
    name: 'inner',
    client,
    tracingEnabled: true,
  });
  const outer = traceable(async (text: string) => inner(text), {
    name: 'outer',
    client,
    tracingEnabled: true,
    project_name: 'p',
    tags: ['t'],
  });
  await outer('hello');
  await client.awaitPendingTraceBatches();
}

test('takes what the SDK sends as multipart, and knows a whole tree', async () => {
  await using recorder = await startRecorder();
  await traceOnce(recorder.url);
  expect(recorder.check()).toEqual({ roots: 1, spans: 2, orphans: 0, unended: 0, differing: 0 });
  expect(recorder.roots()[0]).toMatchObject({
    name: 'outer',
    inputs: { input: 'hello' },
    outputs: { outputs: 'HELLO' },
  });
  expect(recorder.tags()).toEqual({ t: 1 });
  expect(recorder.requests).toContain('POST /runs/multipart 202');
});

test('takes the SDK’s examples, datasets and feedback', async () => {
  await using recorder = await startRecorder();
  await traceOnce(recorder.url);
  const client = new Client({ apiUrl: recorder.url, apiKey: API_KEY });
  const dataset = await client.createDataset('d');
  await client.uploadExamplesMultipart(dataset.id, [{ inputs: { a: 1 }, outputs: { b: 2 } }]);
  const root = recorder.roots()[0]!;
  const sessionId = [...recorder.sessions.values()][0]!.id as string;
  await client.createFeedback({
    runId: root.id,
    key: 'correct',
    score: 1,
    sessionId,
    extendTraceRetention: false,
  });
  expect([...recorder.examples.values()]).toMatchObject([
    { inputs: { a: 1 }, outputs: { b: 2 }, dataset_id: dataset.id },
  ]);
  expect([...recorder.feedback.values()]).toMatchObject([{ run_id: root.id, key: 'correct', score: 1 }]);
});

test('refuses what the service refuses', async () => {
  await using recorder = await startRecorder();
  const send = async (run: object): Promise<number> => {
    const answer = await fetch(`${recorder.url}/runs/batch`, {
      method: 'POST',
      headers: { 'x-api-key': API_KEY, 'content-type': 'application/json' },
      body: JSON.stringify({ post: [run], patch: [] }),
    });
    return answer.status;
  };
  const id = '01a206b0-7511-71f8-ad95-efd162eb44a2';
  const good = {
    id,
    trace_id: id,
    dotted_order: `20261123T043557329001Z${id}`,
    run_type: 'chain',
    name: 'r',
    start_time: '2026-11-23T04:35:57.329Z',
    end_time: '2026-11-23T04:35:57.547Z',
    session_name: 'p',
  };
  expect(await send({ ...good, trace_id: '01a206b0-7511-71f8-ad95-efd162eb44a3' })).toBe(422);
  expect(await send({ ...good, run_type: 'agent' })).toBe(422);
  expect(await send({ ...good, end_time: '2026-11-23T04:35:57.328Z' })).toBe(422);
  expect(await send({ ...good, parent_run_id: id })).toBe(422);
  expect(await send(good)).toBe(202);
  expect(await send(good)).toBe(409);
});
