import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../src/cache/files.ts';
import { fsck } from '../../src/cache/fsck/fsck.ts';
import { openReader } from '../../src/cache/index/reader.ts';
import type { RecordRow, Store } from '../../src/cache/store.ts';
import type { ScenarioResult } from '../../src/core/record.ts';
import { makeRedact } from '../../src/core/redact.ts';
import { sampleKey } from '../../src/planner/key.ts';
import { storeContract } from '../contract/store.ts';
import { entry, invocationRecord, part, resultsLine, task, turnLine, viewCell } from '../rig/records.ts';
import { tempFolder } from '../rig/temp.ts';

const HOLDER = { pid: 1, host: 'here', command: 'expgraph run', since: '2026-01-02T03:04:05.000Z' };
const CELL = { variant: 'a', scenario: 'one', run: 1 };

function open(root: string, redact: (text: string) => string = (text) => text): Store {
  const opened = openStore({ root, holder: HOLDER, redact, origin: () => null });
  if (opened.kind === 'err') throw new Error('the store is locked');
  return opened.value;
}

/** Three records in one file, put one after another, and their view. */
async function threeRecords(
  root: string,
): Promise<{ readonly file: string; readonly tasks: ReturnType<typeof task>[] }> {
  using store = open(root);
  const invocation = store.nextInvocation(new Date('2026-01-02T03:04:05Z'));
  store.begin(invocationRecord(invocation));
  const tasks = ['one', 'two', 'three'].map((scenario) => task({ ...CELL, scenario }));
  for (const of of tasks) await store.put(entry(of, { invocation }));
  store.refreshView(tasks.map(viewCell));
  await store.end(invocationRecord(invocation, 'complete'));
  return { file: path.join(root, 'history', invocation, 'a_run1.jsonl'), tasks };
}

function check(root: string, tasks: readonly ReturnType<typeof task>[]): ReturnType<typeof fsck> {
  const keyOf = (record: ScenarioResult): string => sampleKey(record.parts as never, record.run);
  return fsck({ root, cells: tasks.map(viewCell), keyOf });
}

storeContract('files', () => {
  const root = tempFolder();
  return open(root);
});

it('is clean to fsck after an ordinary run', async () => {
  const root = tempFolder();
  const { tasks } = await threeRecords(root);
  expect(check(root, tasks)).toEqual({
    findings: [],
    checked: { files: 2, records: 3, parts: 5, blobs: 0, archived: 0 },
  });
});

it('refuses a second writer at once and names the first', () => {
  const root = tempFolder();
  const first = open(root);
  const second = openStore({ root, holder: { ...HOLDER, pid: 2 }, redact: (text) => text });
  expect(second).toEqual({ kind: 'err', error: { kind: 'busy', holder: HOLDER } });
  first[Symbol.dispose]();
  open(root)[Symbol.dispose]();
});

it('refuses a store of a newer format in one sentence', () => {
  const root = tempFolder();
  open(root)[Symbol.dispose]();
  writeFileSync(path.join(root, 'VERSION'), '7\n');
  expect(() => open(root)).toThrow(/has format 7 and this expgraph reads up to 2: update expgraph/);
  expect(() => openReader(root)).toThrow(/update expgraph/);
});

it('loses nothing when index.db is deleted', async () => {
  const root = tempFolder();
  const { tasks } = await threeRecords(root);
  for (const name of readdirSync(root)) if (name.startsWith('index.db')) rmSync(path.join(root, name));
  using store = open(root);
  expect(tasks.map(({ key }) => store.history.byKey(key)?.status)).toEqual([
    'completed',
    'completed',
    'completed',
  ]);
});

it('rebuilds an index that is no database, keeping the old one in quarantine', async () => {
  const root = tempFolder();
  const { tasks } = await threeRecords(root);
  writeFileSync(
    path.join(root, 'index.db'),
    'no database at all, but long enough to be looked at'.repeat(100),
  );
  using store = open(root);
  expect(store.diagnostics.map(({ code }) => code)).toContain('index-rebuilt');
  expect(readdirSync(path.join(root, 'quarantine'))).toContain('index.db');
  expect(store.history.byKey(tasks[0]!.key)?.status).toBe('completed');
});

