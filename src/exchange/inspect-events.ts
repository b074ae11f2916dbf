// Calls of the model as events of Inspect: its data frames of messages, and the transcript of its viewer, are made of them.

import { sha256 } from '../core/canonical.ts';
import type { JsonObject } from '../core/json.ts';
import type { RecordedTurn, ScenarioResult } from '../core/record.ts';
import { isUntold, modelAsked } from '../core/untold.ts';

/**
 * An event for each thing that the model said, and one for a call that failed. Inputs are ranges in one list of messages:
 * written out they would grow with the square of a conversation.
 */
export function inspectEvents(input: {
  readonly record: ScenarioResult;
  readonly uuid: string;
  readonly model: string;
  readonly asked: readonly JsonObject[];
  readonly said: readonly JsonObject[];
  /** The output of the sample: that of the last event. */
  readonly output: JsonObject;
  readonly error: string | null;
}): Pick<JsonObject, 'events' | 'events_data'> {
  const { record, asked, said, error } = input;
  const messages = [...asked, ...said];
  const answers = messages.flatMap(({ role }, i) => (role === 'assistant' && i >= asked.length ? [i] : []));
  // Turns are calls of the model: where there are as many as answers, each is of one.
  const turns = record.turns?.length === answers.length ? record.turns : undefined;
  const events = answers.map((at, i) => {
    const isLast = i === answers.length - 1;
    const output = isLast && error === null ? input.output : outputOf(messages[at]!, turns?.[i], record);
    return eventOf({ ...input, n: i + 1, before: at, turn: turns?.[i], output, error: null });
  });
  const failed =
    error === null
      ? []
      : [eventOf({ ...input, n: events.length + 1, before: messages.length, turn: undefined, error })];
  return { events: [...events, ...failed], events_data: { messages, calls: [] } };
}

function eventOf(context: {
  readonly record: ScenarioResult;
  readonly uuid: string;
  readonly model: string;
  readonly n: number;
  /** Messages that it was asked with. */
  readonly before: number;
  readonly turn: RecordedTurn | undefined;
  readonly output: JsonObject;
  readonly error: string | null;
}): JsonObject {
  const { record, turn } = context;
  const attempt = record.attempts.at(-1)!;
  const { started_at: startedAt, duration_ms: ms } = turn ?? attempt;
  const offset = Date.parse(startedAt) - Date.parse(record.started_at);
  return {
    event: 'model',
    uuid: sha256(`${context.uuid} event ${context.n}`).slice(0, 22),
    timestamp: startedAt,
    working_start: Math.max(0, offset) / 1000,
    model: context.model,
    input: [],
    input_refs: [[0, context.before]],
    tools: [],
    tool_choice: 'auto',
    config: configOf(record),
    output: context.output,
    ...(ms === null
      ? {}
      : { completed: new Date(Date.parse(startedAt) + ms).toISOString(), working_time: ms / 1000 }),
    ...(context.error === null ? {} : { error: context.error }),
  };
}

function outputOf(message: JsonObject, turn: RecordedTurn | undefined, record: ScenarioResult): JsonObject {
  const usage = turn?.usage ?? null;
  return {
    model: record.served_model ?? modelAsked(record) ?? 'unknown',
    choices: [{ message, stop_reason: Array.isArray(message.tool_calls) ? 'tool_calls' : 'unknown' }],
    ...(usage === null
      ? {}
      : {
          usage: {
            input_tokens: usage.input_tokens,
            output_tokens: usage.output_tokens,
            total_tokens: usage.total_tokens,
          },
        }),
  };
}

function configOf(record: ScenarioResult): JsonObject {
  const { temperature, seed } = record;
  return {
    ...(temperature === null || isUntold(record, 'temperature') ? {} : { temperature }),
    ...(seed === null || isUntold(record, 'seed') ? {} : { seed }),
  };
}
