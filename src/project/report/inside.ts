// What the file of a report holds: the screens of the viewer that make sense without an experiment beside it.
import { METRICS } from '../../analysis/compare/input.ts';
import type { ReportDocument } from '../../report/document/document.ts';
import { INDEX, type Inside, requestName } from '../../screens/inside.ts';
import type { ReportScreen } from '../../screens/report.ts';
import type { ScreenName } from '../../screens/screen.ts';
import type { World } from '../open/world.ts';
import { compareScreen, humanMetrics } from '../view/compare.ts';
import { timelineOf } from '../view/timeline.ts';
import type { Gathered } from './gather.ts';
import type { ReportInput } from './input.ts';
import { reportScreens } from './screens.ts';

/** Histories of more cells than this would be most of the file. */
const MOST_CELLS = 1_000;
/** Of invocations; older ones are in the experiment. */
const MOST_TIMELINES = 10;

export async function reportInside(
  world: World,
  {
    gathered,
    document,
    input,
  }: { readonly gathered: Gathered; readonly document: ReportDocument; readonly input: ReportInput },
): Promise<Inside> {
  const answers: Record<string, unknown> = {
    report: reportScreen(document),
    [INDEX]: gathered.snapshot.index,
    ...(await framed(world, { gathered, input })),
    ...scenarios(gathered, document),
    ...(await comparisons(world, { gathered, input })),
    ...(await timelines(world, gathered)),
  };
  return { answers };
}

function reportScreen(document: ReportDocument): ReportScreen {
  const { transcripts, ...shown } = document;
  return { ...shown, scenarios: transcripts.map(({ scenario }) => scenario) };
}

/** Nothing goes on any more, whatever went on when it was made. */
async function framed(
  world: World,
  { gathered, input }: { readonly gathered: Gathered; readonly input: ReportInput },
): Promise<Readonly<Record<string, unknown>>> {
  const { snapshot } = gathered;
  const view = reportScreens(world, input);
  const held: Record<string, unknown> = {};
  const hold = async (name: ScreenName, query = new URLSearchParams()): Promise<void> => {
    const answer = await view.answer(name, { snapshot, query });
    if (answer.ok)
      held[requestName(name, query)] =
        name === 'experiment' ? { ...answer.value, running: null } : answer.value;
  };
  await hold('experiment');
  await hold('invocations');
  const cells =
    snapshot.index.columns.reduce((sum, { runs }) => sum + runs.length, 0) * snapshot.index.rows.length;
  if (cells > MOST_CELLS || input.onlyDifferences !== undefined) return held;
  for (const { scenario } of snapshot.index.rows) {
    for (const { variant, runs } of snapshot.index.columns) {
      for (const run of runs)
        await hold('cell', new URLSearchParams({ variant, scenario, run: String(run) }));
    }
  }
  return held;
}

function scenarios(
  { screens }: Gathered,
  { transcripts }: ReportDocument,
): Readonly<Record<string, unknown>> {
  const shown = new Set(transcripts.map(({ scenario }) => scenario));
  return Object.fromEntries(
    screens
      .filter(({ scenario }) => shown.has(scenario))
      .map((screen) => [requestName('scenario', new URLSearchParams({ scenario: screen.scenario })), screen]),
  );
}

/** Each metric, over all and by category: what the page of a file can ask. */
async function comparisons(
  world: World,
  { gathered, input }: { readonly gathered: Gathered; readonly input: ReportInput },
): Promise<Readonly<Record<string, unknown>>> {
  const held: Record<string, unknown> = {};
  const usual = await asked('');
  if (usual !== null) held[requestName('compare', new URLSearchParams())] = usual;
  for (const metric of [...METRICS, ...humanMetrics(gathered.snapshot.experiment)]) {
    for (const by of ['', 'category']) {
      const query = new URLSearchParams({ metric, ...(by === '' ? {} : { by }) });
      const value = await asked(query.toString());
      if (value !== null) held[requestName('compare', query)] = value;
    }
  }
  const byCategory = new URLSearchParams({ by: 'category' });
  const value = await asked(byCategory.toString());
  if (value !== null) held[requestName('compare', byCategory)] = value;
  return held;

  async function asked(query: string): Promise<unknown> {
    const params = new URLSearchParams(query);
    params.set('incomplete', 'allow');
    params.set('models', 'allow');
    const answer = await compareScreen(world, input, params, gathered.compare);
    return answer.ok ? answer.value : null;
  }
}

async function timelines(
  { clock }: World,
  { facts, snapshot }: Gathered,
): Promise<Readonly<Record<string, unknown>>> {
  const used = new Set(
    facts.scenarios.flatMap(({ arms }) =>
      arms.flatMap(({ runs }) => runs.flatMap(({ invocation }) => invocation ?? [])),
    ),
  );
  const names = facts.invocations
    .map(({ invocation }) => invocation)
    .filter((name) => used.has(name))
    .reverse()
    .slice(0, MOST_TIMELINES);
  const held: Record<string, unknown> = {};
  for (const [i, invocation] of names.entries()) {
    const query = new URLSearchParams({ invocation });
    const answer = await timelineOf({ ...snapshot, clock }, query);
    if (!answer.ok) continue;
    const value = { ...answer.value, invocations: names };
    held[requestName('timeline', query)] = value;
    if (i === 0) held[requestName('timeline', new URLSearchParams())] = value;
  }
  return held;
}
