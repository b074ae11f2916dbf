// One arm of a comparison: of each found cell its number, or why it has none.

import type { Arm, ArmCell, Metric } from '../../analysis/compare/input.ts';
import type { MeasuredRow } from '../../cache/store.ts';
import { ODD_ENDINGS, type OddEnding } from '../../core/record-ending.ts';
import type { CellScore, ScoreBook } from '../../core/scoring.ts';
import { judgedOf } from '../select/judged-row.ts';
import { isSilent, type JointVerdict, type Speakers, verdictOf } from '../select/verdict.ts';
import type { FoundCell } from './cells.ts';
import { tellDraws } from './draws.ts';

export type ArmQuestion = {
  readonly variant: string;
  /** The moment's label; null = today. */
  readonly at: string | null;
  readonly called?: string;
  readonly model: string | null;
  readonly found: readonly FoundCell[];
  readonly book: ScoreBook;
  readonly metric: Metric;
  /** Verdicts are told beside another metric, so that flips are seen. */
  readonly needsVerdict: boolean;
};

/** The cells of an arm with what scorers say of them; null = nobody is asked. */
export type SaidArm = ArmQuestion & { readonly said: readonly (readonly CellScore[])[] | null };

export function isJudged(metric: Metric): boolean {
  return metric === 'score' || metric === 'pass';
}

/** Whether a scorer is about a scenario does not hang on the answer: a cell without one is asked for with none. */
export function saidOfArm(question: ArmQuestion): SaidArm {
  const { book, found, variant, needsVerdict, metric } = question;
  if (!needsVerdict && !isJudged(metric)) return { ...question, said: null };
  return { ...question, said: found.map((cell) => saidOf(book, { variant, cell, row: cell.row })) };
}

function saidOf(
  book: ScoreBook,
  input: { readonly variant: string; readonly cell: FoundCell; readonly row: MeasuredRow | null },
): readonly CellScore[] {
  const { scenario, run } = input.cell;
  return book.of({ variant: input.variant, scenario, run, ...judgedOf(input.row) });
}

export function armOf(
  arm: SaidArm,
  input: { readonly speakers: Speakers; readonly choosing: () => ReadonlySet<string> },
): Arm {
  const { variant, at, called, model, found, said } = arm;
  let unjudged = 0;
  const cells: ArmCell[] = [];
  found.forEach((cell, i) => {
    const made = cellOf(cell, { ...input, arm, scores: said?.[i] ?? null });
    if (made === null) unjudged++;
    else cells.push(made);
  });
  const simulated = found.some(({ simulated }) => simulated);
  return { variant, at, ...(called === undefined ? {} : { called }), model, cells, unjudged, simulated };
}

type Asked = {
  readonly arm: SaidArm;
  readonly scores: readonly CellScore[] | null;
  readonly speakers: Speakers;
  readonly choosing: () => ReadonlySet<string>;
};

/** null = no scorer says this of any answer to the scenario: it is no part of the question. */
function cellOf(cell: FoundCell, asked: Asked): ArmCell | null {
  const { scenario, run, row, lack, draws } = cell;
  const { metric } = asked.arm;
  const judged = isJudged(metric);
  const verdict = verdictOf(asked.scores ?? []);
  if (judged && verdict.lack === 'unjudged') return null;
  const record = row === null ? null : recordOf(row);
  const { passed } = verdict;
  if (row === null || (lack !== null && lack !== 'archived'))
    return { scenario, run, record, passed, lack, value: null };
  const told =
    draws === null
      ? null
      : tellDraws(draws, {
          counting: row,
          choosing: asked.choosing,
          valueOf: (other) => numberOfOther(other, { cell, asked }),
        });
  const isUnscored = judged && verdict.lack === 'unscored';
  const isQuiet =
    judged && !isUnscored && isSilent(asked.scores ?? [], { metric, speakers: asked.speakers.get(scenario) });
  const value = isUnscored || isQuiet ? null : numberOf(row, { metric, verdict });
  if (value === null && judged && !isUnscored && !isQuiet) return null;
  const why: ArmCell['lack'] = isUnscored || isQuiet ? 'unscored' : value === null ? 'not-told' : lack;
  // Of one shape, as nearly all are.
  const made = { scenario, run, record, passed, lack: why, value };
  if (told === null) return isQuiet ? { ...made, isSilent: true } : made;
  if (isQuiet) return { ...made, draws: told, isSilent: true };
  return { scenario, run, record, passed, lack: why, value, draws: told };
}

function recordOf(row: MeasuredRow): NonNullable<ArmCell['record']> {
  return {
    id: row.id,
    key: row.key,
    outputDigest: row.outputDigest,
    servedModel: row.servedModel,
    startedAtMs: Date.parse(row.startedAt),
    attempts: row.attempts,
    ending: ODD_ENDINGS.includes(row.ending as OddEnding) ? (row.ending as OddEnding) : null,
  };
}

/** Of another record of the same cell: judged like the one that counts, or without a number. */
function numberOfOther(
  row: MeasuredRow,
  { cell, asked }: { readonly cell: FoundCell; readonly asked: Asked },
): number | null {
  const { metric, book, variant } = asked.arm;
  const scores = isJudged(metric) ? saidOf(book, { variant, cell, row }) : null;
  if (scores !== null && isSilent(scores, { metric, speakers: asked.speakers.get(cell.scenario) }))
    return null;
  return numberOf(row, { metric, verdict: verdictOf(scores ?? []) });
}

function numberOf(
  row: MeasuredRow,
  { metric, verdict: { score, passed } }: { readonly metric: Metric; readonly verdict: JointVerdict },
): number | null {
  if (!isJudged(metric)) return measuredValue(metric, row);
  if (metric === 'score') return score;
  return passed === null ? null : Number(passed);
}

/** From the index: of the attempt that answered, as the summary counts it. */
function measuredValue(metric: Metric, row: MeasuredRow): number | null {
  if (metric === 'latency') return row.latencyMs;
  if (metric === 'cost') return row.costUsd;
  return row.inputTokens === null || row.outputTokens === null ? null : row.inputTokens + row.outputTokens;
}
