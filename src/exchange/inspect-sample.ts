// A record as a sample of Inspect: the conversation, the answer, what it took, what the scorers say.
import { contentText } from '../answers/calls.ts';
import { listOf } from '../answers/values.ts';
import { sha256 } from '../core/canonical.ts';
import { endingOf } from '../core/ending.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { ScenarioResult } from '../core/record.ts';
import { modelAsked } from '../core/untold.ts';
import type { Exported } from './exported.ts';
import { inspectEvents } from './inspect-events.ts';
import { endOf, inspectUsage } from './inspect-facts.ts';
import { inspectCalls, inspectMessages, type ToldErrors } from './inspect-messages.ts';
import { scoreValue } from './inspect-scores.ts';

export type InspectSample = Exported & {
  /** What is expected, as text; '' = nothing is written down. */
  readonly target: string;
  /** In words, by scorer. */
  readonly explanations: ReadonlyMap<string, string>;
};

/** `provider/model`, as Inspect names models. */
export function inspectModel(record: ScenarioResult): string {
  const model = modelAsked(record);
  // Inspect's own word for logs of no model.
  if (model === null) return record.provider === 'none' ? 'none/none' : 'unknown';
  return model.startsWith(`${record.provider}/`) ? model : `${record.provider}/${model}`;
}

export function inspectSample(sample: InspectSample): JsonObject {
  const { record } = sample;
  const { output, input } = record;
  const uuid = sha256(`${record.key} ${record.generation ?? 1}`).slice(0, 22);
  const failure = record.status === 'failed' ? record.attempts.at(-1)?.error : null;
  const usage = inspectUsage(record);
  const errors = toldErrors(record);
  const asked = inspectMessages(input.messages as JsonObject[], { ids: `${uuid} asked`, errors }).map(
    (message) => ({ ...message, source: 'input' }),
  );
  const said = conversation(record, inspectMessages(saidIn(record), { ids: uuid, errors }));
  const answer = said.findLast(({ role }) => role === 'assistant');
  const model = record.served_model ?? modelAsked(record) ?? 'unknown';
  const told: JsonObject =
    output && answer
      ? {
          model,
          choices: [{ message: answer, stop_reason: stopReason(output) }],
          completion: output.text,
          ...(usage ? { usage } : {}),
        }
      : { model, choices: [], completion: '' };
  return {
    id: record.scenario,
    epoch: record.run,
    input: asked.length > 0 ? asked : input.prompt,
    target: sample.target,
    messages: [...asked, ...said],
    output: told,
    scores: scoresOf(sample),
    metadata: metadataOf(sample, failure?.kind ?? null),
    store: {},
    ...inspectEvents({
      record,
      uuid,
      asked,
      said,
      model: inspectModel(record),
      output: told,
      error: failure?.message ?? null,
    }),
    model_usage: usage ? { [inspectModel(record)]: usage } : {},
    started_at: record.started_at,
    completed_at: endOf(record),
    ...timesOf(record),
    uuid,
    ...(failure ? { error: errorOf(failure.message) } : {}),
    ...retriesOf(record),
    attachments: {},
  };
}

/** Of a failed record what was said stands in its turns. */
function saidIn({ output, turns }: ScenarioResult): readonly JsonObject[] {
  const messages = output === null ? (turns ?? []).flatMap((turn) => turn.messages ?? []) : output.messages;
  return messages as JsonObject[];
}

/**
 * What the model said, with the kept answer as its end: the text that counts, and the calls where no message has them (as
 * of harnesses, which tell calls beside their messages, or no message at all).
 */
