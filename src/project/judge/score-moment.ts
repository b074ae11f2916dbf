// expgraph score --at: the answers that counted at a moment, whatever the manifest asks for now. Older ones, imported ones, and
// those to scenarios and of variants that are gone are judged as any other.
import type { RecordRow, StoreReader } from '../../cache/store.ts';
import type { JudgedOutput } from '../../core/scoring.ts';
import type { Plan } from '../../core/task.ts';
import type { ScoredCell } from '../../planner/scores.ts';
import { CommandError } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import { findMoment } from '../select/find-records.ts';
import { withKeptScenarios } from '../select/kept-scenarios.ts';
import { stateAt } from '../select/record-changes.ts';

export type OfMoment = {
  /** As scorers see it: with the scenarios that only the history has. */
  readonly seen: Experiment;
  readonly cells: readonly ScoredCell[];
  /** Answers that are in no record, by the number that stands in its place. */
  readonly given?: ReadonlyMap<number, JudgedOutput>;
};

/** @throws CommandError where nothing of then is meant */
export function momentCells(input: {
  readonly experiment: Experiment;
  readonly store: StoreReader;
  readonly moment: string;
  readonly means: (row: RecordRow) => boolean;
}): OfMoment {
  const { experiment, store, means } = input;
  const moment = findMoment(store, input.moment);
  const cells = [...stateAt(store, moment).values()].flatMap((row): ScoredCell[] => {
    const { variant, scenario, run, category, outputDigest: output, tested, ending } = row;
    const isThere = row.status === 'completed' && row.archive === null && output !== null;
    return isThere && means(row)
      ? [{ variant, scenario, run, category, record: row.id, output, tested, ending }]
      : [];
  });
  if (cells.length === 0)
    throw new CommandError(
      `no answer of ${moment.label} is meant; npx expgraph history --all lists what is kept`,
    );
  return { seen: withKeptScenarios(experiment, store), cells: inOrder(cells, experiment) };
}

/** Of the manifest; what it does not have comes behind, by name. */
function inOrder(
  cells: readonly ScoredCell[],
  { manifest, scenarioIndex }: Experiment,
): readonly ScoredCell[] {
  const arms = new Map(manifest.variants.map(({ name }, i) => [name, i]));
  const arm = ({ variant }: ScoredCell): number => arms.get(variant) ?? arms.size;
  const place = ({ scenario }: ScoredCell): number => scenarioIndex.get(scenario) ?? scenarioIndex.size;
  const byName = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
  return cells.toSorted(
    (a, b) =>
      arm(a) - arm(b) ||
      byName(a.variant, b.variant) ||
      place(a) - place(b) ||
      byName(a.scenario, b.scenario) ||
      a.run - b.run,
  );
}

/** Of nothing: what is judged is no cell of today's. */
export function emptyPlan({ manifest }: Experiment): Plan {
  const counts = { tasks: 0, pending: 0, cached: 0, shared: 0, stale: 0, failed: 0 };
  return { experiment: manifest.name, tasks: [], pending: [], counts, twins: [] };
}
