// Looking after each run: the level of each look against SciPy and Pocock's table, and what a look comes to.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { meanOf, studentMean, wilsonOverClusters } from '../../src/analysis/statistics/intervals.ts';
import { makeRandom } from '../../src/analysis/statistics/random.ts';
import { levelPerLook, overLooks } from '../../src/analysis/statistics/sequential.ts';
import { normalQuantile } from '../../src/analysis/statistics/special.ts';
import { type Goal, lookAt } from '../../src/analysis/statistics/stopping.ts';

const { designs } = JSON.parse(
  readFileSync(new URL('sequential-reference.json', import.meta.url), 'utf8'),
) as {
  readonly designs: readonly {
    readonly first: number;
    readonly last: number;
    readonly level: number;
    readonly over: { readonly [p: string]: number };
  }[];
};

describe('the level of each look', () => {
  it('is the one at which all of them together come to 5 %, as the multivariate normal has it', () => {
    for (const { first, last, level, over } of designs) {
      expect(levelPerLook({ first, last })).toBeCloseTo(level, 4);
      for (const [p, wanted] of Object.entries(over))
        expect(overLooks(Number(p), { first, last })).toBeCloseTo(wanted, 4);
    }
  });

  it('is that of the table of Pocock (1977) where looks are equally far apart', () => {
    const bound = (last: number): number => normalQuantile(1 - levelPerLook({ first: 1, last }) / 2);
    expect([2, 3, 4, 5, 10].map((last) => bound(last).toFixed(3))).toEqual([
      '2.178',
      '2.289',
      '2.361',
      '2.413',
      '2.555',
    ]);
  });

  it('is the whole level where there is one look, and p is what it was', () => {
    expect(levelPerLook({ first: 3, last: 3 })).toBe(0.05);
    expect(overLooks(0.031, { first: 3, last: 3 })).toBe(0.031);
  });

  it('corrects a p never below what it was, never above one for each look, and in its order', () => {
    const looks = { first: 2, last: 12 };
    let before = 0;
    for (const p of [1e-300, 1e-12, 1e-8, 1e-6, 0.001, 0.02, 0.3, 0.9, 1]) {
      const over = overLooks(p, looks);
      expect(over).toBeGreaterThanOrEqual(p);
      expect(over).toBeLessThanOrEqual(Math.min(1, 11 * p));
      expect(over).toBeGreaterThan(before);
      before = over;
    }
  });
});

const arm = (lists: readonly (readonly number[])[]): ReadonlyMap<string, readonly number[]> =>
  new Map(lists.map((list, i) => [`s${i}`, list]));

const width = (size: number): Goal => ({ kind: 'half-width', size });
const decided = (size: number): Goal => ({ kind: 'decided', size });

const ONE = { runs: 1, looks: { first: 1, last: 5 }, questions: 1, seed: 1, design: { isShare: true } };

describe('the interval of a look', () => {
  const level = levelPerLook(ONE.looks);

  it("is Student's of differences at the level of the look", () => {
    const [a, b] = [arm([[0.1], [0.4], [0.3]]), arm([[0.2], [0.4], [0.5]])];
    const { low, high } = studentMean([0.1, 0, 0.2], 1 - level);
    const { interval } = lookAt({ first: a, second: b, ...ONE, goal: width(0.1) })!;
    expect(interval.low).toBeCloseTo(low, 12);
    expect(interval.high).toBeCloseTo(high, 12);
  });

  it('has a width where every run of both arms passes', () => {
    const all = arm(Array.from({ length: 10 }, () => [1]));
    const { halfWidth, estimate } = lookAt({ first: all, second: all, ...ONE, goal: width(0.1) })!;
    expect(estimate).toBe(0);
    expect(halfWidth).toBeGreaterThan(0.2);
  });

  it("of one arm that passes or fails is Wilson's", () => {
    const first = arm([[1], [0], [1], [1]]);
    const { interval } = lookAt({ first, second: null, ...ONE, goal: width(0.1) })!;
    const { low, high } = wilsonOverClusters([1, 0, 1, 1], { trials: 4, level: 1 - level });
    expect(interval.low).toBeCloseTo(low, 12);
    expect(interval.high).toBeCloseTo(high, 12);
  });

  it('counts what scenarios belong to, where they do', () => {
    const [a, b] = [arm([[0], [0], [0.1], [0.1]]), arm([[0.2], [0.2], [0.6], [0.6]])];
    const clusterOf = (scenario: string): string => (scenario < 's2' ? 'one' : 'two');
    const at = { first: a, second: b, ...ONE, goal: width(0.1) };
    const apart = lookAt(at)!;
    const together = lookAt({ ...at, design: { isShare: true, clusterOf } })!;
    expect(together.estimate).toBeCloseTo(apart.estimate, 12);
    expect(together.halfWidth).toBeGreaterThan(apart.halfWidth);
    expect(together.p).toBeGreaterThan(apart.p!);
  });
});

