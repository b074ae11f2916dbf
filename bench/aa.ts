// Do the statistics hold what they promise? Simulated experiments in which nothing differs (A/A): how often each test says
// that something does, and how often each interval holds the truth. `node bench/aa.ts` prints the table and exits with 1
// where a figure is not what it has to be; `--write` puts it into docs/statistics.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { fenced, withBlock } from '../scripts/readme.ts';
import { summarizeArm } from '../src/stats/compare.ts';
import { fisherExact, mcnemarExact, mcnemarMid } from '../src/stats/exact.ts';
import { bcaMean, type Interval, meanOf, studentMean } from '../src/stats/intervals.ts';
import { signFlip } from '../src/stats/permutation.ts';
import { makeRandom, type Random } from '../src/stats/random.ts';

type Design = {
  readonly name: string;
  readonly scenarios: number;
  readonly kind: 'binary' | 'continuous';
};

const RUNS = 3;
const DESIGNS: readonly Design[] = [8, 20, 100].flatMap((scenarios) => [
  { name: `${scenarios} x ${RUNS}, pass or fail`, scenarios, kind: 'binary' as const },
  { name: `${scenarios} x ${RUNS}, scores`, scenarios, kind: 'continuous' as const },
]);

/**
 * A design. 1,000 cannot tell a coverage of 94 % from 96 % (their range of 95 % is 93.6 to 96.3 %), and of some thirty
 * figures one is outside of such a range by chance alone: 6,000 tell it to +- 0.55, and the range is as narrow.
 */
const EXPERIMENTS = 6_000;
const SEED = 20_260_101;

type Arms = readonly [Map<string, number[]>, Map<string, number[]>];

/** Two arms that answer alike: each scenario has a difficulty of its own, uniform in 0..1, and runs vary around it. */
function drawArms({ scenarios, kind }: Design, random: Random): Arms {
  const first = new Map<string, number[]>();
  const second = new Map<string, number[]>();
  for (let s = 0; s < scenarios; s++) {
    const difficulty = random.uniform();
    const draw = (): number =>
      kind === 'binary'
        ? Number(random.uniform() < difficulty)
        : difficulty + 0.2 * (random.uniform() + random.uniform() + random.uniform() - 1.5);
    first.set(`s${s}`, Array.from({ length: RUNS }, draw));
    second.set(`s${s}`, Array.from({ length: RUNS }, draw));
  }
  return [first, second];
}

const TRUE_MEAN = 0.5;
const LEVEL = 0.05;

/** `about`: true to its level. `at most`: counts have few possible sums, so it may find less often, never more. */
type Promise = 'about' | 'at most';
const TESTS: { readonly [name: string]: Promise | { readonly [kind in Design['kind']]: Promise } } = {
  'interval of the difference without 0': 'about',
  'sign flips, mid-p': { continuous: 'about', binary: 'at most' },
  'sign flips, exact': { continuous: 'about', binary: 'at most' },
  'McNemar over scenarios, mid-p': 'at most',
  'McNemar over scenarios, exact': 'at most',
  'Fisher over scenarios': 'at most',
};

type Counted = {
  readonly found: Map<string, number>;
  readonly covered: { arm: number; difference: number };
};

function simulate(design: Design, seed: number): Counted {
  const random = makeRandom(seed);
  const found = new Map<string, number>();
  const covered = { arm: 0, difference: 0 };
  for (let e = 0; e < EXPERIMENTS; e++) {
    const arms = drawArms(design, random);
    const arm = armInterval(design, arms[0], e);
    const interval = studentMean(differencesOf(arms));
    if (arm.low <= TRUE_MEAN && TRUE_MEAN <= arm.high) covered.arm++;
    const hasZero = interval.low <= 0 && 0 <= interval.high;
    if (hasZero) covered.difference++;
    const permutation = signFlip(differencesOf(arms), makeRandom(e));
    const p: { readonly [name: string]: number } = {
      'interval of the difference without 0': hasZero ? 1 : 0,
      'sign flips, mid-p': permutation.midP,
      'sign flips, exact': permutation.p,
      ...(design.kind === 'binary' ? overScenarios(arms) : {}),
    };
    for (const [name, value] of Object.entries(p)) {
      found.set(name, (found.get(name) ?? 0) + Number(value <= LEVEL));
    }
  }
  return { found, covered };
}

