// Power of the test that is used: its decision, the draws it decides on, and what differences there can be.
import { describe, expect, test } from 'vitest';
import { makeModel, reachOf, shiftFor } from '../../src/analysis/statistics/answers-model.ts';
import { evenDesign } from '../../src/analysis/statistics/draw-answers.ts';
import { fitModel } from '../../src/analysis/statistics/fit-model.ts';
import { makeFlipDecision } from '../../src/analysis/statistics/flip-decision.ts';
import { meanOf } from '../../src/analysis/statistics/intervals.ts';
import { signFlip } from '../../src/analysis/statistics/permutation.ts';
import { powerOf } from '../../src/analysis/statistics/power.ts';
import { detectableOf, simulatePower } from '../../src/analysis/statistics/power-simulated.ts';
import { makeRandom } from '../../src/analysis/statistics/random.ts';

describe('the quick decision is that of the sign-flip test', () => {
  test.each([6, 8, 12, 17, 30, 60])('over %i scenarios, of steps and of numbers without any', (n) => {
    const random = makeRandom(n);
    for (const step of [null, 1, 1 / 3])
      for (const level of [0.05, 0.005]) {
        const decide = makeFlipDecision(n);
        for (let e = 0; e < 40; e++) {
          const differences = Float64Array.from({ length: n }, () => {
            const one =
              2 * (random.uniform() + random.uniform() + random.uniform() - 1.5) + 2.8 / Math.sqrt(n);
            return step === null ? one : Math.round(one / step) * step;
          });
          const { p } = signFlip([...differences], makeRandom(e));
          const isClose = Math.abs(p - level) < 0.05 * level;
          if (!isClose) expect(decide({ differences, count: n, level, step })).toBe(p < level);
        }
      }
  });

  test('six of one sign are found, five are not', () => {
    const decide = makeFlipDecision(6);
    const of = (count: number): boolean =>
      decide({ differences: Float64Array.of(1, 1, 1, 1, 1, 1), count, level: 0.05, step: 1 });
    expect([of(5), of(6)]).toEqual([false, true]);
  });
});

const passes = (mean: number, shared = 0.5): ReturnType<typeof makeModel> =>
  makeModel({
    values: [
      { value: 0, weight: 1 - mean },
      { value: 1, weight: mean },
    ],
    shift: 'threshold',
    shared,
    own: 0,
    isSplit: true,
  });

const ASKED = { wish: { kind: 'differs' }, level: 0.05, seed: 1, experiments: 2_000 } as const;

describe('power', () => {
  test('rises with the difference, is the level or less at none, and the same each time', () => {
    const simulated = simulatePower({ ...ASKED, model: passes(0.5), design: evenDesign(20, 3) });
    const powers = [0, 0.1, 0.2, 0.3, 0.4].map(simulated.powerAt);
    expect(powers).toEqual([...powers].sort((a, b) => a - b));
    expect(powers[0]).toBeLessThan(0.06);
    expect(powers[4]).toBeGreaterThan(0.95);
    expect(simulated.powerAt(0.2)).toBe(powers[2]);
  });

  test('of numbers without bounds comes to that of the paired t test', () => {
    const random = makeRandom(4);
    const normal = (): number =>
      Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
    const arm = (): number[][] => Array.from({ length: 2_000 }, () => [normal()]);
    const model = fitModel({ first: arm(), second: arm() }, false)!;
    const simulated = simulatePower({ ...ASKED, experiments: 4_000, model, design: evenDesign(20, 1) });
    const t = powerOf({ difference: 0.9, deviation: Math.SQRT2, pairs: 20 });
    expect(simulated.powerAt(0.9)).toBeCloseTo(t, 1);
  });

  test('of one run each is that of coins: all of n discordant scenarios have to agree where n is six', () => {
    // Arms are independent, 0.001 against 0.999: a scenario differs for the second arm nearly always.
    const simulated = simulatePower({ ...ASKED, model: passes(0.001, 0), design: evenDesign(6, 1) });
    expect(simulated.powerAt(0.998)).toBeGreaterThan(0.97);
    const five = simulatePower({ ...ASKED, model: passes(0.001, 0), design: evenDesign(5, 1) });
    expect(five.powerAt(0.998)).toBe(0);
  });

  test('moves the mean by what is asked, and no value beyond its bounds', () => {
    for (const shift of ['threshold', 'clipped'] as const) {
      const values = [0, 0.25, 0.5, 0.75, 1].map((value) => ({ value, weight: 1 }));
      const model = makeModel({ values, shift, shared: 0.5, own: 0, isSplit: true });
      expect(reachOf(model)).toEqual({ up: 0.5, down: 0.5 });
      const simulated = simulatePower({ ...ASKED, model, design: evenDesign(400, 1) });
      expect(simulated.powerAt(0.2)).toBeGreaterThan(0.99);
      expect(Number.isFinite(shiftFor(model, 0.49))).toBe(true);
    }
  });
});

describe('the smallest difference that is found four times out of five', () => {
  test('is found as often as that, in both directions', () => {
    const simulated = simulatePower({ ...ASKED, model: passes(0.6), design: evenDesign(40, 3) });
    const { up, down } = detectableOf(simulated);
    for (const at of [up!, -down!]) {
      expect(simulated.powerAt(at)).toBeGreaterThanOrEqual(0.8);
      expect(simulated.powerAt(0.95 * at)).toBeLessThan(0.8);
    }
  });

  test('is never larger than what there can be', () => {
    const of = (scenarios: number, mean: number): ReturnType<typeof detectableOf> =>
      detectableOf(simulatePower({ ...ASKED, model: passes(mean), design: evenDesign(scenarios, 1) }));
    expect(of(10, 0.5)).toEqual({ up: null, down: null, isNearBound: false });
    expect(of(20, 0.95)).toMatchObject({ up: null, down: expect.any(Number) });
    expect(of(20, 0.95).down).toBeLessThan(0.95);
  });

  test('is not told where nothing varied', () => {
    const all = Array.from({ length: 20 }, () => [1, 1]);
    expect(fitModel({ first: all, second: all }, true)).toBeNull();
    // 1/3 more in every scenario, in bits that differ.
    const steps = Array.from({ length: 8 }, (_, i) => [i / 16, i / 16]);
    const more = steps.map((runs) => runs.map((value) => value + 1 / 3));
    expect(fitModel({ first: steps, second: more }, true)).toBeNull();
  });
});

test('a model that is fitted to its own draws has the variances that were drawn', () => {
  const random = makeRandom(9);
  const draw = (): { first: number[][]; second: number[][] } => {
    const first: number[][] = [];
    const second: number[][] = [];
    for (let i = 0; i < 3_000; i++) {
      const chance = random.uniform();
      const runs = (): number[] => Array.from({ length: 3 }, () => Number(random.uniform() < chance));
      first.push(runs());
      second.push(runs());
    }
    return { first, second };
  };
  const model = fitModel(draw(), true)!;
  // Uniform chances are Φ(u): as much of z is the scenario as the run.
  expect(model.shared).toBeCloseTo(0.5, 1);
  expect(model.own).toBeLessThan(0.03);
  expect(model.mean).toBeCloseTo(0.5, 1);
  expect(meanOf([model.shared])).toBeGreaterThan(0.45);
});
