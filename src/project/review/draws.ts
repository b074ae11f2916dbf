// What is judged, read from the store: the completed draw that counts of each cell in scope, and what may give an arm away.
import type { RecordRow, StoreReader } from '../../cache/store.ts';
import type { ChatMessage } from '../../core/chat.ts';
import type { Json } from '../../core/json.ts';
import type { Scenario, Variant } from '../../core/manifest.ts';
import type { ScenarioResult } from '../../core/record.ts';
import type { CardTool } from '../../core/review.ts';
import { cellId, type Filter } from '../../core/task.ts';
import { baseOf } from '../../core/variant-names.ts';
import type { Draw, ReviewArm, ReviewScenario } from '../../review/draw.ts';
import { toolOf } from '../../scoring/expectations/intent-calls.ts';
import type { Experiment } from '../open/experiment.ts';
import { makeCellFilter } from '../select/cell-filter.ts';
import { importedRows } from '../select/imported-rows.ts';
import { viewCells } from '../select/plan-experiment.ts';

export type FoundDraws = {
  readonly draws: readonly Draw[];
  /** Cells in scope without a completed answer. */
  readonly lacking: number;
  /** Records that cannot be read. */
  readonly damaged: number;
};

/** @throws CommandError where the filter means nothing */
export async function readDraws(input: {
  readonly experiment: Experiment;
  readonly store: StoreReader;
  readonly filter: Filter;
}): Promise<FoundDraws> {
  const { experiment, store } = input;
  const isMeant = await makeCellFilter(input);
  const imported = importedRows(store);
  const draws: Draw[] = [];
  let lacking = 0;
  let damaged = 0;
  for (const cell of viewCells(experiment, null)) {
    if (!isMeant(cell)) continue;
    const head = store.history.byKey(cell.key);
    const own = head && store.row(head.id);
    const row = isAnswer(own) ? own : imported.get(cellId(cell));
    if (!isAnswer(row)) {
      lacking++;
      continue;
    }
    const read = store.read(row);
    if (read.kind === 'err') damaged++;
    else draws.push(drawOf(read.value, { ...cell, row }));
  }
  return { draws, lacking, damaged };
}

function isAnswer(row: RecordRow | undefined): row is RecordRow {
  return row !== undefined && row.status === 'completed' && row.archive === null && row.outputDigest !== null;
}

/** Under today's names, whatever they were when it was drawn. */
function drawOf(
  record: ScenarioResult,
  cell: {
    readonly variant: string;
    readonly scenario: string;
    readonly run: number;
    readonly row: RecordRow;
  },
): Draw {
  const { variant, scenario, run, row } = cell;
  const { output } = record;
  const messages = (output?.messages ?? []) as unknown as readonly ChatMessage[];
  return {
    ...{ variant, scenario, run, key: row.ownKey, generation: row.generation, answer: row.outputDigest! },
    text: output?.text || output?.refusal || null,
    toolCalls: (output?.tool_calls ?? []).map((call) => ({
      name: call.name,
      // What was no object in JSON is judged as the model wrote it.
      arguments: (call.arguments_text ?? call.arguments) as Json,
    })),
    turns: messages.length > 1 ? messages : [],
    servedModel: record.served_model,
  };
}

/** In the order of the manifest, those that something was drawn of. */
export function reviewArms({ manifest }: Experiment, draws: readonly Draw[]): readonly ReviewArm[] {
  return manifest.variants
    .filter(({ name }) => draws.some(({ variant }) => variant === name))
    .map(({ name, model }) => {
      const served = draws.flatMap((draw) => (draw.variant === name ? (draw.servedModel ?? []) : []));
      const words = [name, baseOf(name) ?? name, model, ...served];
      return { variant: name, words: [...new Set(words)] };
    });
}

/** What is asked, with what each arm is offered there. */
export function reviewScenarios(
  { manifest }: Experiment,
  draws: readonly Draw[],
  arms: readonly ReviewArm[],
): readonly ReviewScenario[] {
  const asked = new Set(draws.map(({ scenario }) => scenario));
  const variants = manifest.variants.filter(({ name }) => arms.some(({ variant }) => variant === name));
  return manifest.scenarios
    .filter(({ id }) => asked.has(id))
    .map((scenario) => ({
      id: scenario.id,
      category: scenario.category,
      description: scenario.description,
      input: inputOf(scenario),
      tools: new Map(variants.map((variant) => [variant.name, offered(variant, scenario)])),
      intents: new Map(variants.map(({ name }) => [name, intentsOf(scenario, name)])),
    }));
}

function inputOf({ input }: Scenario): readonly ChatMessage[] {
  return typeof input === 'string' ? [{ role: 'user', content: input }] : input;
}

function offered(variant: Variant, scenario: Scenario): readonly CardTool[] {
  const tools = [...(scenario.tools ?? variant.tools), ...(variant.mcp?.seen?.tools ?? [])];
  return tools.map(({ name, description, parameters }) => {
    const properties = parameters?.properties;
    const names = typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
    return { name, description, parameters: names };
  });
}

function intentsOf(
  { expectsTools }: Scenario,
  variant: string,
): ReviewScenario['intents'] extends ReadonlyMap<string, infer Mapped> ? Mapped : never {
  return Object.entries(expectsTools).flatMap(([intent, mapping]) => {
    const tool = toolOf(mapping, variant);
    return tool === null ? [] : [{ intent, tool }];
  });
}
