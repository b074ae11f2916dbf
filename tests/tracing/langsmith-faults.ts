// Spools sent through every trouble that a service can make, then once more in peace: what is there in the end is each span
// exactly once.
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { nameId } from '../../src/core/trace.ts';
import { push } from '../../src/project/langsmith/push.ts';
import type { Tracing } from '../../src/project/langsmith/settings.ts';
import { makeSayFeedback } from '../../src/tracing/spool/feedback.ts';
import { readFates } from '../../src/tracing/spool/spool-read.ts';
import type { Age } from '../../src/tracing/upload/upload.ts';
import { withFolder } from '../rig/folder.ts';
import { API_KEY, type Faults, type Recorder, startRecorder } from '../rig/langsmith-recorder.ts';
import type { Row } from '../rig/row.ts';
import { CLOCK, type Spooled, writeSpool } from '../rig/spooled.ts';

type Mode = {
  readonly name: string;
  readonly faults: Partial<Faults>;
  /** Traces that are left aside on purpose, by number. */
  readonly aside?: (n: number) => boolean;
  readonly spool?: Partial<Parameters<typeof writeSpool>[0]>;
  readonly age?: Age;
  /** Before the second push. */
  readonly between?: (folder: string) => void;
  /** The first push must bring nothing at all, and set nothing aside. */
  readonly nothing?: boolean;
  /** What is wrong with a trace is mended as well. */
  readonly heals?: boolean;
  /** The second push tries again what was refused. */
  readonly again?: boolean;
  /** Path of the address, and of the second push where it is another one. */
  readonly at?: string;
  readonly later?: string;
  readonly extendRetention?: boolean;
};

const DAY_MS = 86_400_000;

const MODES: readonly Mode[] = [
  { name: 'healthy', faults: {} },
  { name: 'many files', faults: {}, spool: { fileBytes: 20_000 } },
  { name: '503 half of the time', faults: { status: { code: 503, share: 0.5 } } },
  { name: '429 with Retry-After', faults: { status: { code: 429, share: 0.3, retryAfter: '0.05' } } },
  { name: 'answers lost, 409 stores the others', faults: { loseAnswers: 0.4, onDuplicate: '409-store' } },
  { name: 'answers lost, 409 stores nothing', faults: { loseAnswers: 0.4, onDuplicate: '409-reject' } },
  { name: 'answers lost and 503', faults: { loseAnswers: 0.3, status: { code: 503, share: 0.3 } } },
  { name: 'small bodies only', faults: { maxBytes: 12_000 } },
  { name: 'no multipart', faults: { noMultipart: true } },
  {
    name: 'a poisoned trace',
    faults: { poison: 'poison' },
    aside: (n) => n === 7,
    spool: { name: (n) => (n === 7 ? 'poison' : `s:${n}`) },
  },
  {
    name: 'some older than a day, held',
    faults: { windowHours: 24 },
    aside: (n) => n % 5 === 0,
    spool: { startMs: (n) => Date.now() - (n % 5 === 0 ? 3 * DAY_MS : 0) },
  },
  {
    name: 'some older than a day, shifted',
    faults: { windowHours: 24 },
    spool: { startMs: (n) => Date.now() - (n % 5 === 0 ? 3 * DAY_MS : 0) },
    age: { kind: 'shift' },
  },
  {
    name: 'what was sent is forgotten',
    faults: {},
    between: (folder) => rmSync(path.join(folder, 'sent.txt')),
  },
  {
    name: 'what was sent is half forgotten, torn',
    faults: { onDuplicate: '409-reject' },
    between(folder) {
      const file = path.join(folder, 'sent.txt');
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, text.slice(0, Math.floor(text.length / 2) + 3));
    },
  },
  { name: 'down, then up', faults: { down: true } },
  ...[400, 404, 413].flatMap((code): readonly Mode[] => [
    { name: `the first three batches: ${code}`, faults: { status: { code, share: 1, first: 3 } } },
    { name: `a third of the batches: ${code}`, faults: { status: { code, share: 0.3 } }, again: true },
    { name: `every batch: ${code}`, faults: { status: { code, share: 1 } }, nothing: true },
    { name: `every request: ${code}`, faults: { status: { code, share: 1, of: 'all' } }, nothing: true },
    { name: `every feedback: ${code}`, faults: { status: { code, share: 1, of: 'feedback' } } },
    {
      name: `one trace: ${code}`,
      faults: { poison: 'poison', poisonStatus: code },
      spool: { name: (n) => (n === 119 ? 'poison' : `s:${n}`) },
      heals: true,
      again: code === 400,
    },
  ]),
  { name: 'a page for everything', faults: { html: true }, nothing: true },
  { name: 'below a path', faults: { prefix: '/api/v1' }, at: '/api/v1' },
  { name: 'below a path, no multipart', faults: { prefix: '/api', noMultipart: true }, at: '/api' },
  { name: 'below a path, asked without', faults: { prefix: '/api/v1' }, nothing: true, later: '/api/v1' },
  { name: 'feedback as parts', faults: { loseAnswers: 0.3 }, extendRetention: true },
];

