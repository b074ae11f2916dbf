// Cells that were drawn again in one arm and not in the other: who draws again what was lost, and keeps what was won, finds
// whatever he likes. Pure.

import { formatAmount } from '../../text/format.ts';
import { comparePaired } from '../statistics/compare.ts';
import { type Arm, type ArmCell, armName, type CompareInput, cellName, counts } from './input.ts';
import { formatDifference, formatPWords } from './numbers.ts';
import type { Finding, FirstDraws } from './result.ts';
import { SEED } from './seed.ts';
import { countsOf, sharesApart } from './shares.ts';

type Pair = readonly [number, number];

/** Every time, however few: one cell that was drawn until it passed is chosen by its outcome. */
export function redrawsDiffer(pair: Pair, input: CompareInput): Finding | null {
  if (input.between === 'moments' || input.isFirstDraws) return null;
  const both = [input.arms[pair[0]]!, input.arms[pair[1]]!] as const;
  const unequal = unequalCells(...both);
  if (unequal.length === 0) return null;
  const firstDraws = differenceOf(both, firstOf);
  const now = differenceOf(both, ({ value }) => value);
  const isTurned = isFound(now) !== isFound(firstDraws);
  const chosen = both.flatMap(({ cells }) => cells.filter((cell) => cell.draws?.isChosen)).length;
  const unknown = both.flatMap(({ cells }) => cells.filter(isUnknown)).length;
  return {
    kind: 'redraws-differ',
    severity: 'warning',
    mark: null,
    arms: pair,
    ...(isTurned ? { isFirst: true as const } : {}),
    message: [
      `drawn again were ${both.map(redrawnWords).join(' and ')}, and the newest draw counts`,
      ...(chosen > 0
        ? [
            `${formatAmount(chosen, 'cell')} of these ${chosen === 1 ? 'was' : 'were'} chosen by how they had come out`,
          ]
        : []),
      `with first draws: ${differenceWords(firstDraws, input)}${unknown > 0 ? `, without ${formatAmount(unknown, 'cell')} whose first draw has no number` : ''}`,
      ...(isTurned ? [turnedWords(isFound(now))] : []),
    ].join('; '),
    hint: `${unknown > 0 && input.scorers.length > 0 ? '`npx expgraph score --at 1` judges earlier answers; ' : ''}\`npx expgraph compare --first-draws\` compares those, and \`npx expgraph run --force\` without other options draws every cell again`,
    firstDraws,
    cells: unequal.slice(0, MAX_CELLS).map((cell) => cellName(cell.variant, cell)),
    count: unequal.length,
  };
}

/** As many names as a reader looks up. */
const MAX_CELLS = 12;
const LEVEL = 0.05;

function isFound(difference: FirstDraws): boolean {
  return difference !== null && difference.p < LEVEL;
}

function turnedWords(isNow: boolean): string {
  return isNow
    ? 'the difference that is found below is not there in the first draws'
    : 'the first draws have a difference that is not found below';
}

function redrawnWords(arm: Arm): string {
  const drawn = arm.cells.filter(({ draws }) => draws);
  const again = drawn.filter(({ draws }) => draws!.completed > 1);
  const most = again.reduce((max, { draws }) => Math.max(max, draws!.completed), 1);
  const upTo = again.length === 0 ? '' : ` (up to ${formatAmount(most, 'draw')} each)`;
  return `${countsOf({ some: again.length, all: drawn.length })} cells of ${armName(arm)}${upTo}`;
}

/** Of the second arm, or of the first where the second does not have it: cells whose twin was drawn as often are equal. */
function unequalCells(first: Arm, second: Arm): readonly (ArmCell & { readonly variant: string })[] {
  // As a rule nothing was drawn again, and no cell has to look for its twin.
  if (![first, second].some(({ cells }) => cells.some((cell) => drawsOf(cell) > 1))) return [];
  const twins = new Map(first.cells.flatMap((cell) => (drawsOf(cell) > 0 ? [[placeOf(cell), cell]] : [])));
  return second.cells.flatMap((cell) => {
    const twin = twins.get(placeOf(cell));
    if (twin === undefined || drawsOf(cell) === 0 || drawsOf(twin) === drawsOf(cell)) return [];
    return drawsOf(twin) > drawsOf(cell)
      ? [{ ...twin, variant: first.variant }]
      : [{ ...cell, variant: second.variant }];
  });
}

