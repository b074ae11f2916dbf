import { expect, test } from 'vitest';
import { readRuns, runsWords } from '../../src/core/run-list.ts';
import { baseOf, meansVariant } from '../../src/core/variant-names.ts';

const NAMES = ['tweet[model=a]', 'tweet[model=b]', 'tweeter', 'plain', 'odd*', 'oddly', '[x]'];

test.each<[readonly string[], readonly string[]]>([
  [[], NAMES],
  [['tweet'], ['tweet[model=a]', 'tweet[model=b]']],
  [['tweet[model=a]'], ['tweet[model=a]']],
  // A glob that matches something means just that.
  [['tweet*'], ['tweet[model=a]', 'tweet[model=b]', 'tweeter']],
  [['twee?'], ['tweet[model=a]', 'tweet[model=b]']],
  [['*[model=b]'], ['tweet[model=b]']],
  // A whole name is no glob.
  [['odd*'], ['odd*']],
  [['[x]'], ['[x]']],
  [['nobody'], []],
  [
    ['plain', 'tweet[model=b]'],
    ['tweet[model=b]', 'plain'],
  ],
])('%j means %j', (patterns, names) => {
  expect(NAMES.filter(meansVariant(patterns, NAMES))).toEqual(names);
});

test('a variant that has the name of a matrix by itself is meant alone', () => {
  const names = [...NAMES, 'tweet'];
  expect(names.filter(meansVariant(['tweet'], names))).toEqual(['tweet']);
});

test('only what stands before brackets is the name of a matrix', () => {
  expect(['a[b=1]', 'a', '[x]', 'a[b', 'a[b=[1]]'].map(baseOf)).toEqual(['a', null, null, null, 'a']);
});

test('runs are written as they are read', () => {
  expect([runsWords([1, 3, 4, 5]), runsWords([2, 1]), runsWords([7]), runsWords([])]).toEqual([
    '1,3-5',
    '1-2',
    '7',
    '',
  ]);
  expect(readRuns('1,3-5')).toEqual({ runs: [1, 3, 4, 5], wrong: null });
  expect(readRuns('1,x')).toEqual({ runs: [], wrong: 'x' });
});
