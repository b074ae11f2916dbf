// Everything that a report tells, gathered by the use cases that tell it elsewhere: no number is made here.

import type { Metric } from '../../analysis/compare/input.ts';
import type { Powers } from '../../analysis/compare/power.ts';
import { isRefused } from '../../analysis/compare/result.ts';
import { openStack } from '../../core/opened.ts';
import { type Comparison, comparisonSheet } from '../../report/compare/comparison.ts';
import type { InvocationFacts, ReportFacts, ScenarioFacts } from '../../report/document/facts.ts';
import { comparePlots } from '../../report/plot/compare-plots.ts';
import { interleavingOf } from '../../report/run/interleaving.ts';
import type { ScenarioScreen } from '../../screens/scenario.ts';
import { sheetBlocks } from '../../screens/sheet-block.ts';
import type { CompareArmsInput } from '../compare/compare.ts';
import type { AskedMetric } from '../compare/human-metric.ts';
import { compareAsked } from '../compare/humans.ts';
import { readTracing } from '../langsmith/settings.ts';
import { CommandError } from '../open/command-error.ts';
import { filterWords, makeFilter, refuseChosen } from '../open/filters.ts';
import { refuseWithheld } from '../open/withheld.ts';
import type { World } from '../open/world.ts';
import { readLog } from '../select/invocations.ts';
import type { CompareHow } from '../view/compare.ts';
import { openManifest, openSnapshot, type Snapshot, shareStore } from '../view/snapshot.ts';
import { armFacts } from './arms.ts';
import { hasReaders } from './humans.ts';
import type { ReportInput } from './input.ts';
import { closedReviews } from './reviews.ts';
import { reportScreens } from './screens.ts';

export type Gathered = Disposable & {
  readonly facts: ReportFacts;
  readonly snapshot: Snapshot;
  readonly screens: readonly ScenarioScreen[];
  readonly compare: CompareHow;
};

/** Shown side by side where nobody says how many. */
const MOST_DIFFERENT = 10;

/**
 * @throws ManifestError; CommandError on filters that choose cells by how they came out or deal them, and where nothing is kept; WithheldError
 * while a blind review is open
 */
export async function gatherReport(world: World, input: ReportInput): Promise<Gathered> {
  const filter = makeFilter(input);
  refuseChosen(filter, 'report');
  using opening = openStack();
  const opened = await openManifest(world, input.file, () => {});
  await refuseWithheld(world, opened.experiment);
  const shared = shareStore(world, opened.experiment);
  opening.defer(shared.release);
  const snapshot = opening.use(
    await openSnapshot(world, {
      ...opened,
      shared,
      filter,
      revision: 'kept',
      before: null,
      isJudgedAnew: true,
    }),
  );
  // A review that cannot be read ends a report before anything is made of the others.
  const isJudgedByReaders = hasReaders(snapshot);
  const screens = await scenarioScreens(world, { input, snapshot });
  if (screens.every(({ arms }) => arms.every(({ runs }) => runs.every(({ record }) => record === null))))
    throw new CommandError('there is no answer to report yet; `npx expgraph run` draws them');
  const compare = keptComparisons();
  const facts = await factsOf(world, { input, snapshot, screens, compare, hasReaders: isJudgedByReaders });
  const kept = opening.move();
  return { facts, snapshot, screens, compare, [Symbol.dispose]: () => kept[Symbol.dispose]() };
}

async function scenarioScreens(
  world: World,
  { input, snapshot }: { readonly input: ReportInput; readonly snapshot: Snapshot },
): Promise<readonly ScenarioScreen[]> {
  const view = reportScreens(world, input);
  const screens: ScenarioScreen[] = [];
  for (const { scenario } of snapshot.index.rows) {
    const answer = await view.answer('scenario', { snapshot, query: new URLSearchParams({ scenario }) });
    if (answer.ok) screens.push(answer.value);
  }
  return screens;
}

/** One question is asked for its tables, its plots and its screen. */
function keptComparisons(): CompareHow {
  const kept = new Map<string, Promise<Comparison>>();
  const powers: Powers = new Map();
  return (world, asked) => {
    const name = JSON.stringify(asked);
    const known = kept.get(name) ?? compareAsked(world, asked, powers);
    kept.set(name, known);
    return known;
  };
}

type Input = {
  readonly input: ReportInput;
  readonly snapshot: Snapshot;
  readonly screens: readonly ScenarioScreen[];
  readonly compare: CompareHow;
  readonly hasReaders: boolean;
};

