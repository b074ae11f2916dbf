// A reader whose index grows under it: another process adds records and texts between two of its statements.
import path from 'node:path';
import { expect, it } from 'vitest';
import { openStore } from '../../src/cache/files.ts';
import { cellHeads } from '../../src/cache/index/cell-heads.ts';
import { type IndexDb, openIndexDb, openIndexForReading } from '../../src/cache/index/index-db.ts';
import { keyHeads } from '../../src/cache/index/key-heads.ts';
import { measuresOf } from '../../src/cache/index/measures.ts';
import { rowsOf } from '../../src/cache/index/record-rows.ts';
import { verdictsOf } from '../../src/cache/index/verdicts.ts';
import { rowFromSql } from '../../src/cache/rows.ts';
import { entry, invocationRecord, task } from '../rig/records.ts';
import { tempFolder } from '../rig/temp.ts';

const HOLDER = { pid: 1, host: 'here', command: 'expgraph run', since: '2026-01-02T03:04:05.000Z' };
const TASKS = Array.from({ length: 12 }, (_, i) =>
  task({ variant: `arm${i}`, scenario: `scenario${i}`, run: 1 }),
);
/** Of this many tasks there are records when the reader opens the index. */
const KNOWN = 2;

/** An index for reading, to which another connection adds a record before each statement of the reader. */
async function growing(): Promise<Disposable & { readonly index: IndexDb }> {
  const root = tempFolder();
  const opened = openStore({ root, holder: HOLDER, redact: (text) => text });
  if (opened.kind === 'err') throw new Error('the store is locked');
  const store = opened.value;
  const invocation = store.nextInvocation(new Date('2026-01-02T03:04:05Z'));
  store.begin(invocationRecord(invocation));
  for (const of of TASKS.slice(0, KNOWN)) await store.put(entry(of, { invocation }));
  const file = path.join(root, 'index.db');
  const writer = openIndexDb(file);
  const read = openIndexForReading(file);
  if (read.kind === 'err') throw new Error(read.error.why);
  const reader = read.value;
  const first = rowFromSql(writer.statement('SELECT * FROM records LIMIT 1').get()!);
  const more = TASKS.slice(KNOWN);
  const grow = (): void => {
    const of = more.shift();
    if (of === undefined) return;
    const { key, variant, scenario, parts } = of;
    writer.transaction(() => writer.addRecord({ ...first, key, ownKey: key, variant, scenario, parts }));
  };
  const index: IndexDb = {
    ...reader,
    statement(sql) {
      grow();
      return reader.statement(sql);
    },
    get database() {
      grow();
      return reader.database;
    },
  };
  return {
    index,
    [Symbol.dispose]() {
      for (const one of [reader, writer, store]) one[Symbol.dispose]();
    },
  };
}

it.each([0, 100])('finds what counts of a cell; more than %i cells are looked up at once', async (few) => {
  using at = await growing();
  const of = cellHeads(at.index, few);
  const found = TASKS.map((cell) => of(cell));
  for (const [i, cell] of TASKS.entries()) {
    if (i < KNOWN) expect(found[i]).toMatchObject({ key: cell.key, status: 'completed', parts: cell.parts });
    else if (found[i]) expect(found[i]).toMatchObject({ key: cell.key, parts: cell.parts });
  }
});

it.each([0, 100])('finds what counts of a key; a table of more than %i records is kept', async (few) => {
  using at = await growing();
  const of = keyHeads(at.index, few);
  const found = TASKS.map(({ key }) => of(key));
  expect(found.slice(0, KNOWN).map((head) => head?.status)).toEqual(['completed', 'completed']);
  for (const head of found) if (head) expect(head).toMatchObject({ status: 'completed', inputTokens: 10 });
});

it('tells the verdict of each key as it is: a completed record is not a failed one', async () => {
  using at = await growing();
  const verdicts = [...verdictsOf(at.index)];
  expect(verdicts.length).toBeGreaterThanOrEqual(KNOWN);
  expect(new Set(verdicts.map(({ status }) => status))).toEqual(new Set(['completed']));
});

it('gives rows and measures whose texts are all known', async () => {
  using at = await growing();
  const rows = [...rowsOf(at.index, '')];
  expect(rows.length).toBeGreaterThanOrEqual(KNOWN);
  for (const [i, { variant, scenario, parts }] of rows.entries()) {
    expect({ variant, scenario, parts }).toEqual({
      variant: TASKS[i]!.variant,
      scenario: TASKS[i]!.scenario,
      parts: TASKS[i]!.parts,
    });
  }
  using again = await growing();
  for (const row of measuresOf(again.index)) expect(row.servedModel).toBe('made-1');
});
