import { expect, it } from 'vitest';
import { matchesAny, matchesGlob } from '../../src/core/glob.ts';

it.each([
  ['ambiguous:*', 'ambiguous:gym', true],
  ['ambiguous:*', 'sanity:gym', false],
  ['*', '', true],
  ['a*b*c', 'a--b--b--c', true],
  ['a*b*c', 'a--b--b--', false],
  ['?', 'x', true],
  ['?', '', false],
  ['a.c', 'abc', false],
  ['*/x', 'deep/er/x', true],
  ['[a]', 'a', false],
  ['applike[model=a]', 'applike[model=a]', true],
])('matches %j against %j: %s', (pattern, text, expected) => {
  expect(matchesGlob(pattern, text)).toBe(expected);
});

it('takes no pattern for every name', () => {
  expect(matchesAny([], 'anything')).toBe(true);
});

it('stays linear on a pattern made to blow up', () => {
  expect(matchesGlob(`${'*a'.repeat(100)}b`, 'a'.repeat(20_000))).toBe(false);
});
