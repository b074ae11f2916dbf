import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isHeadTableTrue,
  keepHeadTable,
  keptHeadTable,
  makeHeadTable,
} from '../../src/cache/index/head-table.ts';
import { makeHistory } from '../../src/cache/index/heads.ts';
import { openIndexDb } from '../../src/cache/index/index-db.ts';
import { keyHeads } from '../../src/cache/index/key-heads.ts';
import { COUNTING, rowsOf } from '../../src/cache/index/record-rows.ts';
import { verdictsOf } from '../../src/cache/index/verdicts.ts';
import { type RecordRow, rowFromSql } from '../../src/cache/rows.ts';
import { asDigest, asKey } from '../../src/core/brand.ts';
import {
  countedBy,
  countingBy,
  countingOf,
  isNewer,
  newestOf,
  outranks,
  type Ranked,
  standsFor,
} from '../../src/core/counting.ts';
import { asInvocationId, throughNumber } from '../../src/core/invocation-id.ts';
import { cellId } from '../../src/core/task.ts';
import { rowsByKey } from '../../src/project/compare/draws.ts';

const digest = (of: number): string => String(of).padStart(64, '0');

const record = (of: Partial<Ranked>): Ranked => ({
  id: 1,
  sequence: 1,
  stamp: 0,
  origin: 0,
  status: 'completed',
  archive: null,
  ...of,
});

describe('which record counts', () => {
  test('a completed one before any failed one, however much newer that is', () => {
    const old = record({ sequence: 1 });
    const failed = record({ sequence: 9, status: 'failed' });
    expect(countingOf([old, failed])).toBe(old);
    expect(countingOf([failed, old])).toBe(old);
    expect(newestOf([old, failed])).toBe(failed);
  });

  test('of several completed ones the newest: by number, time and origin of its invocation, then as they came', () => {
    const rows = [record({ sequence: 2, stamp: 5, id: 1 }), record({ sequence: 2, stamp: 5, id: 2 })];
    expect(countingOf([...rows, record({ sequence: 2, stamp: 4, id: 9 })])).toBe(rows[1]);
    expect(countingOf([record({ sequence: 2, stamp: 5, origin: 1, id: 0 }), ...rows])?.origin).toBe(1);
    expect(countingOf([record({ sequence: 3, id: 0 }), ...rows])?.sequence).toBe(3);
  });

  test('what is in the history before what was archived, and what was archived where nothing else is', () => {
    const gone = record({ sequence: 7, archive: '0009-20261122T204501Z' });
    const failed = record({ sequence: 1, status: 'failed' });
    expect(countingOf([gone, failed])).toBe(failed);
    expect(countingOf([gone])).toBe(gone);
    expect(countingOf([])).toBeUndefined();
  });

  test('at a moment what counted then, archived since or not, and nothing that came later', () => {
    const gone = record({ sequence: 2, id: 2, archive: '0009-20261122T204501Z' });
    const rows = [record({ sequence: 1 }), gone, record({ sequence: 3, id: 3 })];
    const then = (sequence: number) =>
      countedBy(rows, { groupOf: () => 'cell', upTo: throughNumber(sequence) }).get('cell');
    expect([0, 1, 2, 3].map((sequence) => then(sequence)?.id)).toEqual([undefined, 1, 2, 3]);
  });

  test('for a cell the record of the key that is asked for, else the one under its names, which is stale', () => {
    const cell = { variant: 'a', scenario: 'one', run: 1, key: asKey(digest(1)) };
    const heads = { byKey: () => 'of the key', byCell: () => 'of the cell' };
    expect(standsFor(heads, cell)).toEqual({ standing: 'current', record: 'of the key' });
    expect(standsFor({ ...heads, byKey: () => undefined }, cell)).toEqual({
      standing: 'stale',
      record: 'of the cell',
    });
    expect(standsFor({ byKey: () => undefined, byCell: () => undefined }, cell)).toBeUndefined();
  });
});

const rows = fc
  .array(
    fc.record({
      key: fc.nat(3),
      variant: fc.constantFrom('a', 'b'),
      sequence: fc.integer({ min: 1, max: 4 }),
      stamp: fc.nat(1),
      origin: fc.constantFrom(0, 7, 2 ** 40 - 1),
      status: fc.constantFrom('completed' as const, 'failed' as const),
      isArchived: fc.boolean(),
    }),
    { maxLength: 12 },
  )
  .map((all) => all.map(rowOf));

function rowOf(
  of: {
    readonly key: number;
    readonly variant: string;
    readonly sequence: number;
    readonly stamp: number;
    readonly origin: number;
    readonly status: 'completed' | 'failed';
    readonly isArchived: boolean;
  },
  i: number,
): Omit<RecordRow, 'id'> {
  const part = asDigest(digest(0));
  return {
    key: asKey(digest(of.key)),
    ownKey: asKey(digest(of.key)),
    unadopted: null,
    generation: i + 1,
    sequence: of.sequence,
    stamp: of.stamp,
    origin: of.origin,
    variant: of.variant,
    scenario: 'one',
    category: null,
    run: 1,
    status: of.status,
    file: 1,
    offset: i,
    length: 1,
    outputDigest: null,
    tested: null,
    ending: null,
    startedAt: '2026-11-22T20:45:01Z',
    latencyMs: null,
    inputTokens: null,
    outputTokens: null,
    costUsd: null,
    attempts: 1,
    servedModel: null,
    parts: { variant: part, scenario: part, engine: part },
    archive: of.isArchived ? asInvocationId('0009-20261122T204501Z') : null,
    verdict: { score: i, passed: null, label: null, said: null },
  };
}