function drawsOf(cell: ArmCell): number {
  return cell.draws?.completed ?? 0;
}

function firstOf(cell: ArmCell): number | null {
  const first = cell.draws?.first;
  return first ? first.value : cell.value;
}

function isUnknown(cell: ArmCell): boolean {
  return cell.draws?.first?.value === null;
}

type NumberOf = (cell: ArmCell) => number | null;

function differenceOf([first, second]: readonly [Arm, Arm], numberOf: NumberOf): FirstDraws {
  const made = comparePaired(valuesOf(first, numberOf), valuesOf(second, numberOf), SEED);
  return made && { difference: made.difference, p: made.permutation.p };
}

function valuesOf({ cells }: Arm, numberOf: NumberOf): ReadonlyMap<string, readonly number[]> {
  const values = new Map<string, number[]>();
  for (const cell of cells) {
    // Of a cell without a number today the first draw may have one.
    const value = counts(cell) || cell.draws?.first ? numberOf(cell) : null;
    if (value === null) continue;
    const runs = values.get(cell.scenario);
    if (runs) runs.push(value);
    else values.set(cell.scenario, [value]);
  }
  return new Map([...values].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function differenceWords(found: FirstDraws, { metric }: CompareInput): string {
  if (found === null) return 'no scenario has a number in both';
  return `${formatDifference(metric, found.difference)}, ${formatPWords(found.p)}`;
}

/**
 * Failed cells that were tried again until they answered. Whatever lies between us and the model chooses no answers, and is told
 * where it fell on one arm more often than chance has it; what failed by what was answered is chosen by it.
 */
export function rerunsDiffer(pair: Pair, input: CompareInput): Finding | null {
  if (input.between === 'moments') return null;
  const both = [input.arms[pair[0]]!, input.arms[pair[1]]!] as const;
  const byContent = both.map((arm) => rerun(arm, 'byContent')) as [Rerun, Rerun];
  const byTransport = both.map((arm) => rerun(arm, 'byTransport')) as [Rerun, Rerun];
  const apart = sharesApart(...byContent, { level: 1.1 });
  const isContent = apart !== null;
  if (!isContent && sharesApart(...byTransport) === null) return null;
  const told = isContent ? byContent : byTransport;
  const words = both.map((arm, i) => `${countsOf(told[i]!)} cells of ${armName(arm)}`).join(' and ');
  const why = isContent ? 'by what was asked or answered' : 'on the way to the model';
  const isShare = input.metric === 'score' || input.metric === 'pass';
  const lost = isContent && isShare ? differenceOf(both, asLost) : undefined;
  return {
    kind: 'reruns-differ',
    severity: 'warning',
    mark: null,
    arms: pair,
    message: `${words} had failed ${why}, and were tried again until they answered${lost === undefined ? '' : `; counted as 0: ${differenceWords(lost, input)}`}`,
    hint: isContent
      ? 'an arm that fails more often is better here than it is'
      : 'an arm that was tried again more often was drawn at another time',
    cells: [],
    count: told.reduce((sum, { some }) => sum + some, 0),
  };
}

type Rerun = { readonly some: number; readonly all: number };

function rerun({ cells }: Arm, by: 'byContent' | 'byTransport'): Rerun {
  const drawn = cells.filter((cell) => counts(cell) && cell.draws);
  return { all: drawn.length, some: drawn.filter(({ draws }) => draws!.failed[by] > 0).length };
}

function asLost(cell: ArmCell): number | null {
  return cell.draws && cell.draws.failed.byContent > 0 ? 0 : cell.value;
}

function placeOf({ scenario, run }: Pick<ArmCell, 'scenario' | 'run'>): string {
  return `${run} ${scenario}`;
}
