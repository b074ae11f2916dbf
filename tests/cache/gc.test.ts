import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Lock } from '../../src/cache/disk/lock.ts';
import { lockStore } from '../../src/cache/files.ts';
import { repair } from '../../src/cache/fsck/repair.ts';
import { dryGc, runGc, runRestore } from '../../src/cache/gc/run-gc.ts';
import { openReader } from '../../src/cache/index/reader.ts';
import { task, viewCell } from '../rig/records.ts';
import {
  checkStore,
  HOLDER,
  invoke,
  keyOf,
  openTestStore,
  storeFiles,
  type TestTask,
} from '../rig/stores.ts';
import { tempFolder } from '../rig/temp.ts';

const CELL = { variant: 'a', scenario: 'one', run: 1 };
const ANY_AGE = { olderThan: null, keep: 1 };
const LONG = 'a long answer '.repeat(10_000);
const redact = (text: string): string => text;

function lockOf(root: string): Lock {
  const lock = lockStore({ root, holder: HOLDER });
  if (lock.kind === 'err') throw new Error('the store is locked');
  return lock.value;
}

const gc = (root: string, today: readonly TestTask[], options = ANY_AGE): ReturnType<typeof runGc> =>
  runGc({
    ...{ root, redact, options, agreed: null, argv: ['gc'], expgraph: '0.0.0' },
    cells: today.map(viewCell),
    lock: lockOf(root),
    now: new Date('2026-03-01T00:00:00Z'),
    origin: () => null,
  });

const restore = (root: string, today: readonly TestTask[], archive = '1'): ReturnType<typeof runRestore> =>
  runRestore({ root, redact, archive, cells: today.map(viewCell), lock: lockOf(root) });

const fileText = (root: string, folder: string): readonly (readonly [string, string])[] =>
  storeFiles(root, folder).map((file) => [path.relative(root, file), readFileSync(file, 'latin1')]);

/** Two cells; one drawn three times with long answers, one edited since its first draw; then one that nobody touched. */
async function history(root: string): Promise<readonly TestTask[]> {
  using store = openTestStore(root);
  const forced = task(CELL);
  const old = task({ ...CELL, scenario: 'two' });
  const edited = task({ ...CELL, scenario: 'two' }, ' edited');
  const calm = task({ ...CELL, scenario: 'three' });
  await invoke(store, [{ of: forced, text: `${LONG} 1` }, { of: old }, { of: calm }]);
  await invoke(store, [{ of: forced, text: `${LONG} 2` }, { of: edited }]);
  await invoke(store, [{ of: forced, text: `${LONG} 3` }]);
  const today = [forced, edited, calm];
  store.refreshView(today.map(viewCell));
  return today;
}

const rowsOf = (root: string): readonly (readonly [string, number, boolean])[] => {
  using store = openReader(root);
  const rows = [...store.everyRecord()];
  return rows
    .map((row) => [row.scenario, row.generation, row.archive !== null] as const)
    .sort((a, b) => (a[0] === b[0] ? 0 : a[0] < b[0] ? -1 : 1));
};

it('plans superseded and stale records, by invocation, and writes nothing', async () => {
  const root = tempFolder();
  const today = await history(root);
  const before = fileText(root, 'history');
  const plan = dryGc({ root, cells: today.map(viewCell), options: ANY_AGE });
  expect(plan.groups.map(({ records, blobs }) => [records, blobs])).toEqual([
    [2, 1],
    [1, 1],
  ]);
  expect([plan.stays.records, plan.removed.length, plan.orphans]).toEqual([3, 2, []]);
  expect(fileText(root, 'history')).toEqual(before);
  expect(existsSync(path.join(root, 'archive'))).toBe(false);
});

it('never takes what the view shows, however old it is', async () => {
  const root = tempFolder();
  await history(root);
  // A manifest that asks for nothing: every cell is out of scope and still shown.
  const plan = dryGc({ root, cells: [], options: ANY_AGE });
  const shown = plan.stays.records;
  expect(shown).toBe(3);
});

it.each([
  ['younger than --older-than', { olderThan: new Date('2026-01-01T00:00:00Z'), keep: 1 }],
  ['among the --keep newest of their cell', { olderThan: null, keep: 3 }],
])('leaves records that are %s', async (_, options) => {
  const root = tempFolder();
  const today = await history(root);
  expect(dryGc({ root, cells: today.map(viewCell), options }).groups).toEqual([]);
});

it('leaves the newest invocation alone while it runs', async () => {
  const root = tempFolder();
  const of = task(CELL);
  {
    using store = openTestStore(root);
    await invoke(store, [{ of }]);
    await invoke(store, [{ of }, { of: task({ ...CELL, run: 2 }), status: 'failed' }]);
    await invoke(store, [{ of }]);
  }
  const record = path.join(
    root,
    'history',
    readdirSync(path.join(root, 'history')).at(-1)!,
    'invocation.json',
  );
  const cells = [viewCell(task(CELL, ' edited'))];
  expect(dryGc({ root, cells, options: ANY_AGE }).stays.records).toBe(2);
  writeFileSync(record, readFileSync(record, 'utf8').replace('"complete"', '"running"'));
  expect(
    dryGc({ root, cells, options: ANY_AGE }).groups.map(({ invocation }) => invocation.slice(0, 4)),
  ).toEqual(['0001', '0002']);
});

