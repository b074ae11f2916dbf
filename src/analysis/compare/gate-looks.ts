// Answers that came in steps: who looks after each and stops when something is found, finds what is not there. Pure.
import { formatAmount } from '../../text/format.ts';
import { levelOfLooks } from '../statistics/looks.ts';
import { type Arm, armName, type CompareInput, counts } from './input.ts';
import type { Finding, Steps } from './result.ts';
import { looksOf } from './until.ts';

export function lookedAgain(pair: readonly [number, number], input: CompareInput): Finding | null {
  if (input.between === 'moments' || looksOf(input, pair) !== null) return null;
  const [first, second] = [input.arms[pair[0]]!, input.arms[pair[1]]!];
  const steps = stepsOf(first, second);
  if (steps === null) return null;
  return {
    kind: 'looks',
    severity: 'warning',
    mark: null,
    arms: pair,
    message: `the answers of ${armName(first)} and ${armName(second)} came in ${formatAmount(steps.count, 'step')}, and each was a chance to look`,
    hint: `whoever looked each time, to stop when something is found, compares p with ${steps.level.toFixed(3)} instead of 0.05 (Pocock's bound)`,
    steps,
    cells: [],
    count: steps.count,
  };
}

/** Above this a second look is not worth a word: one cell of a hundred that came later. */
const WORTH_A_WORD = 0.045;
/** Of all: a smaller step is told with the next one. */
const LEAST_STEP = 0.02;
/** Of the cells that one arm has, as many are in the other: else `compare` was closed, and there was nothing to look at. */
const NEARLY_ALL = 0.9;

/** null = there was one chance to look, or the others add next to nothing. */
export function stepsOf(first: Arm, second: Arm): Steps | null {
  const looks = looksAt(first, second);
  const last = looks.at(-1) ?? 0;
  const fractions: number[] = [];
  for (const look of looks.slice(0, -1)) {
    const fraction = look / last;
    if (fraction - (fractions.at(-1) ?? 0) >= LEAST_STEP && fraction <= 1 - LEAST_STEP)
      fractions.push(fraction);
  }
  if (fractions.length === 0) return null;
  const level = levelOfLooks([...fractions, 1]);
  return level >= WORTH_A_WORD ? null : { count: fractions.length + 1, level };
}

type Drawn = {
  readonly since: number;
  readonly scenario: string;
  readonly run: number;
  readonly side: 0 | 1;
};

/** Information after each invocation that added cells, where both arms had nearly the same ones. */
function looksAt(first: Arm, second: Arm): readonly number[] {
  // As a rule one invocation drew all of it: one chance to look, however many cells there are.
  if (cameAtOnce([first, second])) return [];
  const drawn = [...drawnIn(first, 0), ...drawnIn(second, 1)].sort((a, b) => a.since - b.since);
  const sides = [new Set<string>(), new Set<string>()] as const;
  let shared = 0;
  const looks: number[] = [];
  drawn.forEach(({ since, scenario, run, side }, i) => {
    const place = `${run} ${scenario}`;
    sides[side].add(place);
    if (sides[1 - side]!.has(place)) shared++;
    const next = drawn[i + 1];
    if (next !== undefined && next.since === since) return;
    const all = sides[0].size + sides[1].size - shared;
    const isLast = next === undefined;
    if (shared > (looks.at(-1) ?? 0) && (isLast || shared >= NEARLY_ALL * all)) looks.push(shared);
  });
  return looks;
}

function cameAtOnce(arms: readonly Arm[]): boolean {
  let only: number | null = null;
  for (const { cells } of arms) {
    for (const cell of cells) {
      const since = counts(cell) ? cell.draws?.since : null;
      if (since == null) continue;
      if (only !== null && since !== only) return false;
      only = since;
    }
  }
  return true;
}

function drawnIn({ cells }: Arm, side: 0 | 1): readonly Drawn[] {
  return cells.flatMap((cell) => {
    const since = counts(cell) ? cell.draws?.since : null;
    return since == null ? [] : [{ since, scenario: cell.scenario, run: cell.run, side }];
  });
}
