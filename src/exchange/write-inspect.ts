// One variant as a log of Inspect (EvalLog, version 2): scenarios are samples, runs are epochs.

import { contentText, toolCallsOf } from '../answers/calls.ts';
import { listOf, textOf } from '../answers/values.ts';
import { sha256 } from '../core/canonical.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { ScenarioResult } from '../core/record.ts';
import type { Exported } from './exported.ts';

export type InspectLog = {
  readonly experiment: string;
  readonly variant: string;
  readonly model: string;
  readonly temperature: number | null;
  readonly seed: number | null;
  readonly startedAt: string;
  readonly samples: number;
  readonly completed: number;
  readonly scenarios: number;
  readonly epochs: number;
};

/** A sample at a time: only one is in memory. */
export function* inspectJson(log: InspectLog, samples: Iterable<Exported>): Generator<string> {
  const id = sha256(JSON.stringify([log.experiment, log.variant, log.startedAt])).slice(0, 22);
  const { temperature, seed } = log;
  const header = {
    version: 2,
    status: 'success',
    eval: {
      eval_id: id,
      run_id: id,
      created: log.startedAt,
      task: log.experiment,
      task_id: id,
      dataset: { name: log.experiment, samples: log.scenarios, shuffled: false },
      model: log.model || 'unknown',
      model_generate_config: {
        ...(temperature === null ? {} : { temperature }),
        ...(seed === null ? {} : { seed }),
      },
      config: { epochs: log.epochs },
      metadata: { variant: log.variant },
    },
    plan: { name: 'plan', steps: [] },
    results: { total_samples: log.samples, completed_samples: log.completed, scores: [] },
    stats: { started_at: log.startedAt, completed_at: log.startedAt, model_usage: {} },
  };
  yield `${JSON.stringify(header).slice(0, -1)},"samples":[`;
  let comma = '\n';
  for (const sample of samples) {
    yield `${comma}${JSON.stringify(sampleOf(sample))}`;
    comma = ',\n';
  }
  yield '\n]}\n';
}

function sampleOf({ record, scores, standing }: Exported): JsonObject {
  const { output, usage, input } = record;
  const failure = record.status === 'failed' ? record.attempts.at(-1)?.error : null;
  const model = record.served_model ?? (record.model || 'unknown');
  const kept = usage && {
    // Inspect's input_tokens are the fresh ones.
    input_tokens: usage.input_tokens - (usage.cached_input_tokens ?? 0),
    output_tokens: usage.output_tokens,
    total_tokens: usage.total_tokens,
    ...(usage.cached_input_tokens === undefined
      ? {}
      : { input_tokens_cache_read: usage.cached_input_tokens }),
    ...(usage.reasoning_tokens === undefined ? {} : { reasoning_tokens: usage.reasoning_tokens }),
  };
  const asked = input.messages.map((message) => messageOf(message as JsonObject));
  const said = output?.messages.map((message) => messageOf(message as JsonObject)) ?? [];
  const answer = output && answerOf(record, output);
  const metadata = {
    category: record.category,
    ...{ invocation: record.invocation, key: record.key, standing, cost_usd: record.cost_usd },
    ...(failure ? { error_kind: failure.kind } : {}),
  };
  return {
    id: record.scenario,
    epoch: record.run,
    input: asked.length > 0 ? asked : input.prompt,
    target: '',
    messages: [...asked, ...(said.length > 0 ? said : answer ? [answer] : [])],
    output: answer
      ? {
          model,
          choices: [{ message: answer, stop_reason: stopReason(output?.finish_reason ?? null) }],
          completion: output?.text ?? '',
          ...(kept ? { usage: kept } : {}),
        }
      : { model, choices: [], completion: '' },
    scores: Object.fromEntries(
      scores.flatMap(({ scorer, score, passed, label }) => {
        const value = score ?? (passed === null ? label : passed ? 1 : 0);
        return value === null ? [] : [[scorer, { value, metadata: { passed, label } }]];
      }),
    ),
    metadata,
    store: {},
    events: [],
    model_usage: kept ? { [model]: kept } : {},
    started_at: record.started_at,
    total_time: record.duration_ms / 1000,
    working_time: (record.attempts.at(-1)?.duration_ms ?? record.duration_ms) / 1000,
    uuid: sha256(`${record.key} ${record.generation ?? 1}`).slice(0, 22),
    ...(failure ? { error: { message: failure.message, traceback: '', traceback_ansi: '' } } : {}),
    attachments: {},
  };
}

function stopReason(reason: string | null): string {
  if (reason === 'length') return 'max_tokens';
  return reason === 'stop' || reason === 'tool_calls' || reason === 'content_filter' ? reason : 'unknown';
}

function answerOf(record: ScenarioResult, output: NonNullable<ScenarioResult['output']>): JsonObject {
  const calls = output.tool_calls.map((call, i) =>
    callOf({ ...call, id: call.id ?? `call_${i + 1}` } as JsonObject),
  );
  return {
    role: 'assistant',
    content: output.text,
    source: 'generate',
    model: record.served_model ?? record.model,
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

function callOf(call: JsonObject): JsonObject {
  const text = textOf(call.arguments_text);
  return {
    id: call.id ?? '',
    function: call.name ?? '',
    arguments: call.arguments ?? {},
    type: 'function',
    ...(text === null ? {} : { parse_error: text }),
  };
}

/** A message of the wire in Inspect's form: four roles, calls with parsed arguments, text and pictures. */
function messageOf(message: JsonObject): JsonObject {
  const content = contentOf(message.content);
  switch (message.role) {
    case 'system':
    case 'developer':
      return { role: 'system', content };
    case 'assistant': {
      const read = toolCallsOf(message.tool_calls);
      const calls = read.kind === 'ok' ? read.value : [];
      const told = calls.map((call, i) => callOf({ ...call, id: call.id ?? `call_${i + 1}` } as JsonObject));
      return {
        role: 'assistant',
        content,
        source: 'generate',
        ...(told.length === 0 ? {} : { tool_calls: told }),
      };
    }
    case 'tool':
      return {
        role: 'tool',
        content,
        ...(typeof message.tool_call_id === 'string' ? { tool_call_id: message.tool_call_id } : {}),
        ...(typeof message.name === 'string' ? { function: message.name } : {}),
      };
    default:
      return { role: 'user', content };
  }
}

function contentOf(content: Json | undefined): Json {
  if (!Array.isArray(content)) return contentText(content);
  return listOf(content).map((part): Json => {
    const text = isJsonObject(part) ? textOf(part.text) : textOf(part);
    if (text !== null) return { type: 'text', text };
    const image = isJsonObject(part) && isJsonObject(part.image_url) ? textOf(part.image_url.url) : null;
    return image === null ? { type: 'text', text: JSON.stringify(part) } : { type: 'image', image };
  });
}
