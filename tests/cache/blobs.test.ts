import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { type Store, StoreError } from '../../src/cache/store.ts';
import { sha256 } from '../../src/core/canonical.ts';
import type { KeptResult, ScenarioResult } from '../../src/core/record.ts';
import { entry, invocationRecord, part, task, viewCell } from '../rig/records.ts';
import { checkStore, invoke, openTestStore, storeFiles } from '../rig/stores.ts';
import { tempFolder } from '../rig/temp.ts';

const CELL = { variant: 'a', scenario: 'long', run: 1 };
const LONG = 'word "quoted" \u{1f600} \u0001 '.repeat(5_000);

const linesOf = (root: string): readonly KeptResult[] =>
  storeFiles(root, 'history')
    .filter((file) => file.endsWith('_run1.jsonl'))
    .flatMap((file) => readFileSync(file, 'utf8').trimEnd().split('\n'))
    .map((line) => JSON.parse(line) as KeptResult)
    .filter(({ type }) => type === 'scenario_result');

const blobsOf = (root: string): readonly string[] => storeFiles(root, 'blobs');

function readFirst(store: Store): ReturnType<Store['read']> {
  const [row] = [...store.records()];
  return store.read(row!);
}

it('keeps a body of more than 64 kB in a file named by its digest and gives the record back whole', async () => {
  const root = tempFolder();
  using store = openTestStore(root);
  const of = task(CELL);
  await invoke(store, [{ of, text: LONG }]);
  const [line] = linesOf(root);
  const [blob] = blobsOf(root);
  const bytes = readFileSync(blob!);
  expect(line!.output).toEqual({ blob: { sha256: sha256(bytes), bytes: bytes.length } });
  expect(path.relative(root, blob!)).toBe(`blobs/sha256/${sha256(bytes).slice(0, 2)}/${sha256(bytes)}`);
  expect(JSON.parse(bytes.toString())).toEqual(entry(of, { invocation: '', text: LONG }).record.output);
  expect(readFirst(store)).toMatchObject({ kind: 'ok', value: { output: { text: LONG } } });
});

it('leaves a body of exactly 64 kB in its line and takes one byte more out', async () => {
  const root = tempFolder();
  using store = openTestStore(root);
  const empty = entry(task(CELL), { invocation: '', text: '' }).record.output;
  const room = 64 * 1024 - JSON.stringify(empty).length;
  await invoke(store, [{ of: task(CELL), text: 'x'.repeat(room) }]);
  expect(blobsOf(root)).toEqual([]);
  await invoke(store, [{ of: task(CELL), text: 'x'.repeat(room + 1) }]);
  expect(blobsOf(root)).toHaveLength(1);
});

it('raises VERSION to 2 with the first blob, not before', async () => {
  const root = tempFolder();
  using store = openTestStore(root);
  await invoke(store, [{ of: task(CELL) }]);
  expect(readFileSync(path.join(root, 'VERSION'), 'utf8')).toBe('1\n');
  await invoke(store, [{ of: task(CELL), text: LONG }]);
  expect(readFileSync(path.join(root, 'VERSION'), 'utf8')).toBe('2\n');
});

