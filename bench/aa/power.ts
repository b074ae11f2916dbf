// Is a power what it says? Experiments with a true difference, drawn by code of their own, against what the tool claims: from the
// design's true parameters, and from single observed experiments.
import { assumedModel } from '../../src/analysis/statistics/assumed-model.ts';
import { type Design, evenDesign } from '../../src/analysis/statistics/draw-answers.ts';
import { fitModel } from '../../src/analysis/statistics/fit-model.ts';
import { deviationOf, meanOf } from '../../src/analysis/statistics/intervals.ts';
import { signFlip } from '../../src/analysis/statistics/permutation.ts';
import { detectableOf, simulatePower } from '../../src/analysis/statistics/power-simulated.ts';
import { makeRandom, type Random } from '../../src/analysis/statistics/random.ts';
import type { Row, Section } from './section.ts';

type Kind = 'pass' | 'score';
type World = { readonly kind: Kind; readonly scenarios: number; readonly runs: number };

const EXPERIMENTS = 4_000;
const SEED = 20_260_301;
const ASKED = { wish: { kind: 'differs' }, seed: 5, experiments: 6_000 } as const;

/** True differences: of most designs one that is found about as often as one would want. */
const EFFECTS: { readonly [kind in Kind]: { readonly [design: string]: number } } = {
  pass: { '8x1': 0.45, '8x3': 0.4, '20x1': 0.38, '20x3': 0.24, '100x1': 0.18, '100x3': 0.1 },
  score: { '8x1': 0.15, '8x3': 0.1, '20x1': 0.09, '20x3': 0.05, '100x1': 0.04, '100x3': 0.02 },
};

/** Chances of scenarios are uniform; the second arm's odds are so many times the first's. */
function passed(random: Random, { runs }: World, shift: number): readonly [number[], number[]] {
  const chance = random.uniform();
  const odds = (chance / (1 - chance)) * Math.exp(shift);
  const drawn = (p: number): number[] => Array.from({ length: runs }, () => Number(random.uniform() < p));
  return [drawn(chance), drawn(odds / (1 + odds))];
}

/** Scores vary around a difficulty that is uniform, and stay within 0..1; the second arm's are moved before they are cut. */
function scored(random: Random, { runs }: World, shift: number): readonly [number[], number[]] {
  const middle = random.uniform();
  const drawn = (by: number): number[] =>
    Array.from({ length: runs }, () => cut(middle + by + noise(random)));
  return [drawn(0), drawn(shift)];
}

function noise(random: Random): number {
  return 0.2 * (random.uniform() + random.uniform() + random.uniform() - 1.5);
}

function cut(value: number): number {
  return Math.min(1, Math.max(0, value));
}

type Drawn = { readonly first: number[][]; readonly second: number[][] };

function draw(world: World, shift: number, random: Random): Drawn {
  const drawn: Drawn = { first: [], second: [] };
  for (let i = 0; i < world.scenarios; i++) {
    const [first, second] = (world.kind === 'pass' ? passed : scored)(random, world, shift);
    drawn.first.push(first);
    drawn.second.push(second);
  }
  return drawn;
}