/** What summarizeArm gives, with fewer resamples than its 10,000: over so many experiments they average out. */
function armInterval({ kind }: Design, arm: ReadonlyMap<string, readonly number[]>, seed: number): Interval {
  if (kind === 'binary') return summarizeArm(arm, seed)!.interval;
  return bcaMean([...arm.values()].map(meanOf), { random: makeRandom(seed), resamples: 2_000 });
}

function differencesOf([first, second]: Arms): readonly number[] {
  return [...first].map(([id, runs]) => meanOf(second.get(id)!) - meanOf(runs));
}

/** A scenario is passed where more than half of its runs are. */
function overScenarios([first, second]: Arms): { readonly [name: string]: number } {
  const votes = [...first].map(([id, runs]) => [meanOf(runs) > 0.5, meanOf(second.get(id)!) > 0.5] as const);
  const only = (i: 0 | 1): number => votes.filter((vote) => vote[i] && !vote[1 - i]).length;
  const passed = (i: 0 | 1): number => votes.filter((vote) => vote[i]).length;
  const [a, c] = [passed(0), passed(1)];
  return {
    'McNemar over scenarios, mid-p': mcnemarMid(only(0), only(1)),
    'McNemar over scenarios, exact': mcnemarExact(only(0), only(1)),
    'Fisher over scenarios': fisherExact({ a, b: votes.length - a, c, d: votes.length - c }),
  };
}

/** 95 % of experiments with this share have a count in here: normal, without correction. */
function rangeOf(share: number, trials: number): readonly [number, number] {
  const half = 1.96 * Math.sqrt((share * (1 - share)) / trials);
  return [share - half, share + half];
}

const percent = (share: number): string => (100 * share).toFixed(1).padStart(5);

let broken = 0;
const lines: string[] = [];
const add = (name: string, value: number, holds: boolean, wanted: string): void => {
  if (!holds) broken++;
  lines.push(`  ${name.padEnd(40)}${percent(value)} %   ${wanted}${holds ? '' : '   NOT HELD'}`);
};

const [least, most] = rangeOf(LEVEL, EXPERIMENTS);
DESIGNS.forEach((design, i) => {
  const { found, covered } = simulate(design, SEED + i);
  lines.push(`${design.name}`);
  for (const [name, told] of Object.entries(TESTS)) {
    const promise = typeof told === 'string' ? told : told[design.kind];
    const count = found.get(name);
    if (count === undefined) continue;
    const share = count / EXPERIMENTS;
    const holds = share <= most && (promise === 'at most' || share >= least);
    add(
      name,
      share,
      holds,
      promise === 'about'
        ? `${percent(least)} to ${percent(most).trim()} %`
        : `at most ${percent(most).trim()} %`,
    );
  }
  for (const [name, count] of [
    ['interval of an arm holds the truth', covered.arm],
    ['interval of the difference holds it', covered.difference],
  ] as const) {
    const share = count / EXPERIMENTS;
    add(name, share, share >= 0.94 && share <= 0.96, ' 94.0 to 96.0 %');
  }
});

const table = [
  `Scenarios x runs, ${EXPERIMENTS.toLocaleString('en')} experiments each: false positives at 5 %, and coverage of 95 %.`,
  ...lines,
  broken === 0 ? 'All of it holds.' : `${broken} not held.`,
].join('\n');
console.log(table);
if (process.argv.includes('--write')) {
  const file = new URL('../docs/statistics.md', import.meta.url);
  writeFileSync(file, withBlock(readFileSync(file, 'utf8'), { name: 'aa', content: fenced(table) }));
}
process.exitCode = broken === 0 ? 0 : 1;