it('writes equal bodies once, and the view names the blob as the history does', async () => {
  const root = tempFolder();
  using store = openTestStore(root);
  const tasks = [1, 2, 3].map((run) => task({ ...CELL, run }));
  await invoke(
    store,
    tasks.map((of) => ({ of, text: LONG })),
  );
  store.refreshView(tasks.map(viewCell));
  expect(blobsOf(root)).toHaveLength(1);
  const shown = readFileSync(path.join(root, 'runs', 'a_run1.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')[1]!;
  expect((JSON.parse(shown) as KeptResult).output).toEqual(linesOf(root)[0]!.output);
  expect(checkStore(root, tasks).findings).toEqual([]);
});

it('takes secrets out before the digest is made', async () => {
  const root = tempFolder();
  using store = openTestStore(root, { redact: (text) => text.replaceAll('hunter22', '[redacted]') });
  await invoke(store, [{ of: task(CELL), text: `${LONG} hunter22` }]);
  expect(readFileSync(blobsOf(root)[0]!, 'utf8')).toMatch(/\[redacted\]/);
  expect(readFileSync(blobsOf(root)[0]!, 'utf8')).not.toContain('hunter22');
  expect(readFirst(store)).toMatchObject({ kind: 'ok', value: { output: { text: `${LONG} [redacted]` } } });
});

it('keeps the content of a large part in a blob and gives it back', async () => {
  const root = tempFolder();
  const of = task(CELL);
  const large = part('scenario', { input: LONG });
  {
    using store = openTestStore(root);
    await invoke(store, [{ of, parts: [...of.contents, large] }]);
    expect(store.part(large.digest)).toEqual(large.content);
  }
  using again = openTestStore(root, { index: 'rebuild' });
  expect(again.part(large.digest)).toEqual(large.content);
  expect(checkStore(root, [of]).findings).toMatchObject([{ code: 'view-missing' }]);
});

it('lets short records pass while a long body is written', async () => {
  const root = tempFolder();
  using store = openTestStore(root);
  const order: string[] = [];
  const puts = [
    { of: task(CELL), text: 'x'.repeat(8 << 20) },
    ...Array.from({ length: 20 }, (_, i) => ({ of: task({ ...CELL, scenario: `s${i}` }) })),
  ];
  await invoke(
    store,
    puts.map((put) => ({ ...put, kept: () => order.push(put.of.scenario) })),
  );
  expect(order).toHaveLength(21);
  expect(order.at(-1)).toBe('long');
});

it.each([
  ['missing', (blob: string) => rmSync(blob), 'blob-missing'],
  ['cut', (blob: string) => truncateSync(blob, 1000), 'blob-missing'],
  [
    'changed',
    (blob: string) => {
      const bytes = readFileSync(blob);
      bytes[500]! ^= 1;
      writeFileSync(blob, bytes);
    },
    'blob-damaged',
  ],
])('never serves a record whose blob is %s, and fsck names file, line and key', async (_, harm, code) => {
  const root = tempFolder();
  const of = task(CELL);
  {
    using store = openTestStore(root);
    await invoke(store, [{ of, text: LONG }]);
    store.refreshView([viewCell(of)]);
    harm(blobsOf(root)[0]!);
    expect(readFirst(store)).toMatchObject({ kind: 'err', error: expect.stringContaining('blob') });
  }
  const file = storeFiles(root, 'history').find((name) => name.endsWith('a_run1.jsonl'));
  const damage = checkStore(root, [of]).findings.filter(({ severity }) => severity === 'damage');
  expect(damage).toMatchObject([{ code, file, line: 2, message: expect.stringContaining(of.key) }]);
});

it('forgets a record whose blob is gone when its view is written, so that it is drawn again', async () => {
  const root = tempFolder();
  const of = task(CELL);
  using store = openTestStore(root);
  await invoke(store, [{ of, text: LONG }]);
  rmSync(blobsOf(root)[0]!);
  store.refreshView([viewCell(of)]);
  expect(store.diagnostics.map(({ code }) => code)).toEqual(['damaged-record']);
  expect(store.history.byKey(of.key)).toBeUndefined();
});

it('does not trust a damaged blob that stands under the right name', async () => {
  const root = tempFolder();
  const of = task(CELL);
  {
    using store = openTestStore(root);
    await invoke(store, [{ of, text: LONG }]);
  }
  const [blob] = blobsOf(root);
  const whole = readFileSync(blob!);
  writeFileSync(blob!, Buffer.alloc(whole.length, 'x'));
  using store = openTestStore(root);
  await invoke(store, [{ of, text: LONG }]);
  expect(readFileSync(blob!).equals(whole)).toBe(true);
  expect(readdirSync(path.join(root, 'quarantine'))).toEqual([path.basename(blob!)]);
});

it('notes a blob that no record names and a file half made, as a killed run leaves them', async () => {
  const root = tempFolder();
  const of = task(CELL);
  using store = openTestStore(root);
  await invoke(store, [{ of, text: LONG }]);
  store.refreshView([viewCell(of)]);
  const folder = path.join(root, 'blobs/sha256/ab');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(path.join(folder, `ab${'0'.repeat(62)}`), 'left', { mode: 0o600 });
  writeFileSync(path.join(folder, `ab${'1'.repeat(62)}.tmp`), 'half', { mode: 0o600 });
  expect(checkStore(root, [of]).findings).toMatchObject([
    { severity: 'note', code: 'blob-unreachable', file: path.join(folder, `ab${'0'.repeat(62)}`) },
    { severity: 'note', code: 'left-over', file: path.join(folder, `ab${'1'.repeat(62)}.tmp`) },
  ]);
});

it('rejects a record whose blob cannot be written, and every later one of the invocation', async () => {
  const root = tempFolder();
  using store = openTestStore(root);
  const invocation = store.nextInvocation(new Date('2026-01-02T03:04:05Z'));
  store.begin(invocationRecord(invocation));
  // A file where the folder should be: nothing can be made below it.
  writeFileSync(path.join(root, 'blobs'), 'in the way');
  await expect(store.put(entry(task(CELL), { invocation, text: LONG }))).rejects.toThrow(StoreError);
  const later = entry(task({ ...CELL, run: 2 }), { invocation });
  await expect(store.put(later)).rejects.toThrow(StoreError);
  expect(linesOf(root)).toEqual([]);
});

it('takes words of a model that look like a blob for words', async () => {
  const root = tempFolder();
  using store = openTestStore(root);
  const of = task(CELL);
  const put = entry(of, { invocation: '' }).record.output!;
  const output: ScenarioResult['output'] = {
    ...put,
    tool_calls: [{ name: 'x', arguments: { blob: { sha256: '../../../etc/passwd', bytes: 3 } } }],
  };
  await invoke(store, [{ of, output }]);
  expect(readFirst(store)).toMatchObject({ kind: 'ok', value: { output } });
});
