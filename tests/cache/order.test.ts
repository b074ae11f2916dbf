import { cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { newOrigin } from '../../src/cache/disk/origin.ts';
import { openReader } from '../../src/cache/index/reader.ts';
import { sha256 } from '../../src/core/canonical.ts';
import { task } from '../rig/records.ts';
import { checkStore, invoke, openTestStore, storeFiles } from '../rig/stores.ts';
import { tempFolder } from '../rig/temp.ts';

const CELL = { variant: 'a', scenario: 'one', run: 1 };

/** A store with one invocation, and another's folder of the same number that a merge by hand puts beside it. */
async function twoOfOneNumber(): Promise<{ readonly root: string; readonly other: string }> {
  const root = tempFolder();
  const elsewhere = tempFolder();
  for (const [folder, text] of [
    [root, 'the later'],
    [elsewhere, 'the earlier'],
  ] as const) {
    using store = openTestStore(folder);
    await invoke(store, [{ of: task(CELL), text }]);
  }
  const [name] = readdirSync(path.join(root, 'history'));
  return { root, other: path.join(elsewhere, 'history', name!) };
}

const chosen = (root: string, index: 'keep' | 'rebuild'): string | undefined => {
  using store = openTestStore(root, { index });
  const read = store.read(store.row(store.history.byKey(task(CELL).key)!.id)!);
  return read.kind === 'ok' ? read.value.output?.text : read.error;
};

it('orders two invocations of one number by their names, whichever was indexed first', async () => {
  const { root, other } = await twoOfOneNumber();
  cpSync(other, path.join(root, 'history', '0001-20250101T000000Z'), { recursive: true });
  expect([chosen(root, 'keep'), chosen(root, 'rebuild')]).toEqual(['the later', 'the later']);
  expect(checkStore(root, [task(CELL)]).findings.filter(({ code }) => code.startsWith('index'))).toEqual([]);
});

it('lets the later name win as well where it was indexed last', async () => {
  const { root, other } = await twoOfOneNumber();
  cpSync(other, path.join(root, 'history', '0001-20270101T000000Z'), { recursive: true });
  expect([chosen(root, 'keep'), chosen(root, 'rebuild')]).toEqual(['the earlier', 'the earlier']);
});

it('finds the content of a part in another invocation when the folder of the first is gone', async () => {
  const root = tempFolder();
  const of = task(CELL);
  {
    using store = openTestStore(root);
    await invoke(store, [{ of }]);
    await invoke(store, [{ of }]);
  }
  const [first] = readdirSync(path.join(root, 'history'));
  rmSync(path.join(root, 'history', first!), { recursive: true });
  using store = openTestStore(root);
  for (const part of of.contents) expect(store.part(part.digest)).toEqual(part.content);
});

it('reads a file anew that was replaced by a longer one', async () => {
  const root = tempFolder();
  const tasks = ['one', 'two'].map((scenario) => task({ ...CELL, scenario }));
  const longer = tempFolder();
  for (const [folder, text] of [
    [root, 'short'],
    [longer, 'another and longer text than the first'],
  ] as const) {
    using store = openTestStore(folder);
    await invoke(
      store,
      tasks.map((of) => ({ of, text })),
    );
  }
  const file = (folder: string): string =>
    storeFiles(folder, 'history').find((name) => name.endsWith('a_run1.jsonl'))!;
  renameSync(file(longer), file(root));
  using store = openTestStore(root);
  expect(store.diagnostics).toEqual([]);
  const output = { text: 'another and longer text than the first' };
  expect([...store.records()].map((row) => store.read(row))).toMatchObject([
    { kind: 'ok', value: { output } },
    { kind: 'ok', value: { output } },
  ]);
});

it('passes over lines of a newer version with one sentence a file', async () => {
  const root = tempFolder();
  const tasks = ['one', 'two'].map((scenario) => task({ ...CELL, scenario }));
  {
    using store = openTestStore(root);
    await invoke(
      store,
      tasks.map((of) => ({ of })),
    );
  }
  const file = storeFiles(root, 'history').find((name) => name.endsWith('a_run1.jsonl'))!;
  const lines = readFileSync(file, 'utf8').split('\n');
  const body = lines[1]!.slice(0, lines[1]!.lastIndexOf(',"c":')).replace('"v":1', '"v":9');
  lines[1] = `${body},"c":"${sha256(body).slice(0, 32)}"}`;
  writeFileSync(file, lines.join('\n'));
  using store = openReader(root);
  expect(store.diagnostics).toMatchObject([
    { code: 'newer-line', message: '1 line is of a newer version and passed over: update expgraph' },
  ]);
  expect(tasks.map(({ key }) => store.history.byKey(key)?.status)).toEqual([undefined, 'completed']);
});

it('does not use an index of a newer version: a reader says so, a writer makes it anew', async () => {
  const root = tempFolder();
  const of = task(CELL);
  {
    using store = openTestStore(root);
    await invoke(store, [{ of }]);
  }
  const index = new DatabaseSync(path.join(root, 'index.db'));
  index.exec('PRAGMA user_version = 99');
  index.close();
  {
    using reader = openReader(root);
    expect(reader.diagnostics.map(({ code }) => code)).toEqual(['index-unused']);
    expect(reader.history.byKey(of.key)?.status).toBe('completed');
  }
  using store = openTestStore(root);
  expect(store.diagnostics).toMatchObject([{ severity: 'note', code: 'index-rebuilt' }]);
  expect(store.history.byKey(of.key)?.status).toBe('completed');
});

it('ends the names of two that began alike in what no two share, and both count', async () => {
  const [root, elsewhere] = [tempFolder(), tempFolder()];
  for (const [folder, scenario] of [
    [root, 'here'],
    [elsewhere, 'there'],
  ] as const) {
    using store = openTestStore(folder, { origin: newOrigin });
    await invoke(store, [{ of: task({ ...CELL, scenario }) }]);
  }
  cpSync(path.join(elsewhere, 'history'), path.join(root, 'history'), { recursive: true });
  using store = openTestStore(root);
  expect([...store.records()].map(({ sequence, scenario }) => [sequence, scenario]).sort()).toEqual([
    [1, 'here'],
    [1, 'there'],
  ]);
  expect(store.drawn()).toHaveLength(2);
  expect(store.nextInvocation(new Date('2020-01-01T00:00:00Z'))).toBe('0002-20200101T000000Z');
});
