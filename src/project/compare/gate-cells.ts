// The cells that a line of the gate is about, each with its number.

import type { GateCell } from '../../analysis/gate/gate-evidence.ts';
import type { MeasuredRow } from '../../cache/store.ts';
import type { GateSubject } from '../../core/gate-line.ts';
import type { CellScore, ScoreBook } from '../../core/scoring.ts';
import type { TestOutcome } from '../../core/tested.ts';
import type { Experiment } from '../open/experiment.ts';
import { once } from '../open/once.ts';
import { type HumanBook, isHuman } from '../select/human-scores.ts';
import { judgedOf } from '../select/judged-row.ts';
import { isSilent, type Speakers, saidBy, speakersIn, verdictOf } from '../select/verdict.ts';
import type { FoundCell, FoundCells } from './cells.ts';

/** Whose verdicts count for the answers of a store, and what they said of a cell so far. */
export type Source = {
  readonly book: () => ScoreBook;
  readonly human: () => HumanBook;
  readonly said: WeakMap<FoundCell, readonly CellScore[]>;
};

export type Chooser = {
  readonly cells: (
    found: FoundCells,
    input: { readonly subject: GateSubject; readonly source: Source },
  ) => readonly GateCell[];
  /** The same ones before they have numbers. */
  readonly found: (found: FoundCells, subject: GateSubject) => readonly FoundCell[];
};

export function makeChooser({ manifest }: Experiment): Chooser {
  const tags = once(() => new Map(manifest.scenarios.map((scenario) => [scenario.id, scenario.tags])));
  function* chosen(
    found: FoundCells,
    { variant, category, tag }: GateSubject,
  ): Generator<readonly [string, FoundCell]> {
    for (const [name, cells] of found) {
      if (variant !== null && name !== variant) continue;
      for (const cell of cells) {
        if (category !== null && cell.category !== category) continue;
        if (tag !== null && !tags().get(cell.scenario)?.includes(tag)) continue;
        yield [name, cell];
      }
    }
  }
  return {
    cells: (found, of) => {
      const cells = [...chosen(found, of.subject)];
      const speakers = once(() => speakersOf(found, of));
      return cells.map(([variant, cell]) => gateCell(variant, { ...of, cell, speakers }));
    },
    found: (found, subject) => [...chosen(found, subject)].map(([, cell]) => cell),
  };
}

/** Of every arm: what one arm's answers are told, those of another are asked for. */
function speakersOf(
  found: FoundCells,
  input: { readonly subject: GateSubject; readonly source: Source },
): Speakers {
  const { measure } = input.subject;
  if (measure !== 'pass' && measure !== 'score') return new Map();
  const cells = [...found].flatMap(([variant, cells]) =>
    cells.map((cell) => ({ scenario: cell.scenario, scores: scoresOf(variant, { ...input, cell }) })),
  );
  return speakersIn(measure, cells);
}

function gateCell(
  variant: string,
  input: {
    readonly cell: FoundCell;
    readonly subject: GateSubject;
    readonly source: Source;
    readonly speakers: () => Speakers;
  },
): GateCell {
  const { cell, subject } = input;
  const { scenario, run, row, lack, simulated } = cell;
  const common = { variant, scenario, run, simulated };
  const isJudged = subject.measure === 'pass' || subject.measure === 'score';
  const verdict = isJudged ? verdictOf(scoresOf(variant, input)) : null;
  // A scorer that is not about the scenario is not about its missing answer either.
  if (verdict?.lack === 'unjudged') return { ...common, lack: 'unjudged', value: null };
  if (row === null || (lack !== null && lack !== 'archived'))
    return { ...common, lack: lack ?? 'missing', value: null };
  if (verdict?.lack === 'unscored') return { ...common, lack: 'unscored', value: null };
  if (verdict === null) {
    const value = measured(subject, row);
    return { ...common, lack, value };
  }
  if (isLeftOpen(variant, input)) return { ...common, lack: 'silent', value: null };
  const value =
    subject.measure === 'score' ? verdict.score : verdict.passed === null ? null : Number(verdict.passed);
  return { ...common, lack: value === null ? 'unjudged' : lack, value };
}

/** A test that was skipped has no verdict by design: whoever runs tests would not have it break a gate. */
function isLeftOpen(variant: string, input: Parameters<typeof gateCell>[1]): boolean {
  const { cell, subject } = input;
  const scores = scoresOf(variant, input).filter(({ label }) => label !== SKIPPED || !cell.row?.tested);
  const isAnyQuiet = scores.some(({ score, passed }) => score === null || passed === null);
  if (!isAnyQuiet) return false;
  return isSilent(scores, { metric: subject.measure, speakers: input.speakers().get(cell.scenario) });
}

const SKIPPED: TestOutcome = 'skipped';

function scoresOf(
  variant: string,
  {
    cell,
    subject,
    source,
  }: { readonly cell: FoundCell; readonly subject: GateSubject; readonly source: Source },
): readonly CellScore[] {
  if (subject.scorers.some(isHuman)) return humansOf({ cell, subject, source });
  let said = source.said.get(cell);
  if (said === undefined) {
    const { scenario, run } = cell;
    said = source.book().of({ variant, scenario, run, ...judgedOf(cell.row) });
    source.said.set(cell, said);
  }
  const { scorers } = subject;
  return scorers.length === 0 ? said : saidBy(said, scorers);
}

/** An answer that nobody read, and one of a kind that no closed review asked about, is still to be read. */
function humansOf(input: {
  readonly cell: FoundCell;
  readonly subject: GateSubject;
  readonly source: Source;
}): readonly CellScore[] {
  const { cell, subject, source } = input;
  const said = source.human().of({ scenario: cell.scenario, ...judgedOf(cell.row) });
  return subject.scorers.map(
    (scorer) =>
      said.find((one) => one.scorer === scorer) ??
      ({ scorer, score: null, passed: null, label: null, missing: 'not-run' } as const),
  );
}

function measured({ measure }: GateSubject, row: MeasuredRow): number | null {
  switch (measure) {
    case 'cost':
      return row.costUsd;
    case 'latency':
      return row.latencyMs;
    case 'tokens':
      return row.inputTokens === null || row.outputTokens === null
        ? null
        : row.inputTokens + row.outputTokens;
    default:
      return 1;
  }
}
