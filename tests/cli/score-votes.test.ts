import { describe, expect, it } from 'vitest';
import { countVotes as countMeant } from '../../src/project/select/score-book.ts';

const scorer = { name: 'x', passAt: 0.5 };
const countVotes = (of: typeof scorer, votes: Parameters<typeof countMeant>[1]) =>
  countMeant(of, votes, null);
const vote = (score: number | null, passed: boolean | null, label: string | null = null) => ({
  status: 'completed' as const,
  verdict: { score, passed, label, said: passed },
});
const failed = { status: 'failed' as const, verdict: { score: null, passed: null, label: null, said: null } };

describe('votes of one scorer on one answer', () => {
  it('have a mean, and the word of most', () => {
    expect(countVotes(scorer, [vote(1, true, 'a'), vote(0, false, 'b'), vote(1, true, 'a')])).toEqual({
      ...{ scorer: 'x', passed: true, label: 'a', missing: null },
      score: 2 / 3,
    });
  });

  it('that stand even pass by their mean', () => {
    expect(countVotes(scorer, [vote(1, true), vote(0.4, false)])).toMatchObject({ passed: true });
    expect(countVotes(scorer, [vote(0.5, true), vote(0, false)])).toMatchObject({ passed: false });
  });

  it('count when more than half are there; a missing one is no zero', () => {
    expect(countVotes(scorer, [vote(1, true), vote(1, true), failed])).toMatchObject({
      score: 1,
      missing: null,
    });
    expect(countVotes(scorer, [vote(1, true), failed])).toMatchObject({
      score: null,
      passed: null,
      missing: 'failed',
    });
    expect(countVotes(scorer, [vote(1, true), undefined])).toMatchObject({ score: null, missing: 'not-run' });
    expect(countVotes(scorer, [undefined])).toMatchObject({ missing: 'not-run' });
  });

  it('may be categories alone', () => {
    expect(countVotes(scorer, [vote(null, null, 'rude')])).toEqual({
      ...{ scorer: 'x', score: null, passed: null, label: 'rude', missing: null },
    });
  });
});
