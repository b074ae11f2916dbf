// Arms that truly differ by the margin: how often they are called the same, or not worse. Has to be no more than the level.
import { meanOf } from '../../src/analysis/statistics/intervals.ts';
import { marginTest, NOT_WORSE_LEVEL, SAME_LEVEL } from '../../src/analysis/statistics/margin.ts';
import { makeRandom, type Random } from '../../src/analysis/statistics/random.ts';
import type { Row, Section } from './section.ts';

const EXPERIMENTS = 6_000;
const SEED = 20_260_401;
const RUNS = [1, 3];

type World = {
  readonly name: string;
  readonly margin: number;
  readonly values: 'pass' | 'bounded' | 'amount';
  /** Nothing is promised of tails as long as these. */
  readonly isTold?: true;
  /** Values of one scenario in both arms; the second is worse by the margin, on average. */
  readonly draw: (random: Random, runs: number) => readonly [readonly number[], readonly number[]];
};

const times = (runs: number, draw: () => number): readonly number[] => Array.from({ length: runs }, draw);

const passes =
  (chanceOf: (random: Random) => number, margin: number): World['draw'] =>
  (random, runs) => {
    const chance = chanceOf(random);
    const of = (p: number): readonly number[] => times(runs, () => Number(random.uniform() < p));
    return [of(chance), of(chance - margin)];
  };

const WORLDS: readonly World[] = [
  {
    name: 'passes, chances 0.1 to 1',
    margin: 0.1,
    values: 'pass',
    draw: passes((random) => 0.1 + 0.9 * random.uniform(), 0.1),
  },
  { name: 'passes, all 0.95', margin: 0.1, values: 'pass', draw: passes(() => 0.95, 0.1) },
  { name: 'passes, all 1', margin: 0.05, values: 'pass', draw: passes(() => 1, 0.05) },
  {
    name: 'scores',
    margin: 0.05,
    values: 'bounded',
    draw: (random, runs) => {
      const middle = 0.3 + 0.5 * random.uniform();
      const of = (at: number): readonly number[] => times(runs, () => at + 0.3 * (random.uniform() - 0.5));
      return [of(middle), of(middle - 0.05)];
    },
  },
  {
    name: 'costs, lognormal',
    margin: 0.3,
    values: 'amount',
    isTold: true,
    draw: (random, runs) => {
      const normal = (): number =>
        Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
      const size = Math.exp(0.7 * normal());
      const mean = Math.exp((0.7 ** 2 + 0.2 ** 2) / 2);
      const of = (factor: number): readonly number[] =>
        times(runs, () => factor * size * Math.exp(0.2 * normal()));
      return [of(1), of(1 + 0.3 / mean)];
    },
  },
];

function rowsOf(
  world: World,
  at: { readonly scenarios: number; readonly runs: number; readonly seed: number },
): readonly Row[] {
  const random = makeRandom(at.seed);
  const lowerIsBetter = world.values === 'amount';
  let same = 0;
  let notWorse = 0;
  for (let e = 0; e < EXPERIMENTS; e++) {
    const differences = times(at.scenarios, () => {
      const [first, second] = world.draw(random, at.runs);
      return meanOf(second) - meanOf(first);
    });
    const told = marginTest(differences, { margin: world.margin, lowerIsBetter, values: world.values });
    if (told.same !== null && told.same < SAME_LEVEL) same++;
    if (told.notWorse !== null && told.notWorse < NOT_WORSE_LEVEL) notWorse++;
  }
  const name = `${at.scenarios} x ${at.runs}, ${world.name}`;
  const wanted = (share: number): Row['wanted'] =>
    world.isTold ? { kind: 'told' } : { kind: 'at most', share, trials: EXPERIMENTS };
  return [
    { name: `${name}: the same`, share: same / EXPERIMENTS, wanted: wanted(SAME_LEVEL) },
    { name: `${name}: not worse`, share: notWorse / EXPERIMENTS, wanted: wanted(NOT_WORSE_LEVEL) },
  ];
}

export function margin(): readonly Section[] {
  const rows = WORLDS.flatMap((world, w) =>
    [8, 20, 100].flatMap((scenarios, s) =>
      RUNS.flatMap((runs, r) => rowsOf(world, { scenarios, runs, seed: SEED + 100 * w + 10 * s + r })),
    ),
  );
  const title = `Margin: arms that differ by it, called the same (5 %) or not worse (2.5 %), ${EXPERIMENTS.toLocaleString('en')} experiments each`;
  return [{ title, rows }];
}