it('keeps the whole records of a file that was cut at any byte of its last record', async () => {
  const root = tempFolder();
  const { file, tasks } = await threeRecords(root);
  const whole = readFileSync(file);
  const lastStart = whole.lastIndexOf(10, whole.length - 2) + 1;
  for (let size = lastStart + 1; size < whole.length; size += 97) {
    writeFileSync(file, whole.subarray(0, size));
    using store = open(root);
    expect(tasks.map(({ key }) => store.history.byKey(key) !== undefined)).toEqual([true, true, false]);
    expect(statSync(file).size).toBe(lastStart);
    expect(store.diagnostics.map(({ code }) => code)).toContain('torn-tail');
  }
  expect(readdirSync(path.join(root, 'quarantine')).length).toBeGreaterThan(0);
});

it('lets a reader pass over an unfinished last line without touching it', async () => {
  const root = tempFolder();
  const { file, tasks } = await threeRecords(root);
  truncateSync(file, statSync(file).size - 10);
  const size = statSync(file).size;
  using reader = openReader(root);
  expect(tasks.map(({ key }) => reader.history.byKey(key) !== undefined)).toEqual([true, true, false]);
  expect(statSync(file).size).toBe(size);
  expect(existsSync(path.join(root, 'quarantine'))).toBe(false);
});

it('never serves a record with a flipped bit, and fsck names file, line and key', async () => {
  const root = tempFolder();
  const { file, tasks } = await threeRecords(root);
  const whole = readFileSync(file);
  const secondLine = whole.indexOf(10) + 1;
  for (let at = secondLine; at < secondLine + 400; at += 41) {
    const flipped = Buffer.from(whole);
    flipped[at] = flipped[at]! ^ 0x04;
    writeFileSync(file, flipped);
    const report = check(root, tasks);
    expect(report.findings.filter(({ severity }) => severity === 'damage')).toMatchObject([
      { code: 'damaged-line', file, line: 2 },
    ]);
    using store = open(root);
    expect(store.history.byKey(tasks[0]!.key)).toBeUndefined();
    expect(store.history.byKey(tasks[1]!.key)?.status).toBe('completed');
  }
});

it('reads what another process appends while the index lags behind', async () => {
  const root = tempFolder();
  using store = open(root);
  const invocation = store.nextInvocation(new Date('2026-01-02T03:04:05Z'));
  store.begin(invocationRecord(invocation));
  const of = task(CELL);
  await store.put(entry(of, { invocation }));
  using reader = openReader(root);
  expect(reader.history.byKey(of.key)?.status).toBe('completed');
  await store.end(invocationRecord(invocation, 'complete'));
});

it('takes in what was written since it was opened, as a reader that is opened anew sees it', async () => {
  const root = tempFolder();
  await threeRecords(root);
  // Without an index on disk it keeps one in memory, and reads on; with one it is told by whoever writes it.
  for (const isIndexed of [true, false]) {
    if (!isIndexed)
      for (const end of ['', '-wal', '-shm']) rmSync(path.join(root, `index.db${end}`), { force: true });
    let reader = openReader(root);
    expect(reader.history.byCell({ ...CELL, run: 2 })).toBe(undefined);
    const before = [...reader.records()].length;
    using store = open(root);
    const invocation = store.nextInvocation(new Date('2026-01-02T03:04:06Z'));
    store.begin(invocationRecord(invocation));
    await store.put(entry(task(CELL), { invocation }));
    await store.put(entry(task({ ...CELL, scenario: 'four' }), { invocation }));
    await store.end(invocationRecord(invocation, 'complete'));
    if (!reader.refresh()) {
      reader[Symbol.dispose]();
      reader = openReader(root);
    }
    using fresh = openReader(root);
    const idsAside = ({ id: _, file: __, ...row }: RecordRow): unknown => row;
    expect([...reader.records()].map(idsAside)).toEqual([...fresh.records()].map(idsAside));
    expect([...reader.records()].length).toBe(before + 2);
    for (const scenario of ['one', 'four', 'never']) {
      const cell = { ...CELL, scenario };
      const head = reader.history.byCell(cell);
      expect(head?.key).toEqual(fresh.history.byCell(cell)?.key);
      const rowOf = (of: typeof reader): unknown => {
        const id = of.history.byCell(cell)?.id;
        return id === undefined ? null : of.row(id)?.generation;
      };
      expect([isIndexed, scenario, rowOf(reader)]).toEqual([isIndexed, scenario, rowOf(fresh)]);
    }
    reader[Symbol.dispose]();
  }
});