/** Two arms of so many scenarios with so many runs, `effect` apart; `between`: what a scenario does for one of them alone. */
function draw(of: {
  readonly scenarios: number;
  readonly runs: number;
  readonly effect: number;
  readonly between: number;
  readonly noise: number;
}): { readonly first: ReturnType<typeof arm>; readonly second: ReturnType<typeof arm> } {
  const random = makeRandom(7);
  const wobble = (): number => random.uniform() - 0.5;
  const lists = Array.from({ length: of.scenarios }, () => {
    const own = of.effect + of.between * wobble();
    const draw = (mean: number): readonly number[] =>
      Array.from({ length: of.runs }, () => mean + of.noise * wobble());
    return [draw(0.4), draw(0.4 + own)] as const;
  });
  return { first: arm(lists.map(([a]) => a)), second: arm(lists.map(([, b]) => b)) };
}

const LOOKS = { first: 2, last: 8 };
const at = (of: Parameters<typeof draw>[0], goal: Goal): NonNullable<ReturnType<typeof lookAt>>['state'] => {
  const look = lookAt({ ...draw(of), runs: of.runs, looks: LOOKS, goal, questions: 1, seed: 1, design: {} });
  return look!.state;
};

describe('a look', () => {
  const noisy = { scenarios: 20, runs: 2, effect: 0, between: 0, noise: 0.5 };

  it('asks for more runs where they may still reach the goal', () => {
    expect(at(noisy, width(0.06))).toEqual({ kind: 'open' });
  });

  it('is the last one after the last run that was planned, whatever it saw', () => {
    expect(at({ ...noisy, runs: 8 }, width(0.001))).toEqual({ kind: 'last' });
  });

  it('ends where the interval is narrow enough', () => {
    expect(at({ ...noisy, runs: 6 }, width(0.2))).toEqual({ kind: 'narrow' });
  });

  it('ends where a difference was found, and where it was shown to be smaller', () => {
    expect(at({ ...noisy, effect: 0.6 }, decided(0.1))).toEqual({ kind: 'found' });
    expect(at({ ...noisy, runs: 6, noise: 0.1 }, decided(0.1))).toEqual({ kind: 'smaller' });
  });

  it('says that more runs do not help where the scenarios themselves differ, and how many of them it takes', () => {
    const state = at({ ...noisy, runs: 4, between: 1, noise: 0.05 }, width(0.08));
    expect(state.kind).toBe('scenarios-vary');
    const { scenarios } = state as { readonly scenarios: number };
    // The half width is 2.6 deviations over the root: of a uniform of width 1, 0.29.
    expect(scenarios).toBeGreaterThan(60);
    expect(scenarios).toBeLessThan(160);
  });

  it('says how many runs it takes where some number beyond the last would do', () => {
    const state = at({ ...noisy, runs: 6 }, width(0.02));
    expect(state.kind).toBe('runs-short');
    expect((state as { readonly runs: number }).runs).toBeGreaterThan(LOOKS.last);
  });

  it('gives nothing up after one run, which does not tell how answers vary', () => {
    expect(at({ ...noisy, runs: 1, between: 1 }, width(0.001))).toEqual({ kind: 'open' });
  });

  it('draws on where differences are all alike and nothing is known yet', () => {
    const same = arm([
      [0.5, 0.5],
      [0.7, 0.7],
      [0.1, 0.1],
    ]);
    const look = lookAt({
      ...{
        first: same,
        second: same,
        runs: 2,
        looks: LOOKS,
        goal: width(0.1),
        questions: 1,
        seed: 1,
        design: {},
      },
    });
    expect(look).toMatchObject({ state: { kind: 'open' }, halfWidth: 0, p: 1 });
  });

  it('is held to a stricter level where more questions are asked at once', () => {
    const both = draw({ ...noisy, effect: 0.1 });
    const level = (questions: number): number =>
      lookAt({ ...both, runs: 2, looks: LOOKS, goal: decided(0.1), questions, seed: 1, design: {} })!.level;
    expect(level(3)).toBeLessThan(level(1) / 2);
  });

  it('is none where the arms have no scenario in common', () => {
    const first = new Map([['a', [1]]]);
    const second = new Map([['b', [1]]]);
    const of = { runs: 1, looks: LOOKS, goal: width(0.1), questions: 1, seed: 1, design: {} };
    expect(lookAt({ first, second, ...of })).toBeNull();
  });

  it('of equal arms finds a difference in at most one of twenty experiments, over all of its looks', () => {
    const random = makeRandom(11);
    const experiments = 400;
    let found = 0;
    for (let e = 0; e < experiments; e++) {
      const lists = Array.from({ length: 12 }, () =>
        [0, 1].map(() => Array.from({ length: LOOKS.last }, () => random.uniform())),
      );
      for (let runs = LOOKS.first; runs <= LOOKS.last; runs++) {
        const upTo = (i: number): ReturnType<typeof arm> => arm(lists.map((list) => list[i]!.slice(0, runs)));
        const of = { first: upTo(0), second: upTo(1), runs, looks: LOOKS, goal: decided(0.0001) };
        if (lookAt({ ...of, questions: 1, seed: e, design: {} })!.state.kind !== 'found') continue;
        found++;
        break;
      }
    }
    expect(found / experiments).toBeLessThan(0.05 + 2 * Math.sqrt((0.05 * 0.95) / experiments));
    expect(meanOf([found])).toBeGreaterThan(0);
  });
});
