// Traces that are too large for a request: nothing of them is lost that could be sent.
import path from 'node:path';
import { expect, test } from 'vitest';
import { push } from '../../src/project/langsmith/push.ts';
import type { Tracing } from '../../src/project/langsmith/settings.ts';
import { slimmer } from '../../src/tracing/spans/slim.ts';
import { childSpan, rootSpan } from '../../src/tracing/spans/spans.ts';
import { openSpool } from '../../src/tracing/spool/spool.ts';
import { readFates } from '../../src/tracing/spool/spool-read.ts';
import { API_KEY, startRecorder } from '../rig/langsmith-recorder.ts';
import { CLOCK } from '../rig/spooled.ts';
import { tempFolder } from '../rig/temp.ts';

const CONTENT = { type: 'chain', inputs: {}, error: null, facts: { run: 1 } } as const;

/** A root with children, each with an output of so many characters. */
function spoolOne(root: string, sizes: readonly number[], seed = 'one'): string {
  const startMs = Date.now() - 1000;
  const of = { ...CONTENT, startMs, endMs: startMs + 5, seed };
  const top = rootSpan({ ...of, name: 'root', outputs: {}, tags: [] });
  const children = sizes.map((size, place) => {
    const outputs = { text: 'x'.repeat(size), usage_metadata: { total_tokens: 7 } };
    return childSpan(top, { ...of, name: `child ${place}`, outputs, place });
  });
  using spool = openSpool({ folder: path.join(root, '0001') });
  const head = {
    v: 1,
    trace: top.id,
    start: top.start_time,
    project: 'p',
    experiment: null,
    example: null,
  } as const;
  spool.append(head, JSON.stringify([top, ...children]));
  return top.id;
}

async function pushAll(root: string, url: string): Promise<Awaited<ReturnType<typeof push>>> {
  const tracing = { root, endpoint: { apiUrl: url, apiKey: API_KEY, workspace: null } } as Tracing;
  const io = { clock: CLOCK, random: () => 0, err: { write() {} } } as never;
  return push({ io, tracing, folders: null, age: { kind: 'hold' } });
}

test('many spans that are too much together go one after the other, whole', async () => {
  await using recorder = await startRecorder({ maxBytes: 6_000 });
  const root = tempFolder();
  spoolOne(root, [3_000, 3_000, 3_000, 3_000, 3_000]);
  expect(await pushAll(root, recorder.url)).toMatchObject({ sent: 1, rejected: 0, held: 0 });
  expect(recorder.check()).toMatchObject({ roots: 1, spans: 6, orphans: 0 });
  expect(JSON.stringify([...recorder.runs.values()])).not.toContain('left_out');
});

test('one span that is too large alone goes without its largest part, and says so', async () => {
  await using recorder = await startRecorder({ maxBytes: 6_000 });
  const root = tempFolder();
  spoolOne(root, [100, 50_000]);
  expect(await pushAll(root, recorder.url)).toMatchObject({ sent: 1, rejected: 0 });
  const spans = [...recorder.runs.values()];
  expect(spans.map(({ name }) => name)).toEqual(['root', 'child 0', 'child 1']);
  expect(spans[1]!.outputs).toMatchObject({ text: 'x'.repeat(100) });
  expect(spans[2]!.outputs).toEqual({ usage_metadata: { total_tokens: 7 } });
  expect(spans[2]!.extra).toEqual({
    metadata: {
      run: 1,
      expgraph_left_out: expect.stringMatching(/^outputs left out \(500\d\d bytes\): LangSmith took no more/),
    },
  });
});

test('a trace that was begun in pieces is never taken for whole', async () => {
  await using recorder = await startRecorder({ maxBytes: 6_000, onDuplicate: '409-reject' });
  const root = tempFolder();
  const id = spoolOne(root, [3_000, 3_000, 3_000, 3_000]);
  // The root and some of its children come through; then the service is gone.
  recorder.fault({ downAt: 2 });
  await pushAll(root, recorder.url);
  expect(recorder.runs.size).toBeLessThan(5);
  expect(readFates(path.join(root, '0001')).get(id)).toBeUndefined();
  recorder.fault({ downAt: null, maxBytes: null });
  await pushAll(root, recorder.url);
  expect(recorder.check()).toMatchObject({ roots: 1, spans: 5, orphans: 0, differing: 0 });
  expect(readFates(path.join(root, '0001')).get(id)).toBe('sent');
});

test('a small span has nothing to leave out', () => {
  const startMs = Date.now();
  const span = rootSpan({ ...CONTENT, outputs: {}, startMs, endMs: startMs, seed: 's', name: 'n', tags: [] });
  expect(slimmer(span)).toBe(null);
  const large = { ...span, error: 'e'.repeat(9_000), events: ['v'.repeat(20_000)] };
  const once = slimmer(large)!;
  expect([once.events, once.error]).toEqual([undefined, large.error]);
  const twice = slimmer(once)!;
  expect(twice.error).toBe('e'.repeat(200));
  expect(slimmer(twice)).toBe(null);
});