it('marks stale and out-of-scope lines of the view and keeps the others byte for byte', async () => {
  const root = tempFolder();
  const { tasks } = await threeRecords(root);
  const file = path.join(root, 'runs', 'a_run1.jsonl');
  const before = readFileSync(file, 'utf8').split('\n');
  using store = open(root);
  const edited = task({ ...CELL, scenario: 'two' }, ' edited');
  store.refreshView([tasks[0]!, edited].map(viewCell));
  const after = readFileSync(file, 'utf8').split('\n');
  const marks = after.slice(1, -1).map((line) => {
    const { scenario, stale, in_scope } = JSON.parse(line) as ScenarioResult;
    return [scenario, stale ?? null, in_scope ?? null];
  });
  expect(marks).toEqual([
    ['one', null, null],
    ['three', null, false],
    ['two', true, null],
  ]);
  expect(after[1]).toBe(before[1]);
});

it('leaves a view file alone that would not change', async () => {
  const root = tempFolder();
  const { tasks } = await threeRecords(root);
  const file = path.join(root, 'runs', 'a_run1.jsonl');
  const before = statSync(file);
  using store = open(root);
  store.refreshView(tasks.map(viewCell));
  expect([statSync(file).ino, statSync(file).mtimeMs]).toEqual([before.ino, before.mtimeMs]);
});

it('rewrites a view file that somebody edited, which fsck had named', async () => {
  const root = tempFolder();
  const { tasks } = await threeRecords(root);
  const file = path.join(root, 'runs', 'a_run1.jsonl');
  const before = readFileSync(file, 'utf8');
  writeFileSync(file, before.replace('answer to two', 'answer to you'));
  expect(check(root, tasks).findings).toMatchObject([{ severity: 'derived', code: 'view-damaged', file }]);
  using store = open(root);
  store.refreshView(tasks.map(viewCell));
  expect(readFileSync(file, 'utf8')).toBe(before);
});

it('shows what a history file says that stands in the place of another with as many records', async () => {
  const root = tempFolder();
  const { file, tasks } = await threeRecords(root);
  const view = path.join(root, 'runs', 'a_run1.jsonl');
  const whole = readFileSync(file, 'utf8');
  const other = tempFolder();
  {
    using store = open(other);
    const invocation = store.nextInvocation(new Date('2026-01-02T03:04:05Z'));
    store.begin(invocationRecord(invocation));
    for (const of of tasks) await store.put(entry(of, { invocation, text: `another to ${of.scenario}` }));
    await store.end(invocationRecord(invocation, 'complete'));
    writeFileSync(file, readFileSync(path.join(other, 'history', invocation, 'a_run1.jsonl')));
  }
  refresh();
  expect(readFileSync(view, 'utf8')).toContain('another to two');
  // Its heading is hurt, and no record.
  writeFileSync(file, whole.replace('"run_metadata"', '"run_metaDATA"'));
  refresh();
  expect(readFileSync(view, 'utf8')).toContain('answer to two');
  expect(readFileSync(view, 'utf8')).not.toContain('run_meta');

  function refresh(): void {
    using store = open(root);
    store.refreshView(tasks.map(viewCell));
  }
});