describe('the index', () => {
  const idsBy = (counting: ReadonlyMap<string, { readonly id: number }>): readonly number[] =>
    [...counting.values()].map(({ id }) => id).sort((a, b) => a - b);

  test('has at the head of each key and each cell the record that counts', () => {
    fc.assert(
      fc.property(rows, (all) => {
        using index = openIndexDb(':memory:');
        for (const row of all) index.addRecord(row);
        const kept = index.statement('SELECT * FROM records WHERE archive IS NULL').all().map(rowFromSql);
        const heads = (table: string): readonly number[] =>
          index
            .statement(`SELECT id FROM ${table} ORDER BY id`)
            .all()
            .map(({ id }) => Number(id));
        const ofKeys = countingBy(kept, ({ key }) => key);
        expect(heads('key_heads')).toEqual(idsBy(ofKeys));
        expect(heads('cell_heads')).toEqual(idsBy(countingBy(kept, cellId)));
        expect([...rowsOf(index, COUNTING)].map(({ id }) => id).sort((a, b) => a - b)).toEqual(idsBy(ofKeys));
        const history = makeHistory(index);
        for (const row of kept) {
          expect(history.byKey(row.key)?.id).toBe(ofKeys.get(row.key)?.id);
          expect(history.byCell(row)?.id).toBe(countingBy(kept, cellId).get(cellId(row))?.id);
        }
        const scores = [...verdictsOf(index)].map(({ verdict }) => verdict?.score);
        expect(scores.sort()).toEqual([...ofKeys.values()].map(({ verdict }) => verdict?.score).sort());
      }),
    );
  });

  test('reads many rows as it reads one, in the order of time', () => {
    fc.assert(
      fc.property(rows, (all) => {
        using index = openIndexDb(':memory:');
        for (const row of all) index.addRecord(row);
        const one = index.statement('SELECT * FROM records ORDER BY sequence, stamp, origin, id').all();
        expect([...rowsOf(index, '')]).toEqual(one.map(rowFromSql));
      }),
    );
  });

  test('knows the heads from a table that was kept, whatever was added, changed or forgotten since', () => {
    fc.assert(
      fc.property(rows, fc.nat(), fc.nat(), (all, cut, touched) => {
        using index = openIndexDb(':memory:');
        const first = cut % (all.length + 1);
        const ids = all.slice(0, first).map((row) => index.addRecord(row));
        keepHeadTable(index, makeHeadTable(index));
        const id = ids[touched % (ids.length + 1)];
        if (id !== undefined && touched % 3 === 0) index.statement('DELETE FROM kept WHERE id = ?').run(id);
        if (id !== undefined && touched % 3 === 1)
          index.statement('UPDATE kept SET completed = 1 - completed WHERE id = ?').run(id);
        if (id !== undefined) expect(keptHeadTable(index) === null).toBe(touched % 3 < 2);
        for (const row of all.slice(first)) index.addRecord(row);
        expect(isHeadTableTrue(index)).toBe(true);
        const heads = keyHeads(index, 0);
        const kept = index.statement('SELECT * FROM records WHERE archive IS NULL').all().map(rowFromSql);
        const counting = countingBy(kept, ({ key }) => key);
        for (const { key } of all) expect(heads(key)?.id).toBe(counting.get(key)?.id);
      }),
    );
  });

  test('passes over a table of heads that does not fit its checksum', () => {
    using index = openIndexDb(':memory:');
    const [row] = fc.sample(rows, { numRuns: 20, seed: 1 }).flat();
    index.addRecord({ ...row!, archive: null });
    keepHeadTable(index, makeHeadTable(index));
    expect(keptHeadTable(index)?.count).toBe(1);
    index.statement("UPDATE head_table SET bytes = zeroblob(length(bytes)) WHERE name = 'keys'").run();
    expect(keptHeadTable(index)).toBeNull();
    expect(makeHistory(index).byKey(row!.key)).toBeDefined();
  });

  test('and a comparison mean the same record of a key', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const numbered = all.map((row, id) => ({ ...row, id }));
        expect(rowsByKey(numbered).counting).toEqual(countingBy(numbered, ({ key }) => key));
      }),
    );
  });

  test('never has two records of which each outranks the other, or neither does', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const numbered = all.map((row, id) => ({ ...row, id }));
        for (const a of numbered)
          for (const b of numbered)
            if (a.id !== b.id) {
              expect(outranks(a, b)).toBe(!outranks(b, a));
              expect(isNewer(a, b)).toBe(!isNewer(b, a));
            }
      }),
    );
  });
});