async function factsOf(world: World, given: Input): Promise<ReportFacts> {
  const { input, snapshot, screens } = given;
  const { experiment, store, cells } = snapshot;
  const { manifest } = experiment;
  const numbers = async (metric: Metric | 'human'): Promise<Comparison | null> => {
    try {
      const { by: _, ...whole } = question(input, metric);
      return await given.compare(world, metric === 'human' ? whole : question(input, metric));
    } catch (cause) {
      // Nothing judges: that is told in words.
      if (cause instanceof CommandError) return null;
      throw cause;
    }
  };
  const [pass, score, cost] = [await numbers('pass'), await numbers('score'), await numbers('cost')];
  const human = given.hasReaders ? await numbers('human') : null;
  const main = score ?? pass ?? cost;
  const starts = store.newestStarts();
  return {
    experiment: manifest.name,
    description: manifest.description,
    madeAt: world.clock.now().toISOString(),
    command: repeatWords(world, input),
    isSimulated: cells.isSimulated,
    arms: armFacts(snapshot),
    scenarios: screens as readonly ScenarioFacts[],
    records: recordKeys(snapshot),
    pass: pass?.compared ?? null,
    score: score?.compared ?? null,
    humans: (human === null || human.onlyPairs ? [] : [human, ...(human.beside ?? [])]).map(
      ({ compared }) => ({
        dimension: compared.scorers.join(', '),
        compared,
      }),
    ),
    preferred: human?.preferences ? sheetBlocks(comparisonSheet(human)) : [],
    cells: pass?.cells ?? null,
    plots:
      main === null
        ? []
        : comparePlots({
            compared: main.compared,
            cells: main.cells,
            pass: told(pass),
            cost: told(cost),
            score: told(score),
          }),
    interleaving: starts && interleavingOf(starts.invocation, starts.starts),
    langsmith: tracesOf(world, { snapshot, screens }),
    reviews: closedReviews(world, experiment),
    invocations: readLog(store, experiment).map(({ entry }): InvocationFacts => {
      const { expgraph, node, platform, git } = entry;
      return {
        invocation: entry.invocation,
        command: entry.command,
        startedAt: entry.started_at,
        endedAt: entry.ended_at,
        how: entry.how,
        executed: entry.executed,
        failed: entry.failed,
        costUsd: entry.cost_usd,
        commit: git?.commit ?? null,
        isDirty: git?.dirty ?? false,
        versions: `expgraph ${expgraph} on Node ${node}, ${platform}`,
      };
    }),
    most: input.onlyDifferences ?? MOST_DIFFERENT,
    onlyDifferences: input.onlyDifferences !== undefined,
  };
}

/** Of what is there, with every number marked where something is not. */
export function question(input: ReportInput, metric: AskedMetric): CompareArmsInput {
  const { file, variant = [], scenario = [], category = [], tag = [], runs = [] } = input;
  return {
    file,
    variants: variant,
    scenario,
    category,
    tag,
    runs,
    metric,
    by: 'category',
    allowIncomplete: true,
    allowMixedModels: true,
  };
}

function told(comparison: Comparison | null): Comparison['compared'] | null {
  return comparison === null || isRefused(comparison.compared) ? null : comparison.compared;
}

function recordKeys({ cells, store }: Snapshot): readonly string[] {
  return [...cells.records].flatMap((id) => {
    const row = id < 0 ? undefined : store.row(id);
    return row === undefined ? [] : [`${row.key}@${row.generation}`];
  });
}

function tracesOf(world: World, { snapshot, screens }: Pick<Input, 'snapshot' | 'screens'>): string | null {
  const isTraced = screens.some(({ arms }) =>
    arms.some(({ runs }) => runs.some(({ langsmithUrl }) => langsmithUrl !== null)),
  );
  if (!isTraced) return null;
  const state = readTracing(world, snapshot.experiment);
  return state.kind === 'on'
    ? state.tracing.project
    : (snapshot.experiment.manifest.langsmith?.project ?? 'default');
}

function repeatWords(world: World, input: ReportInput): string {
  const only = input.onlyDifferences === undefined ? '' : ` --only-differences ${input.onlyDifferences}`;
  const words = filterWords(makeFilter(input), world);
  return `npx expgraph run${words}\nnpx expgraph score${words}\nnpx expgraph report${words}${only}`;
}