it.each<[string, (text: string) => string, readonly string[]]>([
  ['the end of its last line', (text) => text.slice(0, -1), ['completed', 'completed', 'undefined']],
  [
    'the end of an earlier line',
    (text) => text.replace('}\n{"type":"scenario_result"', '} {"type":"scenario_result"'),
    ['undefined', 'completed', 'completed'],
  ],
  [
    'a letter',
    (text) => text.replace('answer to two', 'answer to twe'),
    ['completed', 'undefined', 'completed'],
  ],
])(
  'has the same of a file that lost %s before its end was torn, with its index and without it',
  async (_what, lose, wanted) => {
    const read = async (prepare: (root: string) => void): Promise<[string, string[]]> => {
      const root = tempFolder();
      const { file, tasks } = await threeRecords(root);
      writeFileSync(file, `${lose(readFileSync(file, 'utf8'))} {"type":"scena`);
      prepare(root);
      using store = open(root);
      return [readFileSync(file, 'utf8'), tasks.map(({ key }) => String(store.history.byKey(key)?.status))];
    };
    const known = await read(() => {});
    expect(known).toEqual(await read((root) => rmSync(path.join(root, 'index.db'))));
    expect(known[1]).toEqual(wanted);
  },
);

it('takes a secret out of every line, before the checksum is made', async () => {
  const root = tempFolder();
  const redact = (text: string): string => text.replaceAll('hunter22', '[redacted]');
  using store = open(root, redact);
  const invocation = store.nextInvocation(new Date('2026-01-02T03:04:05Z'));
  store.begin(invocationRecord(invocation));
  const of = task({ ...CELL, scenario: 'named' });
  const put = entry(of, { invocation, text: 'hunter22!' });
  const input = { prompt: 'my password is hunter22', messages: [{ role: 'user', content: 'hunter22' }] };
  const parts = [...put.parts, part('scenario', { input: 'hunter22' })];
  await store.put({ ...put, parts, record: { ...put.record, input } });
  await store.end(invocationRecord(invocation, 'complete'));
  const files = readdirSync(path.join(root, 'history', invocation));
  const all = files
    .map((name) => readFileSync(path.join(root, 'history', invocation, name), 'utf8'))
    .join('');
  expect(all).not.toContain('hunter22');
  expect(check(root, [of]).findings.filter(({ severity }) => severity === 'damage')).toEqual([]);
});

it('rejects every put after the disk refused one, and keeps what was durable before', async () => {
  const root = tempFolder();
  const store = open(root);
  onTestFinished(() => store[Symbol.dispose]());
  const invocation = store.nextInvocation(new Date('2026-01-02T03:04:05Z'));
  store.begin(invocationRecord(invocation));
  const kept = task(CELL);
  await store.put(entry(kept, { invocation }));
  const circular = entry(task({ ...CELL, scenario: 'bad' }), { invocation });
  // The file of the next variant cannot be opened: its folder is gone.
  rmSync(path.join(root, 'history', invocation), { recursive: true });
  await expect(store.put({ ...circular, slug: 'other' })).rejects.toThrow(/could not open/);
  await expect(store.put(entry(task({ ...CELL, scenario: 'later' }), { invocation }))).rejects.toThrow();
});

it('forgets damaged records of a view at once and says so, each with its place', async () => {
  const root = tempFolder();
  const { file, tasks } = await threeRecords(root);
  using store = open(root);
  const bytes = readFileSync(file);
  for (const word of ['answer to one', 'answer to two']) bytes[bytes.indexOf(word)]! ^= 1;
  writeFileSync(file, bytes);
  // Another file of the same cell makes the view be written anew.
  rmSync(path.join(root, 'runs', 'a_run1.jsonl'));
  store.refreshView(tasks.map(viewCell));
  expect(store.diagnostics.map(({ code }) => code)).toEqual(['damaged-record', 'damaged-record']);
  expect(tasks.map(({ key }) => store.history.byKey(key) !== undefined)).toEqual([false, false, true]);
});

it('stops, and forgets nothing, when a history file cannot be read for the moment', async () => {
  const root = tempFolder();
  const { file, tasks } = await threeRecords(root);
  {
    using store = open(root);
    const whole = readFileSync(file);
    rmSync(file);
    // A folder in its place: opening it works, reading it does not, whoever asks.
    mkdirSync(file);
    rmSync(path.join(root, 'runs', 'a_run1.jsonl'));
    expect(() => store.refreshView(tasks.map(viewCell))).toThrow(/could not read/);
    rmSync(file, { recursive: true });
    writeFileSync(file, whole);
  }
  using store = open(root);
  expect(tasks.every(({ key }) => store.history.byKey(key)?.status === 'completed')).toBe(true);
});