export const row: Row = {
  name: 'langsmith-faults',
  how: `spools of 120 traces are sent to a recorder of LangSmith’s wire in ${MODES.length} kinds of trouble, then again in peace`,
  holds:
    'each span and each feedback is there exactly once, none without its parent, its end or its trace; a trace that is refused is set aside alone, and nothing is where everything is refused',
  full: 10,
  unit: 'rounds',
  seconds: 120,
  async run({ count, isOver }) {
    let tried = 0;
    let spans = 0;
    for (; tried < count && !isOver(); tried++) {
      for (const mode of MODES) spans += await round(mode);
    }
    return {
      tried,
      seen: `${(tried * MODES.length).toLocaleString('en')} pushes, ${spans.toLocaleString('en')} spans once`,
    };
  },
};

const TRACES = 120;

async function round(mode: Mode): Promise<number> {
  return await withFolder(async (root) => {
    await using recorder = await startRecorder(mode.faults);
    const spooled = await writeSpool({ ...{ root, folder: '0001', traces: TRACES }, ...mode.spool });
    sayOfEach({ root, spooled, extendRetention: mode.extendRetention ?? false });
    const { at = '', later = at } = mode;
    await pushOnce({ root, url: `${recorder.url}${at}`, age: mode.age, again: false });
    if (mode.nothing) {
      assert.deepEqual([recorder.runs.size, recorder.feedback.size], [0, 0], mode.name);
      const fates = [...readFates(path.join(root, '0001')).values()];
      assert.deepEqual(fates, [], `${mode.name}: all waits`);
    }
    mode.between?.(path.join(root, '0001'));
    // A poisoned trace stays poisoned, and the window stays what it is; everything else heals.
    const { poison = null, windowHours = null, onDuplicate = '409-store' } = mode.faults;
    recorder.fault({
      down: false,
      status: null,
      loseAnswers: 0,
      maxBytes: null,
      noMultipart: false,
      html: false,
      poison: mode.heals ? null : poison,
      windowHours,
      onDuplicate,
    });
    await pushOnce({ root, url: `${recorder.url}${later}`, age: mode.age, again: mode.again ?? false });
    return checkAll({ mode, recorder, spooled });
  });
}

/** One verdict on each trace, before any of them is sent. */
function sayOfEach(of: {
  readonly root: string;
  readonly spooled: Spooled;
  readonly extendRetention: boolean;
}): void {
  const say = makeSayFeedback(of.root);
  for (const trace of of.spooled.ids) {
    say({
      v: 1,
      id: nameId('feedback', trace, 'ok', ''),
      trace,
      start: new Date().toISOString(),
      ...{ project: 'made', experiment: null, key: 'ok', score: 1, value: null, comment: 'fine' },
      ...{ source: 'api', reviewer: null, extendRetention: of.extendRetention, at: new Date().toISOString() },
    });
  }
}

async function pushOnce(of: {
  readonly root: string;
  readonly url: string;
  readonly age: Age | undefined;
  readonly again: boolean;
}): Promise<void> {
  const { root, url, age = { kind: 'hold' }, again } = of;
  const tracing = { root, endpoint: { apiUrl: url, apiKey: API_KEY, workspace: null } } as Tracing;
  const io = { clock: CLOCK, random: () => 0, err: { write() {} } } as never;
  await push({ io, tracing, folders: null, age, again });
}

function checkAll(of: {
  readonly mode: Mode;
  readonly recorder: Recorder;
  readonly spooled: Spooled;
}): number {
  const { mode, recorder, spooled } = of;
  const wanted = spooled.ids.filter((_, n) => !mode.aside?.(n));
  const spans = spooled.ids.reduce((sum, _, n) => sum + (mode.aside?.(n) ? 0 : 2 + (n % 4)), 0);
  assert.deepEqual(
    recorder.check(),
    { roots: wanted.length, spans, orphans: 0, unended: 0, differing: 0 },
    mode.name,
  );
  const said = [...recorder.feedback.values()].map(({ run_id: id }) => String(id)).sort();
  assert.deepEqual(said, [...wanted].sort(), `${mode.name}: one feedback for each trace`);
  assert.deepEqual(recorder.orphanFeedback, [], `${mode.name}: no feedback without its trace`);
  assert.deepEqual(new Set(recorder.roots().map(({ id }) => id)), new Set(wanted), mode.name);
  return spans;
}
