// JSON of people and of other tools: what is refused, where, and that nothing else is.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainProblem } from '../../src/core/canonical-input.ts';
import { readStrictJson } from '../../src/core/strict-json.ts';
import { foreignKind, readUtf8 } from '../../src/core/utf8.ts';

describe('strict JSON', () => {
  it.each([
    ['a member that is twice', '{"a": {"b": 1, "b": 2}}', 'duplicate-key', '"b"', 15],
    [
      'a member that is twice, written in two ways',
      '{"a": 1, "\\u0061": 2}',
      'duplicate-key',
      '"\\u0061"',
      9,
    ],
    [
      'two members that are one in NFC',
      '[{"é": 1, "e\u0301": 2}]',
      'duplicate-key',
      '{"é": 1, "e\u0301": 2}',
      1,
    ],
    ['a whole number beyond 2^53 - 1', '{"id": 9007199254740993}', 'bad-number', '9007199254740993', 7],
    ['a number that would be infinite', '[1e999]', 'bad-number', '1e999', 1],
    ['a number that would be 0', '[1e-999]', 'bad-number', '1e-999', 1],
    ['half a character', '["\\ud83d"]', 'bad-text', '"\\ud83d"', 1],
    ['NaN', '[NaN]', 'json-syntax', 'NaN', 1],
    ['an end that comes early', '{"a": 1', 'json-syntax', '', 7],
  ])('has no place for %s', (_, text, code, shown, offset) => {
    const read = readStrictJson(text);
    expect(read.kind === 'err' && { code: read.error.code, offset: read.error.offset }).toEqual({
      code,
      offset,
    });
    if (read.kind === 'err' && shown !== '')
      expect(text.slice(offset, offset + read.error.length)).toBe(shown);
  });
  it('is too deep at more than a hundred levels, and at a hundred thousand', () => {
    for (const levels of [102, 100_000]) {
      const read = readStrictJson(`${'['.repeat(levels)}1${']'.repeat(levels)}`);
      expect(read.kind === 'err' && read.error.code).toBe('too-deep');
    }
  });
  it('reads what JSON.parse reads of everything else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        const read = readStrictJson(text);
        const isHeld = plainProblem(value) === null && !/\d{16}/.test(text);
        if (isHeld || read.kind === 'ok') expect(read).toEqual({ kind: 'ok', value: JSON.parse(text) });
      }),
    );
  });
  it('is not misled by colons and digits in texts', () => {
    const text = '{"a\\":": "x: \\"1234567890123456789\\": 1e400", "b": [{"c": ":"}]}';
    expect(readStrictJson(text)).toEqual({ kind: 'ok', value: JSON.parse(text) });
  });
});

describe('a text file', () => {
  it.each([
    ['gzip', [0x1f, 0x8b, 8, 0], 'is compressed with gzip'],
    ['a spreadsheet', [0x50, 0x4b, 3, 4], 'is a zip archive, or a spreadsheet (.xlsx)'],
    ['UTF-16 with its mark', [0xff, 0xfe, 0x69, 0], 'is UTF-16, not UTF-8'],
    ['UTF-16 without', [0x69, 0, 0x64, 0], 'is UTF-16, not UTF-8'],
    [
      'a pointer of Git LFS',
      [...Buffer.from('version https://git-lfs.github.com/spec/v1\noid ')],
      'is a Git LFS pointer: its content was not fetched',
    ],
  ])('is not %s', (_, bytes, message) => {
    expect(foreignKind(Uint8Array.from(bytes))?.message).toBe(message);
  });
  it('is UTF-8 with or without a mark, and the first byte that is not is named', () => {
    expect(readUtf8(Buffer.from('\ufeffé'))).toEqual({ kind: 'ok', value: 'é' });
    const latin = readUtf8(Buffer.from('id,na\xefve', 'latin1'));
    expect(latin.kind === 'err' && latin.error).toMatchObject({ code: 'not-utf-8', at: 5 });
  });
});