it('makes an index anew whose pages are damaged', async () => {
  const root = tempFolder();
  const { tasks } = await threeRecords(root);
  const index = path.join(root, 'index.db');
  const whole = readFileSync(index);
  for (let page = 1; page < whole.length / 4096; page++) {
    const damaged = Buffer.from(whole);
    damaged.fill(0xa5, page * 4096, (page + 1) * 4096);
    writeFileSync(index, damaged);
    using store = open(root);
    for (const { key } of tasks) expect(store.history.byKey(key)?.status, `page ${page}`).toBe('completed');
  }
});

/** An invocation that was killed in its first conversation. */
async function killedInConversation(root: string): Promise<string> {
  using store = open(root);
  const invocation = store.nextInvocation(new Date('2026-01-02T03:04:05Z'));
  store.begin(invocationRecord(invocation));
  const of = task(CELL);
  await Promise.all([store.log(turnLine(of, 1)), store.log(resultsLine(of, 1)), store.log(turnLine(of, 2))]);
  return path.join(root, 'history', invocation, 'attempts.jsonl');
}

it('keeps the log of attempts as it keeps records: sealed, numbered, checked, indexed again', async () => {
  const root = tempFolder();
  const file = await killedInConversation(root);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line)).map(({ type, n }) => [type, n])).toEqual([
    ['turn', 1],
    ['results', 2],
    ['turn', 3],
  ]);
  const codes = (): readonly string[] => check(root, []).findings.map(({ code }) => code);
  expect(codes()).toEqual(['unfinished-invocation']);
  rmSync(path.join(root, 'index.db'));
  {
    using store = open(root);
    expect(store.paidTurns(task(CELL).key)).toHaveLength(2);
  }
  expect(codes()).toEqual(['unfinished-invocation']);
  const damaged = readFileSync(file, 'utf8').replace('turn 2', 'turn 9');
  writeFileSync(file, damaged);
  using reader = openReader(root);
  expect(reader.paidTurns(task(CELL).key)).toMatchObject([{ messages: [{ content: 'turn 1' }, {}] }]);
  expect(check(root, []).findings).toContainEqual(
    expect.objectContaining({ severity: 'damage', code: 'damaged-line', file, line: 3 }),
  );
});

it('goes on from the whole lines of a log that was torn', async () => {
  const root = tempFolder();
  const file = await killedInConversation(root);
  // As a crash leaves it: the index never knew of what was not whole.
  rmSync(path.join(root, 'index.db'));
  truncateSync(file, statSync(file).size - 9);
  using store = open(root);
  expect(store.diagnostics.map(({ code }) => code)).toEqual(['torn-tail']);
  expect(store.paidTurns(task(CELL).key)).toMatchObject([{ results: [{ name: 'look' }] }]);
  expect(readdirSync(path.join(root, 'quarantine'))).toHaveLength(1);
});

it('takes secrets out of the log, and says that a conversation cannot go on from there', async () => {
  const root = tempFolder();
  using store = open(root, makeRedact([{ name: 'MY_KEY', value: 'sk-1234567890' }]));
  const invocation = store.nextInvocation(new Date('2026-01-02T03:04:05Z'));
  store.begin(invocationRecord(invocation));
  const of = task(CELL);
  const messages = [{ role: 'assistant', content: 'it is sk-1234567890' }];
  await store.log(turnLine(of, 1, { messages }));
  const text = readFileSync(path.join(root, 'history', invocation, 'attempts.jsonl'), 'utf8');
  expect(text).toContain('it is [redacted:MY_KEY]');
  expect(JSON.parse(text)).toMatchObject({ redacted: true });
  expect(store.paidTurns(of.key)).toEqual([]);
  await store.end(invocationRecord(invocation, 'interrupted'));
});
