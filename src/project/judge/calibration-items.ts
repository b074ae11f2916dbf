// From labels to the answers that they are about: those of the history, and those that the labels bring themselves.
import type { RecordRow, StoreReader } from '../../cache/store.ts';
import type { Digest } from '../../core/brand.ts';
import type { Human } from '../../core/calibration.ts';
import { digestOf } from '../../core/canonical.ts';
import type { Json } from '../../core/json.ts';
import type { Scenario } from '../../core/manifest.ts';
import { oddEndingOf } from '../../core/record-ending.ts';
import type { JudgedOutput } from '../../core/scoring.ts';
import { cellId } from '../../core/task.ts';
import type { ScoredCell } from '../../planner/scores.ts';
import type { Experiment } from '../open/experiment.ts';
import type { Label, LabelOf, OwnScenario } from './calibration-labels.ts';
import type { OfMoment } from './score-moment.ts';

/** An answer, and what everybody who looked at it says. */
export type Item = {
  /** Of its first label. */
  readonly where: string;
  readonly cell: ScoredCell;
  readonly humans: readonly Human[];
};

export type Items = Required<OfMoment> & {
  readonly items: readonly Item[];
  /** Labels whose answer is not there. */
  readonly gone: number;
};

/** Stands in the arm's place of an answer that no arm gave. */
const NO_ARM = 'labels';

export function itemsOf(input: {
  readonly experiment: Experiment;
  readonly store: Pick<StoreReader, 'everyRecord' | 'counting'>;
  readonly labels: readonly Label[];
}): Items {
  const { experiment, labels } = input;
  const find = makeFinder(input.store);
  const own = ownScenarios(experiment, labels);
  const given = new Map<number, JudgedOutput>();
  const items = new Map<string, Item>();
  let gone = 0;
  for (const { where, of, human } of labels) {
    const row = find(of);
    const cell = row ? cellOf(row) : (givenCell({ of, own, given }) ?? null);
    if (cell === null) {
      gone++;
      continue;
    }
    const id = JSON.stringify([cell.scenario, cell.output, cell.tested, cell.ending]);
    const known = items.get(id);
    items.set(id, known ? { ...known, humans: [...known.humans, human] } : { where, cell, humans: [human] });
  }
  const all = [...items.values()];
  return {
    items: all,
    cells: all.map(({ cell }) => cell),
    given,
    gone,
    seen: own.experiment,
  };
}

/** The record that a label names: by its answer's digest, else the one that counts for its cell. */
function makeFinder(
  store: Pick<StoreReader, 'everyRecord' | 'counting'>,
): (input: LabelOf) => RecordRow | null {
  const isAnswer = (row: RecordRow): boolean =>
    row.status === 'completed' && row.archive === null && row.outputDigest !== null;
  let byDigest: Map<string, RecordRow[]> | null = null;
  let byCell: Map<string, RecordRow> | null = null;
  return ({ digest, cell }) => {
    if (digest !== null) {
      byDigest ??= groupBy([...store.everyRecord()].filter(isAnswer), ({ outputDigest }) => outputDigest!);
      const rows = byDigest.get(digest) ?? [];
      const ofCell = cell && rows.findLast((row) => cellId(row) === cellId(cell));
      const ofScenario = cell && rows.findLast(({ scenario }) => scenario === cell.scenario);
      return ofCell ?? ofScenario ?? rows.at(-1) ?? null;
    }
    if (cell === null) return null;
    byCell ??= new Map([...store.counting()].filter(isAnswer).map((row) => [cellId(row), row]));
    return byCell.get(cellId(cell)) ?? null;
  };
}

function groupBy(rows: readonly RecordRow[], nameOf: (row: RecordRow) => string): Map<string, RecordRow[]> {
  const groups = new Map<string, RecordRow[]>();
  for (const row of rows) {
    const known = groups.get(nameOf(row));
    if (known) known.push(row);
    else groups.set(nameOf(row), [row]);
  }
  return groups;
}

function cellOf(row: RecordRow): ScoredCell {
  const { variant, scenario, run, category, tested, ending } = row;
  return { variant, scenario, run, category, record: row.id, output: row.outputDigest!, tested, ending };
}

type Own = { readonly experiment: Experiment; readonly idOf: (own: OwnScenario) => string };

/** Scenarios that labels bring are scenarios like others, named after the first line that has them. */
function ownScenarios(experiment: Experiment, labels: readonly Label[]): Own {
  const found = new Map<string, Scenario>();
  const nameOf = (own: OwnScenario): string =>
    JSON.stringify([own.input, own.expect, own.vars, own.category]);
  for (const { where, of } of labels) {
    const own = of.given?.own ?? null;
    if (own === null || found.has(nameOf(own))) continue;
    found.set(nameOf(own), {
      id: where,
      tags: [],
      description: null,
      toolResults: {},
      expectsTools: {},
      ...own,
      source: { file: '', line: 0 },
    });
  }
  const idOf: Own['idOf'] = (own) => found.get(nameOf(own))!.id;
  if (found.size === 0) return { experiment, idOf };
  const scenarios = [...experiment.manifest.scenarios, ...found.values()];
  const seen = {
    ...experiment,
    manifest: { ...experiment.manifest, scenarios },
    scenarioIndex: new Map(scenarios.map(({ id }, i) => [id, i])),
  };
  return { experiment: seen, idOf };
}

function givenCell(input: {
  readonly of: LabelOf;
  readonly own: Own;
  readonly given: Map<number, JudgedOutput>;
}): ScoredCell | null {
  const { given } = input.of;
  if (given === null) return null;
  const scenario = given.own === null ? given.scenario! : input.own.idOf(given.own);
  // Numbers of records are positive.
  const record = -1 - input.given.size;
  input.given.set(record, given.output);
  const { scenarios } = input.own.experiment.manifest;
  const { category } = scenarios[input.own.experiment.scenarioIndex.get(scenario)!]!;
  const output = digestOf(given.output as unknown as Json) as Digest;
  const ending = oddEndingOf(given.output);
  return { variant: NO_ARM, scenario, run: -record, category, record, output, tested: null, ending };
}
