import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newOrigin } from '../../src/cache/disk/origin.ts';
import {
  asInvocationId,
  compareNames,
  invocationsMeant,
  isInvocationId,
  makeInvocationId,
  orderOf,
  originOf,
  shortNames,
} from '../../src/core/invocation-id.ts';

const AT = new Date('2026-11-22T20:45:01.999Z');

describe('the name of an invocation', () => {
  test('has its number, its time and where it began, and is read back', () => {
    const name = makeInvocationId(7, AT, 'k3f9m2q7');
    expect(name).toBe('0007-20261122T204501Z-k3f9m2q7');
    expect(orderOf(name)).toMatchObject({ sequence: 7, stamp: 20261122204501 });
    expect(asInvocationId('0007-20261122T204501Z')).toBe('0007-20261122T204501Z');
    expect(orderOf('0007-20261122T204501Z')?.origin).toBe(0);
  });

  test('of a name that is not ours is none', () => {
    for (const text of [
      '0007-20261122T204501Z-',
      '0007-20261122T204501Z-k3f9m2q',
      '0007-20261122T204501Z-K3F9M2Q7',
    ])
      expect(isInvocationId(text)).toBe(false);
    for (const text of [
      '0007-20261122T204501Z-ilou0000',
      '7-20261122T204501Z',
      '../0007-20261122T204501Z',
      '0007-20261122T204501Z\n',
    ])
      expect(isInvocationId(text)).toBe(false);
    expect(() => makeInvocationId(1, AT, '../../..')).toThrow('not an invocation');
  });

  test('is ordered like its number, whatever it ends in', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 30), fc.nat(1023), (low, high) => {
        const bits = high * 2 ** 30 + low;
        expect(orderOf(makeInvocationId(1, AT, originOf(bits)))?.origin).toBe(bits);
      }),
    );
  });

  test('is ordered by number first, then by time, then by origin; those without an origin come before', () => {
    const names = [
      '0002-20261122T204501Z-k3f9m2q7',
      '0002-20261122T204501Z',
      '0003-20200101T000000Z-00000000',
      '0002-20261122T204500Z-zzzzzzzz',
      '10000-20200101T000000Z-00000000',
      '0002-20261122T204501Z-00000001',
    ];
    expect(names.toSorted(compareNames)).toEqual([
      names[3],
      names[1],
      names[5],
      names[0],
      names[2],
      names[4],
    ]);
  });

  test('is unlike that of any other start', () => {
    const made = Array.from({ length: 2_000 }, newOrigin);
    expect(new Set(made).size).toBe(2_000);
    expect(new Set(made.map((origin) => origin.slice(0, 2))).size).toBe(1);
  });
});

describe('an invocation is meant', () => {
  const names = ['0007-20261122T204501Z-k3f9m2q7', '0007-20261122T204503Z-a0000000', '0008-20261122T204501Z'];

  test('by its number, by a number and the beginning of its origin, and by its name', () => {
    expect(invocationsMeant('8', names)).toEqual([names[2]]);
    expect(invocationsMeant('0007', names)).toEqual([names[0], names[1]]);
    expect(invocationsMeant('7-a0', names)).toEqual([names[1]]);
    expect(invocationsMeant('7-x', names)).toEqual([]);
    expect(invocationsMeant(names[0]!, names)).toEqual([names[0]]);
    expect(invocationsMeant('2026-11-22', names)).toEqual([]);
  });

  test('and is called by its number, where that is enough', () => {
    const short = shortNames([...names, ...names]);
    expect(names.map(short)).toEqual(['7-k3f9m2q7', '7-a0000000', '8']);
    expect(shortNames(names, 4)(names[2]!)).toBe('0008');
    expect(short('not ours')).toBe('not ours');
  });
});
