// Invocations that are chosen, and cells that an edit touched, before they are drawn.
import { describe, expect, test } from 'vitest';
import {
  choose,
  readChosen,
  toDiff,
  toDiffWithBefore,
  writeChosen,
} from '../../src/page/invocations/chosen.ts';
import { invocationName } from '../../src/page/parts/invocation-name.ts';
import { byVariant, runOf, runsWords } from '../../src/page/plan/touched.ts';
import type { InvocationRow } from '../../src/screens/invocations.ts';

const row = (invocation: string): InvocationRow => ({
  invocation,
  command: 'run',
  startedAt: '2026-02-15T10:00:00.000Z',
  endedAt: null,
  ended: 'complete',
  argv: ['run'],
  executed: 1,
  failed: 0,
  costUsd: null,
  git: null,
});
const rows = ['0003-c', '0002-b', '0001-a'].map(row);

describe('invocations', () => {
  test('are chosen in twos: a third takes the place of the one that was chosen first', () => {
    let chosen = readChosen(new URLSearchParams());
    for (const one of ['a', 'b', 'c']) chosen = choose(chosen, one);
    expect(chosen.picked).toEqual(['b', 'c']);
    expect(choose(chosen, 'b').picked).toEqual(['c']);
    expect(readChosen(writeChosen({ picked: ['b', 'c'], at: 'b' }))).toEqual({ picked: ['b', 'c'], at: 'b' });
  });

  test('are compared from the older to the newer, in whatever order they were chosen', () => {
    expect(toDiff(rows, ['0003-c', '0001-a'])?.toString()).toBe('a=0001-a&b=0003-c');
    expect(toDiff(rows, ['0001-a', '0003-c'])?.toString()).toBe('a=0001-a&b=0003-c');
    expect([toDiff(rows, ['0001-a']), toDiff(rows, ['0001-a', 'gone'])]).toEqual([null, null]);
    expect(toDiffWithBefore(rows, 1)?.toString()).toBe('a=0001-a&b=0002-b');
    expect(toDiffWithBefore(rows, 2)).toBe(null);
  });
});

test('an invocation is called by its number, and where two have it by more', () => {
  const invocation = '0012-20261129T031400Z-k3f9m2q7';
  expect(invocationName({ invocation })).toBe('12');
  expect(invocationName({ invocation, called: '12-k3f9m2q7' })).toBe('12-k3f9m2q7');
});

describe('cells that an edit touched', () => {
  const cells = [
    { variant: 'app[model=x]', scenario: 's one', run: 1 },
    { variant: 'app[model=x]', scenario: 's one', run: 2 },
    { variant: 'app[model=x]', scenario: 'two', run: 4 },
    { variant: 'base', scenario: 'two', run: 1 },
  ];

  test('are told by variant, with runs as spans', () => {
    expect(byVariant(cells)).toEqual([
      { variant: 'app[model=x]', scenarios: ['s one', 'two'], runs: [1, 2, 4] },
      { variant: 'base', scenarios: ['two'], runs: [1] },
    ]);
    expect([runsWords([1, 2, 3, 5]), runsWords([2])]).toEqual(['runs 1-3, 5', 'run 2']);
  });

  test('have a command that a shell takes as it stands', () => {
    const edit = { kind: 'stale', changed: [], cells, total: cells.length };
    expect(runOf(edit)).toBe(
      "npx expgraph run --variant 'app[model=x]' --variant base --scenario 's one' --scenario two",
    );
  });

  test('have none where they are more than are known', () => {
    expect(runOf({ kind: 'stale', changed: [], cells, total: 500 })).toBe(null);
    expect(runOf({ kind: 'new', changed: [], cells: [], total: 0 })).toBe(null);
  });
});
