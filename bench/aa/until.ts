// Runs are drawn until a goal is reached: how often that finds a difference where there is none, shows one to be smaller that is
// not, and how often the interval at which it stops holds the truth. One look after each run, from 2 to 10.
import { makeRandom, type Random } from '../../src/analysis/statistics/random.ts';
import { type Goal, type Look, lookAt } from '../../src/analysis/statistics/stopping.ts';
import type { Row, Section } from './section.ts';

type Design = {
  readonly scenarios: number;
  readonly kind: 'binary' | 'continuous';
  /** Standard deviation of what one scenario does for one arm and not for the other; 0 = arms answer alike. */
  readonly between: number;
  readonly goal: Goal;
};

const LOOKS = { first: 2, last: 10 };
const LEVEL = 0.05;
const EXPERIMENTS = 2_000;
const SEED = 20_260_117;

const DESIGNS: readonly Omit<Design, 'goal'>[] = [8, 20, 100].flatMap((scenarios) =>
  (['binary', 'continuous'] as const).flatMap((kind) =>
    [0, 0.15].map((between) => ({ scenarios, kind, between })),
  ),
);

/** As `compare` has it of scores and passes. */
const DESIGN = { isShare: true };

type Drawn = readonly [Map<string, number[]>, Map<string, number[]>];
type Arm = (scenario: number) => number;

/** Both arms with what is to come, `shift` between them on average. */
function drawArms({ scenarios, kind, between }: Omit<Design, 'goal'>, shift: number, random: Random): Drawn {
  const arms: Drawn = [new Map(), new Map()];
  for (let s = 0; s < scenarios; s++) {
    // Away from the ends, so that what a scenario does for an arm never meets a bound, and the truth is `shift`.
    const difficulty = 0.3 + 0.4 * random.uniform();
    const own = (between * Math.sqrt(12) * (random.uniform() - 0.5) + shift) / 2;
    const draw =
      (mean: number): Arm =>
      () =>
        kind === 'binary'
          ? Number(random.uniform() < mean)
          : mean + 0.2 * (random.uniform() + random.uniform() + random.uniform() - 1.5);
    arms[0].set(`s${s}`, Array.from({ length: LOOKS.last }, draw(difficulty - own)));
    arms[1].set(`s${s}`, Array.from({ length: LOOKS.last }, draw(difficulty + own)));
  }
  return arms;
}

/** As `run` does it: one look after each run, and no further one where a look says stop. */
function until(arms: Drawn, goal: Goal, seed: number): { readonly look: Look; readonly runs: number } {
  for (let runs = LOOKS.first; ; runs++) {
    const upTo = (arm: ReadonlyMap<string, readonly number[]>): ReadonlyMap<string, readonly number[]> =>
      new Map([...arm].map(([id, all]) => [id, all.slice(0, runs)]));
    const [first, second] = [upTo(arms[0]), upTo(arms[1])];
    const look = lookAt({ first, second, runs, looks: LOOKS, goal, questions: 1, seed, design: DESIGN })!;
    if (look.state.kind !== 'open') return { look, runs };
  }
}

function simulate(
  design: Design,
  at: { readonly shift: number; readonly seed: number },
): { readonly found: number; readonly smaller: number; readonly held: number; readonly runs: number } {
  const random = makeRandom(at.seed);
  const counted = { found: 0, smaller: 0, held: 0, runs: 0 };
  for (let e = 0; e < EXPERIMENTS; e++) {
    const { look, runs } = until(drawArms(design, at.shift, random), design.goal, e);
    counted.runs += runs;
    if (look.state.kind === 'found') counted.found++;
    if (look.state.kind === 'smaller') counted.smaller++;
    if (look.interval.low <= at.shift && at.shift <= look.interval.high) counted.held++;
  }
  return counted;
}

export function untilReached(): readonly Section[] {
  return DESIGNS.map((design, i) => {
    const size = sizeOf(design);
    const decided: Design = { ...design, goal: { kind: 'decided', size } };
    const alike = simulate(decided, { shift: 0, seed: SEED + i });
    const margin = simulate(decided, { shift: size, seed: SEED + 100 + i });
    const narrow = simulate(
      { ...design, goal: { kind: 'half-width', size } },
      { shift: 0, seed: SEED + 200 + i },
    );
    const kept = { kind: 'at most', share: LEVEL, trials: EXPERIMENTS } as const;
    const covered = { kind: 'between', low: 0.94, high: 1 } as const;
    const rows: readonly Row[] = [
      {
        name: 'decided: found where nothing differs',
        share: alike.found / EXPERIMENTS,
        wanted: kept,
        note: runsNote(alike.runs),
      },
      {
        name: 'decided: "smaller" at the margin',
        share: margin.smaller / EXPERIMENTS,
        wanted: kept,
        note: runsNote(margin.runs),
      },
      {
        name: 'half_width: interval holds the truth',
        share: narrow.held / EXPERIMENTS,
        wanted: covered,
        note: runsNote(narrow.runs),
      },
    ];
    return { title: titleOf(design, size), rows };
  });
}

/** What the interval comes to after half of the runs, so that most of what is drawn is drawn for a reason. */
function sizeOf({ scenarios, kind, between }: Omit<Design, 'goal'>): number {
  const ofRun = kind === 'binary' ? 0.47 : 0.02;
  const half = 2.7 * Math.sqrt((between ** 2 + (2 * ofRun) / LOOKS.last) / scenarios);
  return Number(half.toFixed(2));
}

function runsNote(runs: number): string {
  return `${(runs / EXPERIMENTS).toFixed(1)} runs`;
}

function titleOf({ scenarios, kind, between }: Omit<Design, 'goal'>, size: number): string {
  const what = kind === 'binary' ? 'pass or fail' : 'scores';
  const who = between === 0 ? 'arms alike in each' : 'arms differ by scenario';
  return `until ${size}, ${scenarios} scenarios, ${what}, ${who}`;
}
