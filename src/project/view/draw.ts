// One record as a page shows it beside others: everything that a reader needs to judge it. All of it is hostile text.
import path from 'node:path';
import type { RecordRow } from '../../cache/store.ts';
import type { ChatMessage } from '../../core/chat.ts';
import type { Json } from '../../core/json.ts';
import type { ScenarioResult } from '../../core/record.ts';
import type { Mark } from '../../screens/matrix.ts';
import type { AttemptText, DrawText, ToolCallText } from '../../screens/scenario.ts';
import { recordPage } from '../langsmith/pages.ts';
import { tracesRoot } from '../langsmith/settings.ts';
import { drawScores, type SaidOf } from './draw-scores.ts';
import type { Snapshot } from './snapshot.ts';

/** `variant`, `scenario`, `run` of the cell that it is shown for: its record may have been named otherwise. */
export type DrawOf = {
  readonly variant: string;
  readonly scenario: string;
  readonly run: number;
  readonly mark: Mark;
  readonly answer: number | null;
  /** null = nothing is kept. */
  readonly row: RecordRow | null;
};

export type Draw = { readonly text: DrawText; readonly record: ScenarioResult | null };

export function drawOf(snapshot: Snapshot, said: SaidOf, of: DrawOf): Draw {
  const { row } = of;
  if (row === null) return { text: { ...NOTHING, run: of.run, mark: of.mark }, record: null };
  const read = row.archive === null ? snapshot.store.read(row) : null;
  const facts = { ...NOTHING, ...factsOf(row), run: of.run, mark: of.mark, answer: of.answer };
  if (read === null) return { text: { ...facts, text: null }, record: null };
  if (read.kind === 'err') {
    const error = { kind: 'damaged', status: null, message: `${read.error}; npx expgraph fsck says more` };
    return {
      text: { ...facts, attempts: [{ n: 1, startedAt: row.startedAt, durationMs: 0, error }] },
      record: null,
    };
  }
  const record = read.value;
  return {
    text: {
      ...facts,
      ...drawScores(said, of, row),
      ...bodyOf(record),
      ...snapshot.calledOf(record.invocation),
      ...placeOf(snapshot, row, record),
    },
    record,
  };
}

const NOTHING: DrawText = {
  run: 0,
  mark: 'missing',
  answer: null,
  record: null,
  text: null,
  toolCalls: [],
  turns: [],
  finishReason: null,
  attempts: [],
  scores: [],
  score: null,
  passed: null,
  inputTokens: null,
  outputTokens: null,
  latencyMs: null,
  costUsd: null,
  model: null,
  servedModel: null,
  temperature: null,
  seed: null,
  startedAt: null,
  invocation: null,
  langsmithUrl: null,
  file: null,
};

function factsOf(row: RecordRow): Partial<DrawText> {
  const { inputTokens, outputTokens, latencyMs, costUsd, servedModel, startedAt } = row;
  const record = recordName(row);
  return { record, inputTokens, outputTokens, latencyMs, costUsd, servedModel, startedAt };
}

/** As `show` and `history` write it. */
export function recordName({ key, generation }: Pick<RecordRow, 'key' | 'generation'>): string {
  return `${key.slice(0, 12)}@${generation}`;
}

function bodyOf(record: ScenarioResult): Partial<DrawText> {
  const { output, model, temperature, seed, invocation } = record;
  return {
    text: output === null ? null : output.text,
    toolCalls: output === null ? [] : output.tool_calls.map(callOf),
    turns: turnsOf(record),
    finishReason: output?.finish_reason ?? null,
    attempts: record.attempts.map(attemptOf),
    model: model === '' ? null : model,
    temperature,
    seed,
    invocation,
  };
}

export function callOf(call: {
  readonly name: string;
  readonly arguments: { readonly [name: string]: unknown };
  readonly arguments_text?: string;
}): ToolCallText {
  return { name: call.name, arguments: call.arguments_text ?? (call.arguments as Json) };
}

/** Of one turn there is nothing to tell beside the answer. What failed on the way has its turns one by one. */
function turnsOf({ output, turns = [] }: ScenarioResult): readonly ChatMessage[] {
  if (output !== null) return turns.length > 1 || output.messages.length > 1 ? messages(output.messages) : [];
  return messages(turns.flatMap((turn) => turn.messages ?? []));
}

const messages = (given: readonly { readonly [name: string]: unknown }[]): readonly ChatMessage[] =>
  given as unknown as readonly ChatMessage[];

function attemptOf({ n, started_at, duration_ms, error }: ScenarioResult['attempts'][number]): AttemptText {
  return { n, startedAt: started_at, durationMs: duration_ms ?? 0, error };
}

function placeOf(
  { experiment, store }: Snapshot,
  row: RecordRow,
  { trace, n }: ScenarioResult,
): Partial<DrawText> {
  const page = trace && recordPage(tracesRoot(experiment), trace);
  const file = store.fileOf(row);
  const shown = file === null ? null : path.relative(experiment.manifest.folder, file);
  return {
    langsmithUrl: page?.startsWith('https://') ? page : null,
    file: shown === null ? null : `${shown.replaceAll('\\', '/')}${n === undefined ? '' : `:${n}`}`,
  };
}
