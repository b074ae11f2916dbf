// What is asked of the matrix, in an address and out of it.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MARKS, type MatrixQuery } from '../../src/screens/matrix.ts';
import {
  DEFAULT_QUERY,
  MAX_ROWS,
  readMatrixQuery,
  SORT_KEYS,
  sinceNumber,
  writeMatrixQuery,
} from '../../src/screens/matrix-query.ts';

const names = fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 3 });
const queries: fc.Arbitrary<MatrixQuery> = fc.record({
  search: fc.string({ unit: 'grapheme' }),
  category: names,
  tag: names,
  variant: names,
  mark: fc.subarray([...MARKS]),
  armsDiffer: fc.boolean(),
  runsDiffer: fc.boolean(),
  changedSince: fc.option(fc.nat(9_999).map(String)),
  sort: fc.constantFrom(...SORT_KEYS),
  descending: fc.boolean(),
  offset: fc.nat(1_000_000),
  limit: fc.nat(MAX_ROWS),
});

it('comes out of an address as it was put in', () => {
  fc.assert(
    fc.property(queries, (query) => {
      const address = writeMatrixQuery(query).toString();
      expect(readMatrixQuery(new URLSearchParams(address))).toEqual({ kind: 'ok', value: query });
    }),
  );
});

it('is the whole matrix where nothing is said, and says nothing of it', () => {
  expect(readMatrixQuery(new URLSearchParams(''))).toEqual({ kind: 'ok', value: DEFAULT_QUERY });
  expect(writeMatrixQuery(DEFAULT_QUERY).toString()).toBe('');
});

it('leaves out what it does not know', () => {
  const params = new URLSearchParams('__proto__=1&scenario=..%2F..%2Fx&differ=everything');
  expect(readMatrixQuery(params)).toEqual({ kind: 'ok', value: DEFAULT_QUERY });
});

it('never asks for more rows at a time than a page shows', () => {
  const read = readMatrixQuery(new URLSearchParams('limit=100000'));
  expect(read).toEqual({ kind: 'ok', value: { ...DEFAULT_QUERY, limit: MAX_ROWS } });
});

it.each([
  ['mark=green', 'mark=green is no mark; there are passed, failed, unjudged, error, stale, missing'],
  ['sort=size', 'sort=size is no order; there are category, scenario, score, tokens, latency, cost, spread'],
  ['order=left', 'order=left is neither up nor down'],
  ['since=..%2Fx', 'since=../x is no invocation; write its number, for example since=7'],
  ['offset=-1', 'offset=-1 is no whole number'],
  ['limit=1e9', 'limit=1e9 is no whole number'],
])('refuses %s in a sentence', (address, error) => {
  expect(readMatrixQuery(new URLSearchParams(address))).toEqual({ kind: 'err', error });
});

it('takes an invocation by its number or its name', () => {
  expect(['7', '0007', '0007-20261122T204501Z', 'x', '7-'].map(sinceNumber)).toEqual([7, 7, 7, null, null]);
});
