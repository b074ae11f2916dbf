// Where lines stand, where keys lead, and how both are written into an address.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readState, scenarioQuery, writeState } from '../../src/page/matrix/address.ts';
import { layoutOf, lineAt, lineOfRow, linesOf, rowsIn } from '../../src/page/matrix/layout.ts';
import { type Move, moved } from '../../src/page/matrix/moves.ts';

const GROUPS = {
  total: 6,
  groups: [
    { category: 'a', offset: 0, rows: 3 },
    { category: null, offset: 3, rows: 1 },
    { category: 'b', offset: 4, rows: 2 },
  ],
};

describe('lines of the list', () => {
  test('each group begins with its head, and every row has one line', () => {
    const layout = layoutOf(GROUPS);
    const lines = Array.from({ length: layout.count }, (_, line) => lineAt(layout, line));
    expect(lines.map((line) => (line.kind === 'head' ? `head ${line.group}` : line.row))).toEqual([
      'head 0',
      0,
      1,
      2,
      'head 1',
      3,
      'head 2',
      4,
      5,
    ]);
    expect([0, 1, 2, 3, 4, 5].map((row) => lineOfRow(layout, row))).toEqual([1, 2, 3, 5, 7, 8]);
    expect(linesOf(layout, 2)).toEqual({ first: 6, count: 3 });
  });

  test('one group without a name has no head', () => {
    const layout = layoutOf({ total: 2, groups: [{ category: null, offset: 0, rows: 2 }] });
    expect([layout.count, lineOfRow(layout, 1), lineAt(layout, 1)]).toEqual([
      2,
      1,
      { kind: 'row', row: 1, group: 0 },
    ]);
  });

  test('what is seen is told in rows, also where a head stands at the edge', () => {
    const layout = layoutOf(GROUPS);
    expect(rowsIn(layout, 0, 4)).toEqual([0, 2]);
    expect(rowsIn(layout, 4, 6)).toEqual([3, 3]);
    expect(rowsIn(layout, -8, 80)).toEqual([0, 5]);
  });

  test('line and row are each other’s way back, however many groups there are', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(sizes, (counts) => {
        let offset = 0;
        const groups = counts.map((rows, at) => {
          const group = { category: `c${at}`, offset, rows };
          offset += rows;
          return group;
        });
        const layout = layoutOf({ total: offset, groups });
        const lines = Array.from({ length: layout.count }, (_, line) => lineAt(layout, line));
        const back = lines.map((line) =>
          line.kind === 'row' ? lineOfRow(layout, line.row) : linesOf(layout, line.group).first,
        );
        expect(back).toEqual(lines.map((_, at) => at));
      }),
    );
  });

  test('nothing has no lines', () => {
    expect([layoutOf(null).count, layoutOf({ total: 0, groups: [] }).count]).toEqual([0, 0]);
  });
});

describe('keys', () => {
  const bounds = { rows: 50, columns: [[1, 2, 3], [1]], pageRows: 20 };
  const from = (row: number, column = 0, run: number | null = null) => ({ row, column, run });
  const cases: readonly (readonly [Move, ReturnType<typeof from>, ReturnType<typeof from>])[] = [
    [{ kind: 'by', rows: 1, columns: 0 }, from(4), from(5)],
    [{ kind: 'by', rows: 1, columns: 0 }, from(49), from(49)],
    [{ kind: 'by', rows: -1, columns: 0 }, from(0), from(0)],
    [{ kind: 'by', rows: 0, columns: 1 }, from(4, 0, 2), from(4, 1)],
    [{ kind: 'by', rows: 1, columns: 0 }, from(4, 0, 2), from(5, 0, 2)],
    [{ kind: 'page', pages: 1 }, from(4), from(23)],
    [{ kind: 'page', pages: -1 }, from(4), from(0)],
    [{ kind: 'top' }, from(44, 1), from(0, 1)],
    [{ kind: 'end' }, from(4, 1), from(49, 1)],
    [{ kind: 'last' }, from(4), from(4, 1)],
    [{ kind: 'run', run: 3 }, from(4), from(4, 0, 3)],
    [{ kind: 'run', run: 3 }, from(4, 0, 3), from(4)],
    [{ kind: 'run', run: 3 }, from(4, 1), from(4, 1)],
  ];
  test.each(cases)('%j leads from %j to %j', (move, at, to) => {
    expect(moved(at, move, bounds)).toEqual(to);
  });
});

describe('the address of the matrix', () => {
  test('says all of its state, and nothing that goes without saying', () => {
    const text =
      'q=gym&category=a&mark=failed&differ=runs&since=7&sort=cost&order=down&show=tokens&at=17.1.3';
    expect(writeState(readState(new URLSearchParams(text))).toString()).toBe(text);
    expect(writeState(readState(new URLSearchParams('show=marks&at=3&offset=500&x=1'))).toString()).toBe(
      'at=3',
    );
  });

  test('a search that means nothing is said to be wrong before anybody is asked', () => {
    expect(readState(new URLSearchParams('q=score:x')).mistake).toContain('score:<0.5');
    expect(readState(new URLSearchParams('sort=up')).mistake).toContain('no order');
    expect(readState(new URLSearchParams('q=score:1&at=-1')).mistake).toBeNull();
  });

  test('side by side is told the arm, the run, what was asked for and where the reader comes from', () => {
    const state = readState(new URLSearchParams('q=gym&at=17.1.3'));
    expect(scenarioQuery(state, 'a:b c', 'applike').toString()).toBe(
      'q=gym&at=17.1.3&arm=applike&runs=3&scenario=a%3Ab+c',
    );
  });
});
