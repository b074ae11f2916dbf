import { describe, expect, it } from 'vitest';
import { asDigest, type Digest } from '../../src/core/brand.ts';
import { judgementsOf, type OtherAnswer, type PlannedScorer } from '../../src/planner/scores.ts';

const digest = (letter: string): Digest => asDigest(letter.repeat(64));
const [A, B] = [digest('a'), digest('b')];

function pairwise(other: OtherAnswer, votes = 2): PlannedScorer {
  return {
    ...{ name: 'pref', votes, scorer: digest('1'), engine: digest('2') },
    expectationOf: () => digest('3'),
    otherOf: () => other,
  };
}

const cell = (output: Digest) => ({
  variant: 'x',
  scenario: 's',
  run: 1,
  output,
  tested: null,
  ending: null,
});
const keys = (scorer: PlannedScorer, output: Digest): readonly string[] =>
  judgementsOf(scorer, cell(output)).map(({ key }) => key);

describe('the judgements of a pair', () => {
  it('are one an order, and each shows the judged answer in the other place', () => {
    const both = judgementsOf(pairwise({ output: B, record: 7 }), cell(A));
    expect(both.map(({ vote, other }) => [vote, other])).toEqual([
      [1, { record: 7, own: 'first' }],
      [2, { record: 7, own: 'second' }],
    ]);
    expect(both[0]!.output).not.toBe(both[1]!.output);
  });

  it('show the same two answers in the same order where the arms change places, and are keys of their own all the same', () => {
    const [ab, ba] = [
      judgementsOf(pairwise({ output: B, record: 1 }), cell(A)),
      judgementsOf(pairwise({ output: A, record: 1 }), cell(B)),
    ];
    expect(ab.map(({ output }) => output)).toEqual(ba.map(({ output }) => output).toReversed());
    expect(new Set([...ab, ...ba].map(({ key }) => key)).size).toBe(4);
  });

  it('hang on either answer, and on nothing else of the record that has it', () => {
    const before = keys(pairwise({ output: B, record: 1 }), A);
    expect(keys(pairwise({ output: B, record: 99 }), A)).toEqual(before);
    expect(keys(pairwise({ output: digest('c'), record: 1 }), A)).not.toEqual(before);
    expect(keys(pairwise({ output: B, record: 1 }), digest('c'))).not.toEqual(before);
  });

  it('stay as they are when there are more votes', () => {
    const few = keys(pairwise({ output: B, record: 1 }, 2), A);
    expect(keys(pairwise({ output: B, record: 1 }, 6), A).slice(0, 2)).toEqual(few);
  });

  it.each<[string, OtherAnswer]>([
    ['of equal answers', { output: A, record: 1 }],
    ['of an answer whose other one is missing', 'missing'],
    ['of an answer that has no other one', null],
  ])('%s are none', (_, other) => {
    expect(keys(pairwise(other), A)).toEqual([]);
  });
});
