import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interleavingOf, type Start } from '../../src/report/run/interleaving.ts';

/** One letter a start, a millisecond apart; equal times where `sameTime` says so. */
function starts(letters: string, step = 1): readonly Start[] {
  return [...letters].map((variant, i) => ({
    variant,
    startedAt: new Date(Date.UTC(2026, 0, 2) + Math.floor(i * step)).toISOString(),
  }));
}

const of = (letters: string, step?: number) => interleavingOf('0001-x', starts(letters, step))!;

describe('how evenly two arms were started', () => {
  it.each([
    ['one after the other', 'aaaabbbb', 1, [0.25, 0.75]],
    ['side by side', 'abbaabba', 0.25, [0.5, 0.5]],
    ['one in the middle of the other', 'aabbbbaa', 0.5, [0.5, 0.5]],
    ['one three times as often, evenly', 'aabaaabaaabaaaba', 0.1667, [0.4896, 0.5313]],
  ])('%s', (_, letters, distance, ranks) => {
    const told = of(letters);
    expect(told.distance).toBe(distance);
    expect(told.arms.map((arm) => arm.mean_rank)).toEqual(ranks);
    expect(told.arms.map((arm) => arm.distance)).toEqual([distance, distance]);
  });

  it('takes calls of one millisecond for one moment', () => {
    expect(of('aabbaabb', 1 / 4)).toMatchObject({
      distance: 0,
      arms: [{ mean_rank: 0.5 }, { mean_rank: 0.5 }],
    });
  });

  it('takes each arm of several against all others', () => {
    const { distance, arms } = of('aaabcbcbc');
    expect(distance).toBe(1);
    expect(arms.map((arm) => arm.distance)).toEqual([1, 0.5, 0.6667]);
  });

  it('says nothing of one arm or of none', () => {
    expect(interleavingOf('x', starts('aaaa'))).toBeNull();
    expect(interleavingOf('x', [])).toBeNull();
  });

  it('does not depend on the order in which the records stand', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...starts('abcabbacca')], { minLength: 10 }), (shuffled) => {
        const told = interleavingOf('0001-x', shuffled)!;
        const byName = (one: typeof told) => [...one.arms].sort((a, b) => (a.variant < b.variant ? -1 : 1));
        expect(byName(told)).toEqual(byName(of('abcabbacca')));
      }),
    );
  });
});
