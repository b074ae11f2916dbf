// Who is to blame for a refusal: a trace is rejected only while LangSmith takes others.
import { expect, test } from 'vitest';
import { nameId } from '../../src/core/trace.ts';
import { push } from '../../src/project/langsmith/push.ts';
import type { Tracing } from '../../src/project/langsmith/settings.ts';
import { countSpool } from '../../src/tracing/spool/count.ts';
import { makeSayFeedback } from '../../src/tracing/spool/feedback.ts';
import { MAX_AGE_MS } from '../../src/tracing/upload/upload.ts';
import { API_KEY, type Recorder, startRecorder } from '../rig/langsmith-recorder.ts';
import { CLOCK, writeSpool } from '../rig/spooled.ts';
import { tempFolder } from '../rig/temp.ts';

async function pushAll(
  root: string,
  recorder: Recorder,
  more: Partial<Parameters<typeof push>[0]> = {},
): ReturnType<typeof push> {
  const endpoint = { apiUrl: recorder.url, apiKey: API_KEY, workspace: null };
  const io = { clock: CLOCK, random: () => 0, err: { write() {} } } as never;
  return push({ io, tracing: { root, endpoint } as Tracing, folders: null, age: { kind: 'hold' }, ...more });
}

function counted(root: string): ReturnType<typeof countSpool> {
  return countSpool({ root, folder: '0001', now: new Date(), maxAgeMs: MAX_AGE_MS });
}

function say(root: string, trace: string, at = new Date()): void {
  makeSayFeedback(root)({
    v: 1,
    id: nameId('feedback', trace, 'ok', ''),
    trace,
    start: at.toISOString(),
    ...{ project: 'made', experiment: null, key: 'ok', score: 1, value: null, comment: null },
    ...{ source: 'api', reviewer: null, extendRetention: false, at: at.toISOString() },
  });
}

test('one trace alone that is refused waits; when another is taken, it is the trace', async () => {
  await using recorder = await startRecorder({ poison: 'bad' });
  const root = tempFolder();
  await writeSpool({ root, folder: '0001', traces: 1, name: () => 'bad' });
  const alone = await pushAll(root, recorder);
  expect(alone).toMatchObject({ sent: 0, rejected: 0, state: 'stopped' });
  expect(alone.problems).toEqual([expect.stringContaining('refuses the one trace that was sent (422: ')]);
  expect(counted(root)).toMatchObject({ waiting: 1, rejected: 0 });

  await writeSpool({ root, folder: '0001', traces: 3, name: (n) => `good ${n}` });
  expect(await pushAll(root, recorder)).toMatchObject({ sent: 3, rejected: 1, state: 'up' });
  expect(counted(root).reasons).toEqual([{ trace: expect.anything(), why: expect.stringMatching(/^422: /) }]);
});

test('what was refused is told by each push, and tried again with --rejected, with what is said of it', async () => {
  await using recorder = await startRecorder({ poison: 'bad' });
  const root = tempFolder();
  const { ids } = await writeSpool({
    ...{ root, folder: '0001', traces: 8, name: (n: number) => (n === 7 ? 'bad' : `s:${n}`) },
  });
  say(root, ids[7]!);
  expect(await pushAll(root, recorder)).toMatchObject({ sent: 7, rejected: 1, refusedBefore: 0 });
  const later = await pushAll(root, recorder);
  expect(later).toMatchObject({ sent: 0, rejected: 0, refusedBefore: 1 });
  expect(later.feedback).toMatchObject({ left: 1, traceless: 1 });
  expect(recorder.feedback.size).toBe(0);
  recorder.fault({ poison: null });
  const again = await pushAll(root, recorder, { again: true });
  expect(again).toMatchObject({ sent: 1, refusedBefore: 0 });
  expect(again.feedback).toMatchObject({ left: 0, sent: 1, traceless: 0 });
  expect(counted(root)).toMatchObject({ sent: 8, rejected: 0, reasons: [] });
  expect(recorder.orphanFeedback).toEqual([]);
});

test('a service that refuses everything is not asked for each trace', async () => {
  await using recorder = await startRecorder({ status: { code: 400, share: 1 } });
  const root = tempFolder();
  await writeSpool({ root, folder: '0001', traces: 600 });
  expect(await pushAll(root, recorder)).toMatchObject({ sent: 0, rejected: 0, state: 'stopped' });
  expect(recorder.requests.length).toBeLessThan(80);
  recorder.fault({ status: null });
  expect(await pushAll(root, recorder)).toMatchObject({ sent: 600, rejected: 0 });
});

test('feedback of a trace that was sent as of another time names that time', async () => {
  await using recorder = await startRecorder({ windowHours: 24 });
  const root = tempFolder();
  const old = Date.now() - 3 * 86_400_000;
  const { ids } = await writeSpool({ root, folder: '0001', traces: 1, startMs: () => old });
  say(root, ids[0]!, new Date(old));
  expect(await pushAll(root, recorder, { age: { kind: 'shift' } })).toMatchObject({ sent: 1 });
  const [said] = [...recorder.feedback.values()];
  const { start_time: start } = recorder.runs.get(ids[0]!)!;
  expect(Date.parse(String(said!.start_time))).toBe(Date.parse(String(start)));
  expect(Date.parse(String(start))).toBeGreaterThan(old);
});

test('all feedback refused is an outage, one of many is refused for good', async () => {
  await using recorder = await startRecorder({ status: { code: 400, share: 1, of: 'feedback' } });
  const root = tempFolder();
  const { ids } = await writeSpool({ root, folder: '0001', traces: 40 });
  for (const id of ids) say(root, id);
  const outage = await pushAll(root, recorder);
  expect(outage.feedback).toMatchObject({ sent: 0, refused: 0, left: 40 });
  expect(outage.problems).toEqual([expect.stringContaining('feedback (400')]);
  recorder.fault({ status: { code: 400, share: 1, of: 'feedback', first: 1 } });
  expect((await pushAll(root, recorder)).feedback).toMatchObject({ sent: 39, refused: 1, left: 0 });
  expect((await pushAll(root, recorder, { again: true })).feedback).toMatchObject({ sent: 40, refused: 0 });
});
