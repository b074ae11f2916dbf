// Which script is played for whom, and how an address names it.
import { expect, it } from 'vitest';
import type { Played } from '../../src/core/played.ts';
import { answersIn, playedAddress, playedBy, readPlayedPath } from '../../src/core/played-by.ts';

const told = (...rules: readonly (readonly [scenario: string, variant?: string])[]): Played => ({
  scripts: rules.map(([scenario]) => [[{ kind: 'say', text: scenario, calls: [] }]]),
  rules: rules.map(([scenario, variant = null], script) => ({ scenario, variant, script })),
});
const of = (played: Played | undefined, scenario: string, variant = 'a[model=m]') =>
  playedBy(played, { scenario, variant });

it('takes an id before globs, and the first of those that fit', () => {
  const played = told(['math:*'], ['*'], ['math:one'], ['what?']);
  expect(['math:one', 'math:two', 'other', 'what?'].map((id) => of(played, id))).toEqual([2, 0, 1, 3]);
});

it('asks for the variant by its name, by that before its matrix, or by a glob', () => {
  expect(of(told(['x', 'a']), 'x')).toBe(0);
  expect(of(told(['x', 'a[model=m]']), 'x')).toBe(0);
  expect(of(told(['x', 'a*']), 'x')).toBe(0);
  expect(of(told(['x', 'b'], ['x']), 'x')).toBe(1);
  expect(of(told(['x', 'b']), 'x')).toBeNull();
});

it('plays nothing where nothing is told, whatever the id is called', () => {
  expect(of(undefined, 'x')).toBeNull();
  expect(['__proto__', 'constructor', '../..', ''].map((id) => of(told(['x']), id))).toEqual(
    Array(4).fill(null),
  );
  expect(of(told(['__proto__']), '__proto__')).toBe(0);
});

it('names a script in a path that only numbers go into', () => {
  const url = playedAddress('http://127.0.0.1:9/v1', { script: 12, answered: 3 });
  expect(url).toBe('http://127.0.0.1:9/played/12.3/v1');
  expect(readPlayedPath('/played/12.3/v1/chat/completions')).toEqual({
    ...{ script: 12, answered: 3, rest: '/v1/chat/completions' },
  });
  for (const path of [
    '/v1/chat/completions',
    '/played/1/v1',
    '/played/-1.0/v1',
    '/played/1.0',
    '/played/1.0e9/v1',
  ])
    expect(readPlayedPath(path), path).toBeNull();
});

it('takes messages that follow one another for one answer', () => {
  expect(answersIn(['system', 'user', 'assistant', 'assistant', 'tool', 'assistant', 'user'])).toBe(2);
});
