// Ties, constant differences, scenarios that belong together, pass@k, and intervals that end where scores do.

import { passKOf } from '../../src/analysis/compare/pass-k.ts';
import { clusterSums } from '../../src/analysis/statistics/clusters.ts';
import {
  type ArmValues,
  comparePaired,
  differenceInterval,
  pairedDifferences,
} from '../../src/analysis/statistics/compare.ts';
import { signFlip } from '../../src/analysis/statistics/permutation.ts';
import { makeRandom, type Random } from '../../src/analysis/statistics/random.ts';
import type { Row, Section } from './section.ts';

const EXPERIMENTS = 2_000;
/** Of tests whose flips are few enough to be counted. */
const MANY = 20_000;
/** Of flips of 60 scenarios, which are drawn: some 30 ms each, and a row that is told only. */
const FEW = 400;
const SEED = 20_260_201;
const LEVEL = 0.05;

const armOf = (count: number, runs: (scenario: number) => readonly number[]): ArmValues =>
  new Map(Array.from({ length: count }, (_, s) => [`s${String(s).padStart(3, '0')}`, runs(s)]));

/** The same runs in another order, and the same ones with a constant beside them: nothing else than that may be found. */
function ties(random: Random): Section {
  let same = 0;
  let constant = 0;
  const count = 200;
  for (let e = 0; e < count; e++) {
    const runs = Array.from({ length: 8 }, () => Array.from({ length: 3 }, () => random.uniform()));
    const first = armOf(8, (s) => runs[s]!);
    const turned = comparePaired(
      first,
      armOf(8, (s) => [...runs[s]!].reverse()),
      e,
    )!;
    same += Number(turned.difference === 0 && turned.permutation.p === 1 && turned.signs.same === 8);
    const moved = comparePaired(
      first,
      armOf(8, (s) => runs[s]!.map((one) => one + 1 / 3)),
      e,
    )!;
    constant += Number(!Number.isFinite(moved.effect) && moved.method === 'none' && moved.signs.better === 8);
  }
  const row = (name: string, found: number): Row => ({
    name,
    share: found / count,
    wanted: { kind: 'always' },
  });
  return {
    title: 'Rounding, 8 x 3 scores',
    rows: [row('the same runs, turned round: alike', same), row('1/3 more everywhere: constant', constant)],
  };
}

/** Twelve customers of five scenarios each: what one arm is better at, it is better at for all of a customer. */
function clusters(random: Random): Section {
  const [groups, size] = [12, 5];
  const clusterOf = (scenario: string): string => String(Math.floor(Number(scenario.slice(1)) / size));
  let byScenario = 0;
  let byCluster = 0;
  let covered = 0;
  let held = 0;
  for (let e = 0; e < MANY; e++) {
    const first = armOf(groups * size, () => [random.uniform()]);
    const lean = Array.from({ length: groups }, () => random.uniform() - 0.5);
    const second = armOf(groups * size, (s) => [random.uniform() + lean[Math.floor(s / size)]!]);
    const { names, differences } = pairedDifferences(first, second);
    if (e < FEW) byScenario += Number(signFlip(differences, makeRandom(e)).p < LEVEL);
    byCluster += Number(signFlip(clusterSums(differences, names.map(clusterOf)), makeRandom(e)).p < LEVEL);
    const interval = differenceInterval(first, second, { clusterOf })!;
    covered += Number(interval.low <= 0 && interval.high >= 0);
    const naive = differenceInterval(first, second, {})!;
    held += Number(naive.low <= 0 && naive.high >= 0);
  }
  const share = (found: number): number => found / MANY;
  return {
    title: '12 clusters x 5 scenarios that lean together, no difference on the whole',
    rows: [
      {
        name: 'flips of clusters find something',
        share: share(byCluster),
        wanted: { kind: 'at most', share: LEVEL, trials: MANY },
      },
      { name: 'interval over clusters holds the truth', share: share(covered), wanted: BETWEEN },
      { name: 'flips of scenarios find something', share: byScenario / FEW, wanted: { kind: 'told' } },
      { name: 'interval over scenarios holds the truth', share: share(held), wanted: { kind: 'told' } },
    ],
  };
}

const BETWEEN = { kind: 'between', low: 0.935, high: 0.965 } as const;

/** Difficulties uniform in 0..1: at least one of k passes k / (k + 1) of the time, all of k 1 / (k + 1). */
function tries(scenarios: number, random: Random): Section {
  const runs = 5;
  const covered = new Map<string, number>();
  for (let e = 0; e < EXPERIMENTS; e++) {
    const values = armOf(scenarios, () => {
      const p = random.uniform();
      return Array.from({ length: runs }, () => Number(random.uniform() < p));
    });
    for (const { k, atInterval, hatInterval } of passKOf(values, {})) {
      const add = (name: string, holds: boolean): void => {
        covered.set(name, (covered.get(name) ?? 0) + Number(holds));
      };
      add(`pass@${k}`, atInterval.low <= k / (k + 1) && k / (k + 1) <= atInterval.high);
      add(`pass^${k}`, hatInterval.low <= 1 / (k + 1) && 1 / (k + 1) <= hatInterval.high);
    }
  }
  return {
    title: `pass@k and pass^k, ${scenarios} x ${runs}: coverage of 95 %`,
    rows: [...covered].map(
      ([name, count]): Row => ({
        name: `interval of ${name} holds the truth`,
        share: count / EXPERIMENTS,
        wanted: { kind: 'between', low: 0.925, high: 0.98 },
      }),
    ),
  };
}

/** Few scenarios of pass or fail: Student's interval goes beyond what can be, and ends there. */
function bounded(random: Random): Section {
  let within = 0;
  let covered = 0;
  let cut = 0;
  const truth = 0.2;
  for (let e = 0; e < EXPERIMENTS; e++) {
    const first = armOf(5, () => [Number(random.uniform() < 0.6)]);
    const second = armOf(5, () => [Number(random.uniform() < 0.8)]);
    const interval = differenceInterval(first, second, { isShare: true })!;
    const free = differenceInterval(first, second, {})!;
    within += Number(interval.low >= -1 && interval.high <= 1);
    covered += Number(interval.low <= truth && truth <= interval.high);
    cut += Number(free.low < -1 || free.high > 1);
  }
  return {
    title: 'Intervals of 5 x 1 pass or fail, 0.6 against 0.8',
    rows: [
      { name: 'within -1 to 1', share: within / EXPERIMENTS, wanted: { kind: 'always' } },
      {
        name: 'holds the truth',
        share: covered / EXPERIMENTS,
        wanted: { kind: 'between', low: 0.93, high: 1 },
      },
      { name: 'would have gone beyond', share: cut / EXPERIMENTS, wanted: { kind: 'told' } },
    ],
  };
}

export function numbers(): readonly Section[] {
  return [
    ties(makeRandom(SEED)),
    clusters(makeRandom(SEED + 1)),
    tries(20, makeRandom(SEED + 2)),
    tries(100, makeRandom(SEED + 3)),
    bounded(makeRandom(SEED + 4)),
  ];
}