it('moves whole lines and their blobs to an archive and leaves gapless numbers and an unchanged view', async () => {
  const root = tempFolder();
  const today = await history(root);
  const view = fileText(root, 'runs');
  const lines = new Set(fileText(root, 'history').flatMap(([, text]) => text.split('\n')));
  expect(gc(root, today)).toMatchObject({ kind: 'ok', value: { archive: '0001-20260301T000000Z' } });
  expect(checkStore(root, today)).toMatchObject({
    findings: [],
    checked: { records: 3, archived: 3, blobs: 1 },
  });
  expect(fileText(root, 'runs')).toEqual(view);
  const archived = fileText(root, 'archive').filter(([file]) => file.endsWith('.jsonl'));
  const moved = archived.flatMap(([, text]) => text.trimEnd().split('\n'));
  expect(moved).toHaveLength(3);
  expect(moved.every((line) => lines.has(line))).toBe(true);
  expect(storeFiles(root, 'blobs')).toHaveLength(1);
  expect(fileText(root, 'archive').filter(([file]) => file.includes('/blobs/'))).toHaveLength(2);
  expect(rowsOf(root)).toEqual([
    ['one', 1, true],
    ['one', 2, true],
    ['one', 3, false],
    ['three', 1, false],
    ['two', 1, true],
    ['two', 1, false],
  ]);
});

it('counts generations on over archived ones', async () => {
  const root = tempFolder();
  const today = await history(root);
  gc(root, today);
  using store = openTestStore(root, { index: 'rebuild' });
  await invoke(store, [{ of: today[0]! }]);
  expect(
    [...store.records()].filter(({ scenario }) => scenario === 'one').map(({ generation }) => generation),
  ).toEqual([3, 4]);
});

it('does nothing a second time', async () => {
  const root = tempFolder();
  const today = await history(root);
  gc(root, today);
  const before = [...fileText(root, 'history'), ...fileText(root, 'archive')];
  expect(gc(root, today)).toMatchObject({ kind: 'ok', value: { archive: null } });
  expect([...fileText(root, 'history'), ...fileText(root, 'archive')]).toEqual(before);
});

it('does nothing when the store changed since it was agreed to', async () => {
  const root = tempFolder();
  const today = await history(root);
  const agreed = dryGc({ root, cells: today.map(viewCell), options: ANY_AGE });
  {
    using store = openTestStore(root);
    await invoke(store, [{ of: today[2]! }]);
  }
  const cells = today.map(viewCell);
  const more = { argv: [], expgraph: '0.0.0', now: new Date(), lock: lockOf(root) };
  expect(runGc({ root, cells, redact, options: ANY_AGE, agreed, ...more })).toEqual({
    kind: 'err',
    error: 'changed',
  });
  expect(existsSync(path.join(root, 'archive'))).toBe(false);
});

it('restores an archive byte for byte', async () => {
  const root = tempFolder();
  const today = await history(root);
  const before = [...fileText(root, 'history'), ...fileText(root, 'blobs')];
  gc(root, today);
  expect(restore(root, today)).toMatchObject({ kind: 'ok', value: { records: 3, problems: [] } });
  expect([...fileText(root, 'history'), ...fileText(root, 'blobs')]).toEqual(before);
  expect(storeFiles(root, 'archive')).toEqual([]);
  expect(checkStore(root, today).findings).toEqual([]);
});

it('restores what it can of a damaged archive, says what it could not, and keeps the archive', async () => {
  const root = tempFolder();
  const today = await history(root);
  gc(root, today);
  const file = storeFiles(root, 'archive').find((name) => name.endsWith('.jsonl'))!;
  const bytes = readFileSync(file);
  bytes[100]! ^= 1;
  writeFileSync(file, bytes);
  expect(
    checkStore(root, today)
      .findings.map(({ code }) => code)
      .sort(),
  ).toEqual(['archive-damaged-line', 'archived-record-missing']);
  const restored = restore(root, today);
  expect(restored).toMatchObject({
    kind: 'ok',
    value: { records: 2, problems: [expect.stringContaining('is damaged')] },
  });
  expect(existsSync(file)).toBe(true);
});

it('names the archives that are there when another is asked for', async () => {
  const root = tempFolder();
  const today = await history(root);
  gc(root, today);
  expect(restore(root, today, '../../x')).toEqual({
    kind: 'err',
    error: 'there is no archive ../../x; there are: 0001-20260301T000000Z',
  });
});

