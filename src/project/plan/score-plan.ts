// From what is drawn and what is judged to what is still to be judged.
import type { RecordRow, StoreReader } from '../../cache/store.ts';
import type { Digest } from '../../core/brand.ts';
import type { History } from '../../core/history.ts';
import { type Meaning, meaningOf } from '../../core/meaning.ts';
import type { ScoreRecord } from '../../core/record.ts';
import { cellId, type Task } from '../../core/task.ts';
import {
  judgements,
  planScores,
  type ScoredCell,
  type ScorePlan,
  type ScoreTask,
} from '../../planner/scores.ts';
import { type AskedAgain, askedAgainSentence } from '../../report/words/drawn-again.ts';
import type { Experiment } from '../open/experiment.ts';
import { importedRows } from '../select/imported-rows.ts';
import type { ReadyScorer } from '../select/scorers.ts';
import { slugFor } from '../select/variant-slug.ts';

/** Cells in scope whose draw is there. */
export function scoredCells(input: {
  readonly plan: {
    readonly tasks: Iterable<Pick<Task, 'variant' | 'scenario' | 'run' | 'category' | 'key'>>;
  };
  readonly store: Pick<StoreReader, 'history' | 'measures'>;
}): readonly ScoredCell[] {
  const { history } = input.store;
  // By number of the record: an object a record would be the largest thing here.
  const outputs: Digest[] = [];
  const odd = new Map<number, Pick<ScoredCell, 'tested' | 'ending'>>();
  for (const { status, id, outputDigest, tested, ending } of input.store.measures()) {
    if (status !== 'completed' || outputDigest === null) continue;
    outputs[id] = outputDigest;
    if (tested !== null || ending !== null) odd.set(id, { tested, ending });
  }
  const cells: ScoredCell[] = [];
  for (const { variant, scenario, run, category, key } of input.plan.tasks) {
    const record = history.byKey(key)?.id;
    const output = record === undefined ? undefined : outputs[record];
    if (record === undefined || output === undefined) continue;
    const { tested, ending } = odd.get(record) ?? NOTHING_ODD;
    cells.push({ variant, scenario, run, category, record, output, tested, ending });
  }
  return cells;
}

const NOTHING_ODD = { tested: null, ending: null };

export function planScoring(input: {
  readonly scorers: readonly ReadyScorer[];
  readonly cells: readonly ScoredCell[];
  readonly scores: Pick<StoreReader<ScoreRecord>, 'history'>;
  readonly force: boolean;
  readonly failed: 'again' | 'leave';
}): ScorePlan {
  const { cells, scores, force, failed } = input;
  const scorers = input.scorers.map(({ planned }) => planned);
  const plan = planScores({ scorers, cells, history: scores.history, force });
  if (failed === 'again' || plan.counts.failed === 0) return plan;
  const pending = plan.pending.filter(({ state }) => !isFailed(state));
  return { ...plan, pending, counts: { ...plan.counts, pending: pending.length } };
}

/** What is judged again because keys of scores hold more than they did. */
export function judgedAgain(
  plan: Pick<ScorePlan, 'pending'>,
  history: Pick<History, 'byCell'>,
): readonly AskedAgain[] {
  return plan.pending.flatMap(({ scorer, scenario, vote, state }) => {
    if (state.kind !== 'pending' || state.reason.kind !== 'new') return [];
    // Of a score the index has the scorer in the variant's place, and the vote in the run's.
    const forgot = history.byCell({ variant: scorer, scenario, run: vote })?.unadopted ?? null;
    return forgot === null ? [] : [{ name: scorer, forgot: forgot.split(' ') }];
  });
}

export function judgedAgainSentence(all: readonly AskedAgain[]): string | null {
  return askedAgainSentence(all, { one: 'score', done: 'judged' });
}

function isFailed(state: ScoreTask['state']): boolean {
  return state.kind === 'pending' && state.reason.kind === 'failed';
}

/** Imported answers to scenarios of the manifest stand for what is not drawn: in its cells, in other runs, of other variants. */
export function importedCells(input: {
  readonly experiment: Pick<Experiment, 'scenarioIndex'>;
  readonly store: Pick<StoreReader, 'madeBy'>;
  /** Cells that are there already. */
  readonly beside: readonly Pick<ScoredCell, 'variant' | 'scenario' | 'run'>[];
  readonly wanted: (row: RecordRow) => boolean;
}): readonly ScoredCell[] {
  const imported = importedRows(input.store);
  if (imported.size === 0) return [];
  const known = new Set(input.beside.map(cellId));
  return [...imported].flatMap(([id, row]) => {
    const { variant, scenario, run, category, outputDigest: output, tested, ending } = row;
    const isJudged =
      row.status === 'completed' && row.archive === null && input.experiment.scenarioIndex.has(scenario);
    if (!isJudged || output === null || known.has(id) || !input.wanted(row)) return [];
    return [{ variant, scenario, run, category, record: row.id, output, tested, ending }];
  });
}

/** Every judgement of every cell, as the view of scores shows it. */
export function* scoreLines(input: {
  readonly experiment: Experiment;
  readonly scorers: readonly ReadyScorer[];
  readonly cells: readonly ScoredCell[];
}): Generator<{
  readonly variant: string;
  readonly scenario: string;
  readonly run: number;
  readonly category: string | null;
  readonly slug: string;
  readonly key: string;
  readonly meaning: Meaning | null;
}> {
  const scorers = input.scorers.map(({ planned }) => planned);
  const meanings = new Map(input.scorers.map(({ scorer }) => [scorer.name, meaningOf(scorer)]));
  for (const [cell, { scorer, key }] of judgements({ scorers, cells: input.cells })) {
    const { variant, scenario, run, category } = cell;
    const slug = slugFor(input.experiment, variant);
    yield { variant, scenario, run, category, slug, key, meaning: meanings.get(scorer.name) ?? null };
  }
}
