// Which cells in scope failed or did not pass, in the order of the manifest, and why: the first of them in words.
import type { StoreReader } from '../../cache/store.ts';
import type { CellScore, ScoreBook } from '../../core/scoring.ts';
import type { NotPassed, NotPassedCell } from '../../core/summary.ts';
import type { Cell, Plan } from '../../core/task.ts';
import type { ScoredCell } from '../../planner/scores.ts';
import type { Experiment } from '../open/experiment.ts';
import { type Outcome, openOutcomes } from './outcomes.ts';
import { type Judgements, openJudgements } from './record-scores.ts';

/** Enough for a screen, for a report in CI, and for whoever reads the JSON; the rest is one command away. */
const MAX_SHOWN = 100;
const MAX_REASON_CHARS = 500;

export type Troubles = { readonly notPassed?: NotPassed; readonly notJudged?: NotPassed };

export function troublesOf(input: {
  readonly experiment: Experiment;
  readonly store: StoreReader;
  readonly plan: Pick<Plan, 'tasks'>;
  /** Keys that failed now: an older answer may count all the same, and is not what was asked for. */
  readonly failedNow?: ReadonlySet<string>;
  /** What is judged beside the plan's cells: imported answers. */
  readonly beside?: readonly ScoredCell[];
  /** Of the scorers that are meant. */
  readonly book: ScoreBook;
  /** As scorers see it; absent = as the manifest says. */
  readonly seen?: Experiment;
}): Troubles {
  const { experiment, store, book } = input;
  const outcomeOf = openOutcomes({ experiment, store, book });
  const failures = failuresOf(store, input.failedNow ?? new Set());
  const found: Found[] = input.plan.tasks.flatMap((task) => {
    const outcome = outcomeOf(task, task.key);
    if (!outcome?.isCurrent) return [];
    const record = outcome.status === 'completed' ? failures.get(task.key) : undefined;
    if (record === undefined) return [{ ...placeOf(task), outcome }];
    return [{ ...placeOf(task), outcome: { ...outcome, record, status: 'failed' } }];
  });
  for (const cell of input.beside ?? []) {
    const scores = book.of({ ...cell, outputDigest: cell.output });
    const outcome = {
      record: cell.record,
      status: 'completed',
      isCurrent: false,
      output: cell.output,
      tested: cell.tested as Outcome['tested'],
      ending: cell.ending,
      scores,
    } as const;
    found.push({ ...placeOf(cell), outcome });
  }
  const sorted = inOrder(found, experiment);
  using judgements = openJudgements(input.seen ?? experiment);
  const words = { store, judgements };
  const notPassed = listed(sorted, words, (outcome) =>
    outcome.status === 'failed' ? [null] : outcome.scores.filter(({ passed }) => passed === false),
  );
  const notJudged = listed(sorted, words, ({ scores }) =>
    scores.filter(({ missing }) => missing === 'failed'),
  );
  return {
    ...(notPassed.cells > 0 ? { notPassed } : {}),
    ...(notJudged.cells > 0 ? { notJudged } : {}),
  };
}

/** By key the newest record that failed. */
function failuresOf(store: StoreReader, keys: ReadonlySet<string>): ReadonlyMap<string, number> {
  const failures = new Map<string, number>();
  if (keys.size === 0) return failures;
  for (const { key, id, status } of store.records())
    if (status === 'failed' && keys.has(key)) failures.set(key, id);
  return failures;
}

type Found = Cell & { readonly outcome: Outcome };

const placeOf = ({ variant, scenario, run }: Cell): Cell => ({ variant, scenario, run });

/** Runs of one scenario side by side. */
function inOrder(found: readonly Found[], { manifest, scenarioIndex }: Experiment): readonly Found[] {
  const arms = new Map(manifest.variants.map(({ name }, i) => [name, i]));
  const arm = ({ variant }: Cell): number => arms.get(variant) ?? arms.size;
  const place = ({ scenario }: Cell): number => scenarioIndex.get(scenario) ?? scenarioIndex.size;
  return found.toSorted((a, b) => arm(a) - arm(b) || place(a) - place(b) || a.run - b.run);
}

type Words = { readonly store: StoreReader; readonly judgements: Judgements };

function listed(
  found: readonly Found[],
  words: Words,
  saying: (outcome: Outcome) => readonly (CellScore | null)[],
): NotPassed {
  const shown: NotPassedCell[] = [];
  let cells = 0;
  for (const { outcome, ...cell } of found) {
    const who = saying(outcome);
    if (who.length === 0) continue;
    cells++;
    for (const score of who) {
      if (shown.length >= MAX_SHOWN) break;
      shown.push(
        score === null ? failedCell(cell, outcome, words) : judgedCell(cell, { outcome, score }, words),
      );
    }
  }
  return { cells, shown };
}

function failedCell(cell: Cell, outcome: Outcome, { store }: Words): NotPassedCell {
  const row = store.row(outcome.record);
  const read = row && store.read(row);
  const error = read?.kind === 'ok' ? read.value.attempts.at(-1)?.error : undefined;
  const status = error?.status == null ? '' : ` (${error.status})`;
  const reason = error
    ? `${error.kind}${status}: ${error.message}`
    : 'its record is damaged; npx expgraph fsck says where';
  return { ...cell, kind: 'failed', scorer: null, reason: oneLine(reason) };
}

function judgedCell(
  cell: Cell,
  { outcome, score }: { readonly outcome: Outcome; readonly score: CellScore },
  { judgements }: Words,
): NotPassedCell {
  const said = judgements
    .of({ ...cell, outputDigest: outcome.output, tested: outcome.tested, ending: outcome.ending })
    .filter(({ scorer }) => scorer === score.scorer)
    .flatMap((one) => one.judgements);
  if (score.missing !== null) {
    const message = said.find(({ status }) => status === 'failed')?.attempts.at(-1)?.error?.message;
    return {
      ...cell,
      kind: 'failed',
      scorer: score.scorer,
      reason: oneLine(message ?? 'it failed to judge'),
    };
  }
  // Of several votes one of those that count is told.
  const against = said.filter(({ passed, status }) => status === 'completed' && passed !== true);
  const told = against.find(({ reason }) => reason !== null)?.reason ?? null;
  // None of what was hoped for is no news beside the reason.
  const isPartly = score.score !== null && score.score !== 0;
  const number = isPartly ? String(Math.round(score.score * 1_000) / 1_000) : score.label;
  const words = [...(number === null ? [] : [number]), ...(told === null ? [] : [told])];
  const reason = words.length === 0 ? 'not passed' : words.join(': ');
  return { ...cell, kind: 'not-passed', scorer: score.scorer, reason: oneLine(reason) };
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= MAX_REASON_CHARS ? line : `${line.slice(0, MAX_REASON_CHARS - 1)}…`;
}
