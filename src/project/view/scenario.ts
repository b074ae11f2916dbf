// The screen `scenario`: one scenario, all arms and runs side by side, and its neighbours in the order of the matrix.
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { markOf, type RunFacts, slotsOf } from '../../screens/matrix-index.ts';
import { DEFAULT_QUERY } from '../../screens/matrix-query.ts';
import type { Selection } from '../../screens/matrix-select.ts';
import type { ArmColumn, DrawText, ScenarioScreen } from '../../screens/scenario.ts';
import type { Answer } from '../../screens/screen.ts';
import { type ArmPrompt, promptOfRecord, promptOfToday } from './arm-prompt.ts';
import { drawOf } from './draw.ts';
import { saidByHumans } from './human-texts.ts';
import { given, refused } from './screen-refusal.ts';
import { selectedRows } from './select-rows.ts';
import type { Snapshot } from './snapshot.ts';
import type { ViewContext } from './view-context.ts';

export async function scenarioScreen(context: ViewContext): Promise<Answer<'scenario'>> {
  const { snapshot, query: params } = context;
  const id = params.get('scenario');
  const at = id === null ? undefined : snapshot.cells.rowOf.get(id);
  if (at === undefined) return refused('not-found', 'there is no such scenario in what is shown');
  const selected = await selectedRows(context);
  if (selected.kind === 'err') return refused('bad-request', selected.error);
  const { query, selection } = selected.value;
  const place = neighbours(snapshot, selection, at) ?? placeInAll(context, at);
  return given<'scenario'>({ ...screenOf(snapshot, at, query.variant), ...place });
}

type Place = Pick<ScenarioScreen, 'previous' | 'next' | 'position' | 'total'>;

/** One that the query does not mean, as an address that somebody sent may have it, stands among all. */
function placeInAll({ snapshot, selections }: ViewContext, at: number): Place {
  const all = selections.of(DEFAULT_QUERY, null);
  const place = all.kind === 'ok' ? neighbours(snapshot, all.value, at) : null;
  return place ?? { previous: null, next: null, position: 0, total: 1 };
}

function neighbours({ cells }: Snapshot, { rows }: Selection, at: number): Place | null {
  const position = rows.indexOf(at);
  if (position === -1) return null;
  const idOf = (place: number): string | null => {
    const row = rows[place];
    return row === undefined ? null : cells.rows[row]!.scenario;
  };
  return { previous: idOf(position - 1), next: idOf(position + 1), position, total: rows.length };
}

function screenOf(
  snapshot: Snapshot,
  at: number,
  variants: readonly string[],
): Omit<ScenarioScreen, keyof Place> {
  const { cells, experiment, index } = snapshot;
  const { scenario, category, tags, description, runs } = cells.rows[at]!;
  const known = experiment.scenarioIndex.get(scenario);
  const declared = known === undefined ? null : experiment.manifest.scenarios[known]!;
  const arms = armsOf(snapshot, { at, runs, variants });
  const asked = arms.map(({ prompt }) => prompt?.input ?? []).find((input) => input.length > 0);
  return {
    scenario,
    category,
    tags,
    description,
    input: asked ?? (declared === null ? [] : messagesOf(declared.input)),
    expect: declared === null ? null : expectOf(declared.expect),
    arms: arms.map(({ column }) => column),
    revision: index.revision,
  };
}

type Arm = { readonly column: ArmColumn; readonly prompt: ArmPrompt | null };

function armsOf(
  snapshot: Snapshot,
  {
    at,
    runs,
    variants,
  }: {
    readonly at: number;
    readonly runs: readonly (RunFacts | null)[];
    readonly variants: readonly string[];
  },
): readonly Arm[] {
  const { cells, store, experiment, index } = snapshot;
  const { scenario } = cells.rows[at]!;
  const { book, judgements } = snapshot;
  const said = { book, judgements, humans: saidByHumans(experiment) };
  const answers = new Map<number, number>();
  const number = (answer: number): number | null => {
    if (answer === 0) return null;
    const known = answers.get(answer) ?? answers.size + 1;
    answers.set(answer, known);
    return known;
  };
  const columns = new Map<string, { runs: DrawText[]; prompt: ArmPrompt | null; isOfToday: boolean }>();
  for (const { variant, run, place } of slotsOf(index, variants)) {
    const column = columns.get(variant) ?? { runs: [], prompt: null, isOfToday: false };
    columns.set(variant, column);
    const facts = runs[place];
    if (!facts) continue;
    const recordId = cells.records[at * runs.length + place]!;
    const row = recordId < 0 ? null : (store.row(recordId) ?? null);
    const mark = markOf(facts);
    const draw = drawOf(snapshot, said, { variant, scenario, run, mark, answer: number(facts[1]), row });
    column.runs.push(draw.text);
    const isOfToday = mark !== 'stale';
    if (draw.record !== null && (column.prompt === null || (isOfToday && !column.isOfToday)))
      Object.assign(column, { prompt: promptOfRecord(snapshot, draw.record), isOfToday });
  }
  return [...columns].map(([variant, column]): Arm => {
    const prompt = column.prompt ?? todaysPrompt(experiment, variant, scenario);
    return {
      prompt,
      column: { variant, system: prompt?.system ?? null, tools: prompt?.tools ?? [], runs: column.runs },
    };
  });
}

function todaysPrompt(
  { variants, scenarioIndex, manifest }: Snapshot['experiment'],
  variant: string,
  scenario: string,
): ArmPrompt | null {
  const arm = variants.get(variant)?.variant;
  const at = scenarioIndex.get(scenario);
  return arm === undefined || at === undefined ? null : promptOfToday(arm, manifest.scenarios[at]!);
}

function messagesOf(input: string | ScenarioScreen['input']): ScenarioScreen['input'] {
  return typeof input === 'string' ? [{ role: 'user', content: input }] : input;
}

/** As it was written: a text stands for itself. */
function expectOf(expect: Json): JsonObject | null {
  if (expect === null) return null;
  return isJsonObject(expect) ? expect : { expected: expect };
}
