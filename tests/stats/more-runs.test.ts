// Runs that would find what was seen: by hand where it is simple, and held against draws of a known world.
import { expect, test } from 'vitest';
import { meanOf } from '../../src/stats/intervals.ts';
import { runsNeeded } from '../../src/stats/more-runs.ts';
import { makeRandom } from '../../src/stats/random.ts';

const arm = (
  count: number,
  valuesOf: (i: number) => readonly number[],
): ReadonlyMap<string, readonly number[]> =>
  new Map(Array.from({ length: count }, (_, i) => [`s${i}`, valuesOf(i)]));

test('are told where runs are all that varies, and are out of reach where scenarios are', () => {
  const still = arm(10, () => [0, 0]);
  // Each scenario differs by another amount, and no run from another: 1 on average, 10 apart.
  const scattered = arm(10, (i) => [i % 2 ? 11 : -9, i % 2 ? 11 : -9]);
  expect(runsNeeded(still, scattered)).toEqual({ kind: 'out-of-reach' });
  const noisy = arm(10, () => [-9, 11]);
  // Differences are all 1; the mean of two runs has variance 100. Ten pairs find 0.9960014 standard
  // deviations (power.t.test of R), so 1 / 0.9960014^2 is allowed, and 200 / 1.00805 runs are needed.
  expect(runsNeeded(still, noisy)).toEqual({ kind: 'runs', runs: 199 });
});

test('are not known from one run, of one scenario, or where nothing was seen', () => {
  const one = arm(4, (i) => [i]);
  const two = arm(4, (i) => [i, i + 1]);
  expect(runsNeeded(one, two)).toEqual({ kind: 'unknown' });
  expect(runsNeeded(two, two)).toEqual({ kind: 'unknown' });
  expect(
    runsNeeded(
      arm(1, () => [0, 1]),
      arm(1, () => [2, 3]),
    ),
  ).toEqual({ kind: 'unknown' });
  expect(
    runsNeeded(
      arm(0, () => []),
      two,
    ),
  ).toEqual({ kind: 'unknown' });
});

test('are those of a world whose variances are known', () => {
  const random = makeRandom(11);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
  const count = 4_000;
  const first = arm(count, () => [normal(), normal(), normal()]);
  const drawn = arm(count, () => {
    const own = 0.2 * normal();
    return [own + normal(), own + normal(), own + normal()];
  });
  // What chance made of the mean is taken out: the difference is 0.03, exactly.
  const mean = (values: typeof first): number => meanOf([...values.values()].map(meanOf));
  const shift = 0.03 - (mean(drawn) - mean(first));
  const second = new Map([...drawn].map(([name, runs]) => [name, runs.map((one) => one + shift)]));
  // Between scenarios 0.04, of one run in both arms 2: 2 / (4,000 x (0.03 / 2.8016)^2 - 0.04) = 4.8
  expect(runsNeeded(first, second)).toEqual({ kind: 'runs', runs: 5 });
});
