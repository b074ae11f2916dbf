// What became of each cell: the record that counts for it, what scorers say of its answer, and whether the arms agree.
import type { StoreReader } from '../../cache/store.ts';
import type { Digest, Key } from '../../core/brand.ts';
import { standsFor } from '../../core/counting.ts';
import type { CellScore, ScoreBook } from '../../core/scoring.ts';
import { type Cell, cellId, type Filter, NO_FILTER } from '../../core/task.ts';
import { sampleKey } from '../../planner/key.ts';
import { type ChosenCell, cellsInScope } from '../../planner/plan.ts';
import { CommandError } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import { once } from '../open/once.ts';
import { bookOfToday, verdictOf } from './verdict.ts';

export type Outcome = {
  /** In the index of draws. */
  readonly record: number;
  readonly status: 'completed' | 'failed';
  /** Whether it answers what the manifest asks for now. */
  readonly isCurrent: boolean;
  readonly output: Digest | null;
  /** How its test ended. */
  readonly tested: string | null;
  readonly ending: string | null;
  /** What each scorer that is about the cell says of it; nothing of a record without an answer. */
  readonly scores: readonly CellScore[];
};

type Kept = Pick<StoreReader, 'history' | 'measures' | 'row'>;

/** @returns what is known last of a cell; undefined = it was never drawn */
export function openOutcomes(input: {
  readonly experiment: Experiment;
  readonly store: Kept;
  readonly book?: ScoreBook;
}): (cell: Cell, key: Key) => Outcome | undefined {
  const { experiment, store } = input;
  const book = input.book ?? bookOfToday(experiment);
  const answers = new Map<string, Pick<Outcome, 'output' | 'tested' | 'ending'>>();
  const { history } = store;
  for (const { id, key, outputDigest, tested, ending } of store.measures())
    if (history.byKey(key as Key)?.id === id) answers.set(key, { output: outputDigest, tested, ending });
  return (cell, key) => {
    const shown = standsFor(history, { ...cell, key });
    if (shown === undefined) return undefined;
    const { record } = shown;
    const isCurrent = shown.standing === 'current';
    const row = isCurrent ? undefined : store.row(record.id);
    const kept = isCurrent
      ? answers.get(key)
      : row && { output: row.outputDigest, tested: row.tested, ending: row.ending };
    const { output, tested, ending } = kept ?? { output: null, tested: null, ending: null };
    const { variant, scenario, run } = cell;
    const scores =
      output === null ? [] : book.of({ variant, scenario, run, outputDigest: output, tested, ending });
    return {
      record: record.id,
      status: record.status,
      isCurrent,
      output,
      tested,
      ending,
      scores,
    };
  };
}

/** Keys and cells whose newest record failed, whatever older one counts. */
function failedLast(store: Pick<StoreReader, 'records'>): {
  readonly keys: ReadonlySet<string>;
  readonly cells: ReadonlySet<string>;
} {
  const keys = new Set<string>();
  const cells = new Set<string>();
  for (const row of store.records()) {
    const isFailed = row.status === 'failed';
    // Oldest first: the last word stays.
    for (const [all, name] of [
      [keys, row.key],
      [cells, cellId(row)],
    ] as const) {
      if (isFailed) all.add(name);
      else all.delete(name);
    }
  }
  return { keys, cells };
}

/** An answer of which a scorer says that it did not pass, and a task that failed. What is not judged yet is neither. */
export function isNotPassed({ status, scores }: Pick<Outcome, 'status' | 'scores'>): boolean {
  return status === 'failed' || scores.some(({ passed }) => passed === false);
}

/** Cells that filters choose by verdicts, as the planner asks for them; undefined where no filter does. */
export function chooseByVerdict(input: {
  readonly experiment: Experiment;
  readonly store: Kept & Pick<StoreReader, 'records'>;
  readonly filter: Filter;
}): ChosenCell | undefined {
  const { filter } = input;
  if (!filter.failed && !filter.notPassed && !filter.differs) return undefined;
  const outcomeOf = openOutcomes(input);
  const differing = filter.differs ? differingPlaces({ ...input, outcomeOf }) : null;
  const failed = once(() => failedLast(input.store));
  // A newer record that failed: what counts is older, and was asked for again in vain.
  const hasFailedSince = ({ status, isCurrent }: Outcome, cell: Cell, key: Key): boolean =>
    status === 'completed' && (isCurrent ? failed().keys.has(key) : failed().cells.has(cellId(cell)));
  return (cell, key) => {
    if (differing?.has(placeOf(cell))) return true;
    if (!filter.failed && !filter.notPassed) return false;
    const outcome = outcomeOf(cell, key);
    if (outcome === undefined) return false;
    return hasFailedSince(outcome, cell, key) || (filter.notPassed && isNotPassed(outcome));
  };
}

export const placeOf = ({ scenario, run }: Pick<Cell, 'scenario' | 'run'>): string =>
  JSON.stringify([scenario, run]);

/**
 * Scenarios and runs of which the arms say different things: passed, not passed, failed; where nobody judges, the answers
 * themselves. The arms are those that the filters name; where they name one, all of them.
 */
export function differingPlaces(input: {
  readonly experiment: Experiment;
  readonly filter: Filter;
  readonly outcomeOf: ReturnType<typeof openOutcomes>;
}): ReadonlySet<string> {
  const { experiment, outcomeOf } = input;
  const wanted = { variants: experiment.parts, scenarios: experiment.manifest.scenarios };
  const named = armsIn(cellsInScope({ ...wanted, filter: { ...NO_FILTER, variant: input.filter.variant } }));
  const filter = named.size > 1 ? { ...NO_FILTER, variant: input.filter.variant } : NO_FILTER;
  if (experiment.manifest.variants.length < 2) {
    throw new CommandError(
      '--differs means cells whose variants do not agree, and this experiment has one variant; --not-passed and --stale need no second one',
    );
  }
  const said = new Map<string, Said>();
  for (const cell of cellsInScope({ ...wanted, filter })) {
    const outcome = outcomeOf(cell, sampleKey(cell.parts, cell.run));
    if (!outcome?.isCurrent) continue;
    const place = placeOf(cell);
    const here = said.get(place) ?? { verdicts: new Set(), answers: new Set() };
    said.set(place, here);
    const { passed } = verdictOf(outcome.scores);
    if (outcome.status === 'failed') here.verdicts.add('failed');
    else if (passed !== null) here.verdicts.add(passed ? 'passed' : 'not passed');
    else here.answers.add(outcome.output ?? '');
  }
  const isTorn = ({ verdicts, answers }: Said): boolean => {
    const isJudged = verdicts.has('passed') || verdicts.has('not passed');
    return verdicts.size + (isJudged ? 0 : answers.size) > 1;
  };
  return new Set([...said].flatMap(([place, here]) => (isTorn(here) ? [place] : [])));
}

/** Of one scenario and run: what is said of its answers, and those of which nobody says anything. */
type Said = { readonly verdicts: Set<string>; readonly answers: Set<string> };

function armsIn(cells: Iterable<Cell>): ReadonlySet<string> {
  const arms = new Set<string>();
  for (const { variant } of cells) arms.add(variant);
  return arms;
}
