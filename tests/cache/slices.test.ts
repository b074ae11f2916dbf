// Pieces of files, read one by one, here and there or from front to back: always the bytes that stand there.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openSlices, readSlice } from '../../src/cache/disk/slices.ts';
import { tempFolder } from '../rig/temp.ts';

const BYTES = Buffer.from(Array.from({ length: 900_000 }, (_, i) => (i * 31 + (i >> 8)) & 255));

/** Places in many orders: onward, back, overlapping, of a length that no buffer has. */
function places(order: 'onward' | 'backward' | 'here and there'): { offset: number; length: number }[] {
  const onward = Array.from({ length: 600 }, (_, i) => ({
    offset: i * 1_490,
    length: 700 + ((i * 37) % 3_000),
  }));
  if (order === 'onward') return onward;
  if (order === 'backward') return onward.toReversed();
  return onward.map((_, i) => onward[(i * 271) % onward.length]!);
}

describe('slices of a file', () => {
  test.each(['onward', 'backward', 'here and there'] as const)('are its bytes, read %s', (order) => {
    const folder = tempFolder();
    const file = path.join(folder, 'lines');
    writeFileSync(file, BYTES);
    using slices = openSlices();
    const wrong = places(order).filter(({ offset, length }) => {
      const read = slices.read(file, { offset, length })!;
      return !BYTES.subarray(offset, offset + length).equals(read);
    });
    expect(wrong).toEqual([]);
  });

  test('stay what they were when others are read after them', () => {
    const folder = tempFolder();
    const file = path.join(folder, 'lines');
    writeFileSync(file, BYTES);
    using slices = openSlices();
    const read = places('onward').map((at) => ({ at, bytes: slices.read(file, at)! }));
    for (const { at, bytes } of read)
      expect(Buffer.from(bytes).equals(BYTES.subarray(at.offset, at.offset + at.length))).toBe(true);
  });

  test('show what was appended since', () => {
    const folder = tempFolder();
    const file = path.join(folder, 'lines');
    writeFileSync(file, 'one\n');
    using slices = openSlices();
    expect(Buffer.from(slices.read(file, { offset: 0, length: 3 })!).toString()).toBe('one');
    writeFileSync(file, 'two\n', { flag: 'a' });
    expect(Buffer.from(slices.read(file, { offset: 4, length: 3 })!).toString()).toBe('two');
  });

  test('are shorter where the file ends before, and null where there is none', () => {
    const folder = tempFolder();
    const file = path.join(folder, 'lines');
    writeFileSync(file, 'four');
    expect(readSlice(file, { offset: 2, length: 10 })).toHaveLength(2);
    expect(readSlice(path.join(folder, 'gone'), { offset: 0, length: 1 })).toBeNull();
  });
});
