import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { lockStore } from '../../src/cache/files.ts';
import { type RepairReport, repair } from '../../src/cache/fsck/repair.ts';
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
const LONG = 'a long answer '.repeat(10_000);
const TASKS = ['one', 'two'].map((scenario) => task({ ...CELL, scenario }));

function mend(root: string, tasks: readonly TestTask[] = TASKS): RepairReport {
  const lock = lockStore({ root, holder: HOLDER });
  if (lock.kind === 'err') throw new Error('the store is locked');
  return repair({ root, redact: (text) => text, keyOf, cells: tasks.map(viewCell), lock: lock.value });
}

async function filled(root: string, text = 'yes'): Promise<string> {
  using store = openTestStore(root);
  await invoke(
    store,
    TASKS.map((of) => ({ of, text })),
  );
  store.refreshView(TASKS.map(viewCell));
  return storeFiles(root, 'history').find((file) => file.endsWith('a_run1.jsonl'))!;
}

const codes = (findings: RepairReport['findings']): string[] => findings.map(({ code }) => code);

it('finds nothing to mend in a clean store and changes nothing of it', async () => {
  const root = tempFolder();
  await filled(root);
  const kept = (): readonly string[] =>
    [...storeFiles(root, 'history'), ...storeFiles(root, 'runs')].map((file) => readFileSync(file, 'utf8'));
  const before = kept();
  expect(mend(root)).toMatchObject({ mended: [], findings: [] });
  expect(kept()).toEqual(before);
});

it('mends index, view, torn tail and left-over files, and says so of each', async () => {
  const root = tempFolder();
  const file = await filled(root);
  const view = path.join(root, 'runs', 'a_run1.jsonl');
  const shown = readFileSync(view, 'utf8');
  appendFileSync(file, '{"type":"scenario_re');
  writeFileSync(view, shown.replace('"yes"', '"no"'));
  for (const name of readdirSync(root)) if (name.startsWith('index.db')) rmSync(path.join(root, name));
  writeFileSync(path.join(root, 'index.db'), 'no database '.repeat(1000), { mode: 0o600 });
  writeFileSync(path.join(root, 'index.db.new'), '', { mode: 0o600 });
  writeFileSync(path.join(root, 'runs', 'b_run1.jsonl.tmp'), '', { mode: 0o600 });
  const report = mend(root);
  expect(codes(report.mended).sort()).toEqual([
    'index-damaged',
    'left-over',
    'left-over',
    'torn-tail',
    'view-damaged',
  ]);
  expect(report.findings).toEqual([]);
  expect(readFileSync(view, 'utf8')).toBe(shown);
  expect(readdirSync(path.join(root, 'quarantine')).some((name) => name.endsWith('.tail'))).toBe(true);
});

it('leaves a damaged line where it is and goes on telling of it', async () => {
  const root = tempFolder();
  const file = await filled(root);
  const bytes = readFileSync(file);
  bytes[bytes.indexOf('"yes"') + 1]! ^= 1;
  writeFileSync(file, bytes);
  const report = mend(root);
  expect(codes(report.findings.filter(({ severity }) => severity !== 'note'))).toEqual(['damaged-line']);
  expect(readFileSync(file).equals(bytes)).toBe(true);
});

it('sets a damaged blob aside, after which the cells that named it are drawn again and are whole', async () => {
  const root = tempFolder();
  await filled(root, LONG);
  const [blob] = storeFiles(root, 'blobs');
  const bytes = readFileSync(blob!);
  bytes[500]! ^= 1;
  writeFileSync(blob!, bytes);
  expect(codes(mend(root).findings.filter(({ severity }) => severity === 'damage'))).toEqual([
    'blob-missing',
    'blob-missing',
  ]);
  expect(readFileSync(path.join(root, 'quarantine', path.basename(blob!))).equals(bytes)).toBe(true);
  using store = openTestStore(root);
  expect(TASKS.map(({ key }) => store.history.byKey(key))).toEqual([undefined, undefined]);
  await invoke(
    store,
    TASKS.map((of) => ({ of, text: LONG })),
  );
  expect(TASKS.map(({ key }) => store.history.byKey(key)?.status)).toEqual(['completed', 'completed']);
  // The damaged ones were the first draws: no number is given out twice.
  expect([...store.records()].map(({ generation }) => generation)).toEqual([2, 2]);
  expect(codes(checkStore(root, TASKS).findings.filter(({ severity }) => severity === 'damage'))).toEqual([]);
});