function conversation(record: ScenarioResult, said: readonly JsonObject[]): readonly JsonObject[] {
  const { output } = record;
  if (output === null) return said;
  const at = said.findLastIndex(({ role }) => role === 'assistant');
  const told = said[at] ?? {
    id: sha256(`${record.key} ${record.generation ?? 1} answer`).slice(0, 22),
    role: 'assistant',
    content: '',
    source: 'generate',
  };
  const hasCalls = said.some(({ tool_calls: calls }) => listOf(calls).length > 0);
  const answer = {
    ...told,
    content: withText(told.content ?? '', output.text),
    model: record.served_model ?? modelAsked(record) ?? 'unknown',
    ...(hasCalls || output.tool_calls.length === 0 ? {} : { tool_calls: inspectCalls(output.tool_calls) }),
  };
  return at < 0 ? [...said, answer] : said.map((message, i) => (i === at ? answer : message));
}

function withText(content: Json, text: string): Json {
  if (!Array.isArray(content)) return text;
  if (contentText(content) === text) return content;
  const thought = listOf(content).filter((part) => isJsonObject(part) && part.type === 'reasoning');
  return thought.length === 0 ? text : [...thought, { type: 'text', text }];
}

function toldErrors({ turns }: ScenarioResult): ToldErrors {
  const results = (turns ?? []).flatMap((turn) => turn.tool_results);
  return new Map(
    results.flatMap(({ id, error }) => (id === undefined || error === undefined ? [] : [[id, error]])),
  );
}

/** Inspect knows six words; the one that came stands in the metadata. */
function stopReason({ finish_reason: reason }: NonNullable<ScenarioResult['output']>): string {
  if (reason === null) return 'unknown';
  if (reason === 'stop' || reason === 'tool_calls' || reason === 'model_length') return reason;
  const { kind } = endingOf(reason);
  return kind === 'cut' ? 'max_tokens' : kind === 'filtered' ? 'content_filter' : 'unknown';
}

/** A sample that failed has none: Inspect counts no score of it. */
function scoresOf({ record, scores, explanations }: InspectSample): JsonObject {
  if (record.status === 'failed') return {};
  return Object.fromEntries(
    scores.flatMap((score) => {
      const value = scoreValue(score);
      if (value === null) return [];
      const { scorer, passed, label } = score;
      const explanation = explanations.get(scorer);
      const said = explanation === undefined ? {} : { explanation };
      return [
        [
          scorer,
          { value, answer: record.output?.text ?? '', ...said, metadata: { passed, label }, history: [] },
        ],
      ];
    }),
  );
}

/** What Inspect has no place for, so that nothing is lost on the way back. */
function metadataOf({ record, standing, simulated }: InspectSample, errorKind: string | null): JsonObject {
  return {
    category: record.category,
    invocation: record.invocation,
    key: record.key,
    standing,
    simulated,
    cost_usd: record.cost_usd,
    model: modelAsked(record),
    served_model: record.served_model,
    provider: record.provider,
    temperature: record.temperature,
    seed: record.seed,
    finish_reason: record.output?.finish_reason ?? null,
    ...(record.unknown ? { unknown: [...record.unknown] } : {}),
    ...(record.input.tools ? { scenario_tools: [...record.input.tools] } : {}),
    ...(record.output?.turn_limit ? { turn_limit: true } : {}),
    ...(errorKind === null ? {} : { error_kind: errorKind }),
  };
}

/** Left out where it is not known: 0 would say that it took no time. */
function timesOf(record: ScenarioResult): JsonObject {
  const working = record.attempts.at(-1)?.duration_ms ?? record.duration_ms;
  return {
    ...(record.duration_ms === null ? {} : { total_time: record.duration_ms / 1000 }),
    ...(working === null ? {} : { working_time: working / 1000 }),
  };
}

/** Attempts before the last one. */
function retriesOf({ attempts }: ScenarioResult): JsonObject {
  const errors = attempts.slice(0, -1).flatMap(({ error }) => (error ? [errorOf(error.message)] : []));
  return errors.length === 0 ? {} : { error_retries: errors };
}

function errorOf(message: string): JsonObject {
  return { message, traceback: '', traceback_ansi: '' };
}
