// Scenarios that the manifest does not have, as far as the records of their answers tell them: what scorers see who say
// themselves what they expect. Nobody says any more what else a good answer was.
import type { RecordRow, StoreReader } from '../../cache/store.ts';
import type { Scenario } from '../../core/manifest.ts';
import type { ScoreBook } from '../../core/scoring.ts';
import type { Experiment } from '../open/experiment.ts';
import { openScoreBook } from './score-book.ts';

type Reading = Pick<StoreReader, 'everyRecord' | 'read'>;

/** The experiment with those of its scenarios that only the history has; itself where there are none. Reads a record of each. */
export function withKeptScenarios(experiment: Experiment, store: Reading): Experiment {
  const { manifest, scenarioIndex } = experiment;
  const newest = new Map<string, RecordRow>();
  for (const row of store.everyRecord()) {
    if (scenarioIndex.has(row.scenario) || row.status !== 'completed' || row.archive !== null) continue;
    newest.set(row.scenario, row);
  }
  const kept = [...newest].flatMap(([id, row]) => keptScenario(store, { id, row }) ?? []);
  if (kept.length === 0) return experiment;
  const scenarios = [...manifest.scenarios, ...kept];
  return {
    ...experiment,
    manifest: { ...manifest, scenarios },
    scenarioIndex: new Map(scenarios.map(({ id }, i) => [id, i])),
  };
}

function keptScenario(
  store: Reading,
  { id, row }: { readonly id: string; readonly row: RecordRow },
): Scenario | null {
  const read = store.read(row);
  if (read.kind === 'err') return null;
  const { input, category } = read.value;
  return {
    id,
    input: input.prompt,
    category,
    tags: [],
    description: null,
    vars: {},
    expect: null,
    toolResults: {},
    expectsTools: {},
    source: { file: '', line: 0 },
  };
}

/** What today's scorers have said of answers to scenarios that are gone. Opened when the first of them is asked about. */
export function openKeptBook(experiment: Experiment): ScoreBook['of'] {
  let book: ScoreBook | null = null;
  return (cell) => {
    book ??= openBook(experiment);
    const said = book.of(cell);
    // Nothing asks for it: what nobody has judged is not missing.
    return said.every(({ missing }) => missing === 'not-run') ? [] : said;
  };
}

function openBook(experiment: Experiment): ScoreBook {
  using store = experiment.stores.read();
  return openScoreBook({ experiment: withKeptScenarios(experiment, store) });
}
