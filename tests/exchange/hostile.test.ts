// Files of others are hostile: what is wrong is told, and nothing of it breaks a reader.
import { expect, it } from 'vitest';
import { parseJson, timeOf } from '../../src/answers/values.ts';
import type { Mapping } from '../../src/exchange/imported.ts';
import { readLine } from '../../src/exchange/read-line.ts';

const MAPPING: Mapping = { fields: {}, runsFrom: 1, variant: null, known: new Set() };

it('takes NaN and infinities outside of texts as null', () => {
  expect(parseJson('{"a":NaN,"b":[-Infinity,1e999],"c":"NaN \\" NaN"}')).toEqual({
    kind: 'ok',
    value: { a: null, b: [null, null], c: 'NaN " NaN' },
  });
});

it('refuses deep nesting and keeps a member named __proto__ a member', () => {
  expect(parseJson('['.repeat(50_000) + ']'.repeat(50_000)).kind).toBe('err');
  const read = parseJson('{"__proto__":{"polluted":1}}');
  expect(read.kind === 'ok' && Object.keys(read.value as object)).toEqual(['__proto__']);
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});

it('makes lone surrogates well formed', () => {
  const read = readLine('{"variant":"a","scenario":"b","text":"\\ud800"}', MAPPING);
  expect(read).toMatchObject({ kind: 'ok', value: { text: '\ufffd' } });
});

it('tells everything that is wrong with a line', () => {
  const read = readLine('{"variant":"","run":0,"latency_ms":-1}', MAPPING);
  expect(read.kind === 'err' && read.error.length).toBe(5);
});

it('takes times without an offset as UTC', () => {
  expect(timeOf('2026-02-01 12:00:00')).toBe('2026-02-01T12:00:00.000Z');
  expect([timeOf('soon'), timeOf(1e300)]).toEqual([null, null]);
});