/** gc killed between any two of its steps: some files are as before it, the others as after it. */
it('loses nothing when it is killed at any step, and a second gc finishes', async () => {
  const before = tempFolder();
  const today = await history(before);
  const after = tempFolder();
  cpSync(before, after, { recursive: true, preserveTimestamps: true });
  gc(after, today);
  const done = storeFiles(after, 'history')
    .map((file) => path.relative(after, file))
    .filter(
      (file) => readFileSync(path.join(before, file)).compare(readFileSync(path.join(after, file))) !== 0,
    );
  expect(done).toHaveLength(2);
  for (const replaced of [[], done.slice(0, 1), done]) {
    for (const isWhole of replaced.length === 0 ? [false, true] : [true]) {
      const root = tempFolder();
      cpSync(before, root, { recursive: true, preserveTimestamps: true });
      cpSync(path.join(after, 'archive'), path.join(root, 'archive'), { recursive: true });
      writeFileSync(path.join(root, 'VERSION'), '2\n');
      const archive = path.join(root, 'archive', '0001-20260301T000000Z');
      if (!isWhole) {
        // Half made: its last words and its blobs are not there yet.
        rmSync(path.join(archive, 'archive.json'));
        rmSync(path.join(archive, 'blobs'), { recursive: true });
      }
      for (const file of replaced) cpSync(path.join(after, file), path.join(root, file));
      const found = checkStore(root, today).findings.filter(({ severity }) => severity === 'damage');
      expect(found).toEqual([]);
      repair({ root, redact, keyOf, cells: today.map(viewCell), lock: lockOf(root) });
      const left = checkStore(root, today).findings.map(({ code }) => code);
      expect(left.filter((code) => code !== 'blob-unreachable')).toEqual([]);
      expect(existsSync(archive)).toBe(isWhole);
      gc(root, today);
      expect(checkStore(root, today)).toMatchObject({
        findings: [],
        checked: { records: 3, archived: 3, blobs: 1 },
      });
      expect(fileText(root, 'runs')).toEqual(fileText(before, 'runs'));
    }
  }
});

it('archives blobs that no record names', async () => {
  const root = tempFolder();
  const of = task(CELL);
  {
    using store = openTestStore(root);
    await invoke(store, [{ of, text: LONG }]);
    store.refreshView([viewCell(of)]);
  }
  const name = `cd${'0'.repeat(62)}`;
  mkdirSync(path.join(root, 'blobs/sha256/cd'), { recursive: true });
  writeFileSync(path.join(root, 'blobs/sha256/cd', name), 'left by a killed run');
  expect(gc(root, [of])).toMatchObject({ kind: 'ok', value: { archive: '0001-20260301T000000Z' } });
  expect(storeFiles(root, 'blobs')).toHaveLength(1);
  expect(storeFiles(root, 'archive').map((file) => path.basename(file))).toContain(name);
});

it('keeps an archive in its place that lost its archive.json, and restores it', async () => {
  const root = tempFolder();
  const today = await history(root);
  const before = fileText(root, 'history');
  gc(root, today);
  rmSync(path.join(root, 'archive', '0001-20260301T000000Z', 'archive.json'));
  const report = repair({ root, redact, keyOf, cells: today.map(viewCell), lock: lockOf(root) });
  expect(report.findings.map(({ code }) => code)).toEqual(['archive-damaged']);
  expect(restore(root, today)).toMatchObject({ kind: 'ok', value: { records: 3, problems: [] } });
  expect(fileText(root, 'history')).toEqual(before);
});

/** What an earlier version left behind; its cells are those of `history`. */
function earlier(): { readonly root: string; readonly today: readonly TestTask[] } {
  const root = tempFolder();
  cpSync(path.join(import.meta.dirname, '../stores/v2-archive'), root, { recursive: true });
  const today = [
    task(CELL),
    task({ ...CELL, scenario: 'two' }, ' edited'),
    task({ ...CELL, scenario: 'three' }),
  ];
  return { root, today };
}

it('reads archives and tombstones that an earlier version left, and restores them', async () => {
  const { root, today } = earlier();
  expect(rowsOf(root)).toEqual([
    ['one', 1, true],
    ['one', 2, true],
    ['one', 3, false],
    ['three', 1, false],
    ['two', 1, true],
    ['two', 1, false],
  ]);
  {
    using store = openTestStore(root);
    expect(store.diagnostics).toEqual([]);
  }
  repair({ root, redact, keyOf, cells: today.map(viewCell), lock: lockOf(root) });
  expect(checkStore(root, today)).toMatchObject({ findings: [], checked: { records: 3, archived: 3 } });
  expect(restore(root, today)).toMatchObject({ kind: 'ok', value: { records: 3, problems: [] } });
  expect(checkStore(root, today)).toMatchObject({ findings: [], checked: { records: 6, archived: 0 } });
});

it('leaves the same bytes as an earlier version did', async () => {
  const { root, today } = earlier();
  const kept = ['history', 'archive', 'runs'].flatMap((folder) => fileText(root, folder));
  restore(root, today);
  gc(root, today);
  const now = ['history', 'archive', 'runs'].flatMap((folder) => fileText(root, folder));
  const isOfOld = ([file]: readonly [string, string]): boolean => !file.endsWith('archive.json');
  expect(now.filter(isOfOld)).toEqual(kept.filter(isOfOld));
  expect(JSON.parse(now.find((one) => !isOfOld(one))![1])).toEqual({
    ...JSON.parse(kept.find((one) => !isOfOld(one))![1]),
    expgraph: '0.0.0',
  });
});