/** The shift that makes this mean difference, from many draws of one seed. */
function shiftFor(kind: Kind, difference: number): number {
  const many = { kind, scenarios: 20_000, runs: 1 };
  const random = makeRandom(1);
  const chances = Array.from({ length: many.scenarios }, () => random.uniform());
  const around = chances.map(() => noise(random));
  const meanAt = (shift: number): number =>
    meanOf(
      chances.map((chance, i) => {
        if (kind === 'score') return cut(chance + around[i]! + shift) - cut(chance + around[i]!);
        const odds = (chance / (1 - chance)) * Math.exp(shift);
        return odds / (1 + odds) - chance;
      }),
    );
  let [low, high] = kind === 'pass' ? [-20, 20] : [-2, 2];
  for (let n = 0; n < 30; n++) {
    const middle = (low + high) / 2;
    if (meanAt(middle) < difference) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** How often the tool's test finds it. */
function foundShare(
  world: World,
  at: { shift: number; level: number; experiments: number; random: Random },
): number {
  let found = 0;
  for (let e = 0; e < at.experiments; e++) {
    const { first, second } = draw(world, at.shift, at.random);
    const differences = first.map((runs, i) => meanOf(second[i]!) - meanOf(runs));
    if (signFlip(differences, makeRandom(e)).p < at.level) found++;
  }
  return found / at.experiments;
}

/** Within so much of what the tool says. */
const POINTS = 0.03;

function plannedRow(world: World, n: number): Row {
  const { kind, scenarios, runs } = world;
  const effect = EFFECTS[kind][`${scenarios}x${runs}`]!;
  // Of passes the true parameters are what is assumed; of scores they are told by a pilot that is large.
  const pilot = kind === 'pass' ? null : draw({ ...world, scenarios: 4_000, runs: 3 }, 0, makeRandom(SEED));
  const model = pilot === null ? assumedModel('pass', 0.5, 0) : fitModel(pilot, true)!;
  const level = 0.05;
  const claim = simulatePower({ ...ASKED, level, model, design: evenDesign(scenarios, runs) }).powerAt(
    effect,
  );
  const share = foundShare(world, {
    ...{ shift: shiftFor(kind, effect), level, experiments: EXPERIMENTS },
    random: makeRandom(SEED + n),
  });
  return {
    name: `${scenarios} x ${runs}, ${kind === 'pass' ? 'pass or fail' : 'scores'}, ${effect}`,
    share,
    wanted: { kind: 'between', low: claim - POINTS, high: claim + POINTS },
    note: `said ${(100 * claim).toFixed(1)} %`,
  };
}

/** What the words below a comparison of equal arms name is then made true: how often is it found? */
function namedRow(world: World, tests: number): Row {
  const random = makeRandom(SEED + 100 + world.scenarios + world.runs + tests);
  const level = 0.05 / tests;
  const design: Design = evenDesign(world.scenarios, world.runs);
  const observed = world.scenarios > 50 ? 60 : 250;
  const shares: number[] = [];
  for (let e = 0; e < observed; e++) {
    const drawn = draw(world, 0, random);
    const model = fitModel(drawn, true);
    if (model === null) continue;
    const means = drawn.first.map((runs, i) => (meanOf(runs) + meanOf(drawn.second[i]!)) / 2);
    const slack = (1.28 * deviationOf(means)) / Math.sqrt(world.scenarios);
    const simulated = simulatePower({ ...ASKED, experiments: 1_000, level, model, design });
    const { up } = detectableOf(simulated, { slack });
    if (up === null) continue;
    const shift = shiftFor(world.kind, up);
    shares.push(foundShare(world, { shift, level, experiments: 20, random }));
  }
  return {
    name: `${world.scenarios} x ${world.runs}, ${world.kind === 'pass' ? 'pass or fail' : 'scores'}${tests > 1 ? `, ${tests} tests` : ''}`,
    share: shares.length === 0 ? 0 : meanOf(shares),
    wanted: { kind: 'told' },
    note: `a size is named in ${((100 * shares.length) / observed).toFixed(0)} % of experiments`,
  };
}

const SIZES = [8, 20, 100].flatMap((scenarios) => [1, 3].map((runs) => ({ scenarios, runs })));

export function power(): readonly Section[] {
  const worlds = (['pass', 'score'] as const).flatMap((kind) => SIZES.map((size) => ({ kind, ...size })));
  const named = [
    ...[
      [10, 1],
      [8, 3],
      [20, 1],
      [20, 3],
      [100, 3],
    ].map(([scenarios, runs]) => ({ kind: 'pass' as const, scenarios: scenarios!, runs: runs! })),
    { kind: 'score' as const, scenarios: 8, runs: 3 },
    { kind: 'score' as const, scenarios: 20, runs: 3 },
  ];
  return [
    {
      title: `Power: true differences found in ${EXPERIMENTS.toLocaleString('en')} experiments, and what planning says`,
      rows: worlds.map(plannedRow),
    },
    {
      title: 'Power: the size that one experiment of equal arms names as found in 80 %, made true',
      rows: [
        ...named.map((world) => namedRow(world, 1)),
        namedRow({ kind: 'pass', scenarios: 40, runs: 3 }, 3),
      ],
    },
  ];
}
