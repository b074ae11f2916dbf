// From which score on an answer passes.
import { describe, expect, it } from 'vitest';
import { fitThreshold } from '../../src/analysis/statistics/threshold.ts';

const said = (all: readonly (readonly [number, boolean])[]) =>
  all.map(([score, passed], i) => ({ cluster: String(i), score, passed }));

describe('a threshold', () => {
  it('stands where people part what passes from what does not', () => {
    const all = said([
      [0.1, false],
      [0.6, false],
      [0.62, false],
      [0.8, true],
      [0.9, true],
      [1, true],
    ]);
    expect(fitThreshold(all, 0.5)).toEqual({ threshold: 0.7, agree: 6, agreeLeftOut: 5 });
  });

  it('stays where it is when it is as good as any other', () => {
    const all = said([
      [0.2, false],
      [0.2, false],
      [0.9, true],
      [0.9, true],
    ]);
    expect(fitThreshold(all, 0.4)!.threshold).toBe(0.4);
  });

  it('is none where people passed all answers, or none', () => {
    expect(
      fitThreshold(
        said([
          [0.2, true],
          [0.9, true],
        ]),
        0.5,
      ),
    ).toBeNull();
    expect(fitThreshold([], 0.5)).toBeNull();
    expect(
      fitThreshold(
        said([
          [0.9, true],
          [0.9, false],
        ]),
        0.5,
      ),
    ).toBeNull();
  });

  it('is not swayed by many answers of one kind', () => {
    const many = Array.from({ length: 90 }, (_, i) => [0.5 + (i % 50) / 100, true] as const);
    const few = Array.from({ length: 10 }, () => [0.55, false] as const);
    const { threshold } = fitThreshold(said([...many, ...few]), 0)!;
    expect(threshold).toBeGreaterThan(0.55);
  });

  it('holds less well on scenarios that it was not fitted on', () => {
    const all = said([
      [0.3, false],
      [0.5, true],
      [0.5, false],
      [0.4, true],
      [0.8, true],
      [0.6, false],
    ]);
    const { agree, agreeLeftOut } = fitThreshold(all, 0.5)!;
    expect(agreeLeftOut).toBeLessThan(agree);
  });
});
