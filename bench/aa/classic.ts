// Nothing differs (A/A): how often each test of a comparison says that something does, and how often its intervals hold the truth.
import { summarizeArm } from '../../src/analysis/statistics/compare.ts';
import { fisherExact, mcnemarExact, mcnemarMid } from '../../src/analysis/statistics/exact.ts';
import { bcaMean, type Interval, meanOf, studentMean } from '../../src/analysis/statistics/intervals.ts';
import { signFlip } from '../../src/analysis/statistics/permutation.ts';
import { makeRandom, type Random } from '../../src/analysis/statistics/random.ts';
import type { Row, Section } from './section.ts';

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
type Promised = 'about' | 'at most';
const TESTS: { readonly [name: string]: Promised | { readonly [kind in Design['kind']]: Promised } } = {
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

/** Every design: false positives of each test, and coverage of both intervals. */
export function classic(): readonly Section[] {
  return DESIGNS.map((design, i) => {
    const { found, covered } = simulate(design, SEED + i);
    const tests = Object.entries(TESTS).flatMap(([name, told]): readonly Row[] => {
      const count = found.get(name);
      if (count === undefined) return [];
      const kind = typeof told === 'string' ? told : told[design.kind];
      return [{ name, share: count / EXPERIMENTS, wanted: { kind, share: LEVEL, trials: EXPERIMENTS } }];
    });
    const coverage = [
      ['interval of an arm holds the truth', covered.arm],
      ['interval of the difference holds it', covered.difference],
    ] as const;
    return {
      title: `${design.name}: false positives at 5 %, coverage of 95 %`,
      rows: [
        ...tests,
        ...coverage.map(
          ([name, count]): Row => ({
            name,
            share: count / EXPERIMENTS,
            wanted: { kind: 'between', low: 0.94, high: 0.96 },
          }),
        ),
      ],
    };
  });
}
