// Scenarios and runs that would find a difference: held against hand and against draws of a known world.
import { expect, test } from 'vitest';
import { makeModel } from '../../src/analysis/statistics/answers-model.ts';
import { evenDesign } from '../../src/analysis/statistics/draw-answers.ts';
import { fitModel } from '../../src/analysis/statistics/fit-model.ts';
import { simulatePower } from '../../src/analysis/statistics/power-simulated.ts';
import { makeRandom } from '../../src/analysis/statistics/random.ts';
import { type MoreRuns, runsNeeded, scenariosNeeded } from '../../src/analysis/statistics/sizes.ts';

const ASKED = {
  wish: { kind: 'differs' },
  level: 0.05,
  power: 0.8,
  seed: 1,
  draws: 100_000,
  exactUpTo: 300,
} as const;

type Arm = readonly (readonly number[])[];

const arm = (count: number, valuesOf: (i: number) => readonly number[]): Arm =>
  Array.from({ length: count }, (_, i) => valuesOf(i));

const runs = (first: Arm, second: Arm, difference: number): MoreRuns =>
  runsNeeded({
    ...ASKED,
    model: fitModel({ first, second }, false)!,
    difference,
    scenarios: first.length,
  });

test('runs are told where runs are all that varies, and are out of reach where scenarios are', () => {
  const still = arm(10, () => [0, 0]);
  // Each scenario differs by another amount, and no run from another: 1 on average, 10 apart.
  expect(
    runs(
      still,
      arm(10, (i) => (i % 2 ? [11, 11] : [-9, -9])),
      1,
    ),
  ).toEqual({ kind: 'out-of-reach' });
  // The variance of a run in both arms is 2: 2 / r has to be (0.5 / 0.9960014)^2 = 0.252 (power.t.test of R): 7.9 runs, about.
  const random = makeRandom(3);
  const noise = (): number =>
    Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
  const noisy = (): Arm => arm(400, (i) => Array.from({ length: 4 }, () => 10 * i + noise() - 5_000));
  const model = fitModel({ first: noisy(), second: noisy() }, false)!;
  const needed = runsNeeded({ ...ASKED, model, difference: 8, scenarios: 10 });
  expect(needed.kind).toBe('runs');
});

test('runs are not known from one run, of one scenario, or where nothing was seen', () => {
  const one = arm(4, (i) => [i]);
  const two = arm(4, (i) => [i, i + 1]);
  const other = arm(4, (i) => [(i * 7) % 3]);
  expect(runs(one, other, 1)).toEqual({ kind: 'unknown' });
  expect(runs(two, two, 0)).toEqual({ kind: 'unknown' });
  expect(fitModel({ first: arm(1, () => [0, 1]), second: arm(1, () => [2, 3]) }, false)).toBeNull();
});

test('runs are those of a world whose variances are known', () => {
  const random = makeRandom(11);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
  const count = 4_000;
  const first = arm(count, () => [normal(), normal(), normal()]);
  const second = arm(count, () => {
    const own = 0.2 * normal();
    return [own + normal(), own + normal(), own + normal()];
  });
  // Between scenarios 0.04, of one run in both arms 2: 2 / (4,000 x (0.03 / 2.8016)^2 - 0.04) = 4.8; 0.04 of 4.04 is known badly.
  const needed = runs(first, second, 0.03);
  expect(needed.kind === 'runs' && needed.runs).toBeGreaterThanOrEqual(4);
  expect(needed.kind === 'runs' && needed.runs).toBeLessThanOrEqual(6);
});

const PASSES = makeModel({
  values: [
    { value: 0, weight: 0.3 },
    { value: 1, weight: 0.7 },
  ],
  shift: 'threshold',
  shared: 0.5,
  own: 0,
  isSplit: true,
});

test('so many scenarios are enough, and a tenth fewer are not', () => {
  for (const difference of [0.2, -0.2, 0.08]) {
    const needed = scenariosNeeded({ ...ASKED, model: PASSES, difference, runs: 3 })!;
    const power = (scenarios: number): number =>
      simulatePower({
        ...ASKED,
        seed: 2,
        model: PASSES,
        design: evenDesign(scenarios, 3),
        experiments: 3_000,
      }).powerAt(difference);
    expect(power(Math.ceil(needed * 1.1))).toBeGreaterThan(0.78);
    expect(power(Math.floor(needed * 0.9) - 1)).toBeLessThan(0.82);
  }
});

test('no number of scenarios finds what there cannot be, or nothing', () => {
  const needed = (difference: number): number | null =>
    scenariosNeeded({ ...ASKED, model: PASSES, difference, runs: 1 });
  expect([needed(0), needed(0.31), needed(-0.71)]).toEqual([null, null, null]);
  expect(needed(0.29)).toBeLessThan(60);
});

test('a correction for several tests takes more scenarios', () => {
  const needed = (tests: number): number =>
    scenariosNeeded({ ...ASKED, level: 0.05 / tests, model: PASSES, difference: 0.15, runs: 1 })!;
  expect(needed(5)).toBeGreaterThan(1.2 * needed(1));
});
