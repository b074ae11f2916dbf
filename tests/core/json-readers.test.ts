// Text of JSON that others wrote is read through one door: JSON.parse throws, keeps one of two twins, and rounds numbers.
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parseJson } from '../../src/answers/values.ts';
import {
  parseObject,
  parseTold,
  rawNumber,
  readDigits,
  withoutOddNumbers,
  writeDigits,
} from '../../src/core/json-text.ts';
import { parseExactObject, parseLongNumbers } from '../../src/core/untrusted-json.ts';

const root = path.join(import.meta.dirname, '../..');

/** What they read was written by this program, or is refused by a library that reads it. */
const OWN: readonly string[] = [
  'src/answers/values.ts', // for the words of the complaint
  'src/core/json-text.ts', // the door
  'src/manifest/code/python-finds.ts', // our Python
  'src/manifest/errors/schema-node.ts', // our schema
  'src/providers/lean-response.ts', // what fetch promises
  'src/providers/mcp.ts', // the SDK is told of what it throws
];
/** What is kept: sealed, hashed, or looked at with its version behind a `try`. */
const KEPT = /^src\/(?:cache|project|tracing\/spool|tracing\/upload)\//;
/** In a browser, of what our own server wrote. */
const OURS = /^src\/page\/base\//;

it('only the door parses JSON that others wrote', () => {
  const files = globSync('src/**/*.{ts,tsx}', { cwd: root }).filter((file) => !file.includes('/generated/'));
  const readers = files.filter((file) =>
    /^(?!\s*(?:\/\/|\*)).*JSON\.parse\(/m.test(readFileSync(path.join(root, file), 'utf8')),
  );
  expect(readers.filter((file) => !KEPT.test(file) && !OURS.test(file)).sort()).toEqual(OWN);
});

it('what JSON.parse loses in silence is told by the way in that asks', () => {
  const long = '{"id": 9007199254740993}';
  expect(parseExactObject(long)).toEqual({
    kind: 'err',
    error: 'hold the number 9007199254740993, which cannot be held exactly',
  });
  expect(parseExactObject('{"a": 1, "a": 2}')).toEqual({ kind: 'err', error: 'name a member twice' });
  expect(parseLongNumbers(long, (digits) => digits)).toEqual({
    kind: 'ok',
    value: { id: '9007199254740993' },
  });
  expect(rawNumber((parseTold(long) as { id: unknown }).id)).toBe('9007199254740993');
  expect(readDigits('[10000000000000000, 9007199254740993, 1e30]', BigInt)).toEqual([
    10000000000000000,
    9007199254740993n,
    1e30,
  ]);
  expect(writeDigits([9007199254740993n])).toBe('[9007199254740993]');
});

it('NaN and infinities are null outside of texts, and what is no JSON for another reason stays so', () => {
  expect(withoutOddNumbers('{"a": NaN, "b": [-Infinity, "NaN \\" Infinity"]}')).toBe(
    '{"a": null, "b": [null, "NaN \\" Infinity"]}',
  );
  expect(parseJson('{"loss": NaN}')).toEqual({ kind: 'ok', value: { loss: null } });
  expect(parseJson('{"loss": NaN').kind).toBe('err');
  expect([parseObject('[1]'), parseObject('{'), parseObject('{"a": 1}')]).toEqual([null, null, { a: 1 }]);
});
