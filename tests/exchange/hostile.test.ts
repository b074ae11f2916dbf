// Files of others are hostile: what is wrong is told, and nothing of it breaks a reader.
import { expect, it } from 'vitest';
import { parseJson, timeOf } from '../../src/answers/values.ts';
import type { Json } from '../../src/core/json.ts';
import type { Mapping } from '../../src/exchange/imported.ts';
import { readLine } from '../../src/exchange/read-line.ts';
import { readRow } from '../../src/exchange/read-row.ts';

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

const row = (value: Json): ReturnType<typeof readRow> => readRow(value, { mapping: MAPPING, about: {} });
const read = (text: string): Json => {
  const parsed = parseJson(text);
  if (parsed.kind === 'err') throw new Error(parsed.error);
  return parsed.value;
};

it.each([
  '{"variant":"__proto__","scenario":"constructor","text":"x"}',
  '{"variant":"__proto__","task_id":"constructor","trial":0,"traj":[{"role":"user","content":"q"},{"role":"assistant","content":"x"}]}',
  '{"custom_id":"__proto__/constructor/1","response":{"body":{"choices":[{"message":{"role":"assistant","content":"x"}}]}}}',
  '{"inputs":{"q":"q"},"outputs":{"a":"x"},"metadata":{"variant":"__proto__","scenario":"constructor"}}',
])('takes names of prototypes as names: %s', (text) => {
  expect(row(read(text))).toMatchObject({
    kind: 'ok',
    value: { variant: '__proto__', scenario: 'constructor', text: 'x' },
  });
});

it.each<[string, Json]>([
  ['a transcript', { task_id: {}, trial: 0, traj: [null, 7, { role: {} }] }],
  ['a batch', { custom_id: '////', response: { body: { choices: 'none' } } }],
  ['a batch that failed', { custom_id: '', error: { error: { error: [] } } }],
  ['a run of LangSmith', { inputs: {}, outputs: null, error: null, start_time: [], extra: 'x' }],
  ['a test case', { actualOutput: {}, toolsCalled: [null, 'f', { name: 3 }], metricsData: 1 }],
  ['no object', [[]]],
])('tells what is wrong with %s, and breaks at nothing', (_, value) => {
  const told = row(value);
  expect(told.kind === 'err' && told.error.every((message) => message.length > 0)).toBe(true);
});

it('reads a text of megabytes and many calls in one pass', () => {
  const text = 'x'.repeat(5_000_000);
  const calls = Array.from({ length: 20_000 }, (_, i) => ({ name: `f${i}`, arguments: { i } }));
  const told = row({ variant: 'a', scenario: 'b', text, tool_calls: calls });
  expect(told.kind === 'ok' && [told.value.text?.length, told.value.toolCalls.length]).toEqual([
    5_000_000, 20_000,
  ]);
});
