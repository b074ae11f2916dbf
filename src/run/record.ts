// Builds the record of a finished task from its order and its attempts. Pure.
import { digestOf } from '../core/canonical.ts';
import { sumUsage } from '../core/conversation.ts';
import { mediaRefs } from '../core/media.ts';
import type { Order } from '../core/order.ts';
import type { Completion, Outcome, ToolCall, ToolResult, Turn, Usage } from '../core/outcome.ts';
import { type Spent, usageFrom } from '../core/paid.ts';
import type {
  Attempt,
  RecordedPaid,
  RecordedToolCall,
  RecordedTurn,
  RecordedUsage,
  ScenarioResult,
} from '../core/record.ts';
import type { Task } from '../core/task.ts';
import type { RecordedTrace } from '../core/trace.ts';
import { durationOf, recordedBatch, round } from './record-time.ts';
import { sentByTest, sentOf, type Unknown } from './sent.ts';

export type FinishedTask = {
  readonly experiment: string;
  readonly invocation: string;
  readonly task: Task;
  /** The last one: all attempts ask the same. */
  readonly order: Order;
  readonly provider: string;
  readonly attempts: readonly Attempt[];
  readonly completion: Completion | null;
  /** `failed` with a completion: an answer that satisfies nothing is kept all the same. */
  readonly status: 'completed' | 'failed';
  readonly costUsd: number | null;
  readonly durationMs: number;
  readonly trace: RecordedTrace | null;
  /** Of a tool loop; null where there is one call. */
  readonly turns: readonly Turn[] | null;
  /** By this invocation, for all of its attempts. */
  readonly paid: Spent;
};

export function buildRecord(finished: FinishedTask): Omit<ScenarioResult, 'generation' | 'n' | 'c'> {
  const { task, order, completion } = finished;
  const first = finished.attempts[0]!;
  const sent = sentOf(order, completion?.sent);
  return {
    type: 'scenario_result',
    v: 1,
    key: task.key,
    experiment: finished.experiment,
    invocation: finished.invocation,
    variant: task.variant,
    scenario: task.scenario,
    category: task.category,
    run: task.run,
    status: finished.status,
    input: {
      ...sent.input,
      ...(order.scenarioTools === undefined ? {} : { tools: [...order.scenarioTools] }),
    },
    ...(isShown(finished) ? mediaRefs(sent.input.messages, order.request.messages) : {}),
    output: completion ? outputOf(completion) : null,
    output_digest: completion ? outputDigest(completion) : null,
    usage: recordedUsage(finished),
    cost_usd: finished.costUsd,
    ...paidField(finished.paid, { usage: recordedUsage(finished), costUsd: finished.costUsd }),
    model: sent.model,
    served_model: (completion ?? finished.turns?.at(-1))?.servedModel ?? null,
    ...(completion?.systemFingerprint ? { system_fingerprint: completion.systemFingerprint } : {}),
    provider: finished.provider,
    temperature: sent.temperature,
    seed: sent.seed,
    ...(completion?.reading === undefined ? {} : { reading: completion.reading }),
    ...(sent.unknown.length === 0 ? {} : { unknown: [...sent.unknown] as [Unknown, ...Unknown[]] }),
    started_at: first.started_at,
    duration_ms: durationOf(finished),
    attempts: [first, ...finished.attempts.slice(1)],
    ...(finished.turns === null
      ? {}
      : { turns: finished.turns.map((turn, i) => turnOf(turn, { n: i + 1, isWhole: completion === null })) }),
    parts: task.parts,
    trace: finished.trace,
  };
}

/** Its files are kept before it is sent: of a task that never was, nothing is. What tests show, they show by themselves. */
function isShown({ order, attempts, completion }: FinishedTask): boolean {
  const wasSent = completion !== null || attempts.some(({ error }) => error?.kind !== 'inputs-changed');
  return wasSent && order.work?.harness.kind !== 'pytest';
}

/** What another reading of a kept line makes of its record. Nothing was drawn for it, and nothing paid. */
export function rereadRecord(context: {
  readonly old: ScenarioResult;
  readonly completion: Completion;
  readonly invocation: string;
  readonly costUsd: number | null;
}): Omit<ScenarioResult, 'generation' | 'n' | 'c'> {
  const { old, completion } = context;
  const { generation, n: _n, c: _c, unknown: _u, stale: _s, in_scope: _i, paid: _p, ...kept } = old;
  const sent = sentByTest(completion.sent);
  const output = outputOf(completion);
  const last = old.attempts.at(-1)!;
  const error =
    completion.unread === undefined
      ? null
      : { kind: 'nothing-recorded' as const, status: null, message: completion.unread };
  const [first = last, ...more] = [...old.attempts.slice(0, -1), { ...last, error }];
  return {
    ...kept,
    invocation: context.invocation,
    status: completion.unread === undefined ? 'completed' : 'failed',
    input: { ...old.input, ...sent.input },
    output: { ...output, properties: { ...old.output?.properties, ...output.properties } },
    output_digest: outputDigest(completion),
    usage: completion.usage && usageOf(completion.usage),
    cost_usd: context.costUsd,
    paid: { usage: { input_tokens: 0, output_tokens: 0, total_tokens: 0 }, cost_usd: 0 },
    model: sent.model,
    served_model: completion.servedModel,
    temperature: sent.temperature,
    seed: sent.seed,
    attempts: [first, ...more],
    ...(completion.reading === undefined ? {} : { reading: completion.reading }),
    reread: old.reread ?? { invocation: old.invocation, generation: generation ?? 1 },
    ...(sent.unknown.length === 0 ? {} : { unknown: [...sent.unknown] as [Unknown, ...Unknown[]] }),
  };
}

export function attemptOf(input: {
  readonly n: number;
  readonly outcome: Outcome;
  readonly trace: RecordedTrace | null;
}): Attempt {
  const { n, outcome, trace } = input;
  return {
    n,
    started_at: outcome.startedAt,
    // Of an answer that waited in a batch nobody knows how long the model took.
    duration_ms: outcome.batch ? null : round(outcome.durationMs),
    error:
      outcome.kind === 'failure'
        ? {
            kind: outcome.failure.kind,
            status: outcome.failure.status,
            message: outcome.failure.message,
          }
        : null,
    request_id: outcome.requestId,
    ...(outcome.kind === 'failure' && outcome.failure.usage ? { usage: usageOf(outcome.failure.usage) } : {}),
    ...(outcome.kind === 'failure' && outcome.failure.body ? { body: outcome.failure.body } : {}),
    ...(outcome.kind === 'failure' && outcome.failure.isUnread ? { unread: true as const } : {}),
    ...(trace === null ? {} : { trace_id: trace.langsmith_run_id }),
    ...(outcome.batch === undefined ? {} : { batch: recordedBatch(outcome.batch) }),
    ...(outcome.log === undefined ? {} : { log: outcome.log }),
  };
}

/** We gave it up while it was under way. */
export function cancelledAttempt(input: {
  readonly n: number;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly why: string;
}): Attempt {
  return {
    n: input.n,
    started_at: input.startedAt,
    duration_ms: round(input.durationMs),
    error: { kind: 'cancelled', status: null, message: input.why },
    request_id: null,
  };
}

export type Void = {
  readonly kind: 'inputs-changed' | 'undeclared-input' | 'nothing-recorded';
  readonly why: string;
};

/** An answer that is made of something else than its key says: it was paid for, so it is kept, and it counts for nothing. */
export function voidAttempt(attempt: Attempt, { kind, why }: Void): Attempt {
  return { ...attempt, error: { kind, status: null, message: why } };
}

/** What a scorer judges: equal answers have equal digests, whatever ids and wording of the wire came with them. */
export function outputDigest(completion: Completion): string {
  const { textEscaped } = completion;
  return digestOf({
    text: completion.text,
    ...(textEscaped === undefined ? {} : { text_escaped: textEscaped }),
    tool_calls: completion.toolCalls.map((call) => ({
      name: call.name,
      arguments: call.argumentsText ?? call.arguments,
    })),
    finish_reason: completion.finishReason,
    ...(completion.refusal === null ? {} : { refusal: completion.refusal }),
  });
}

function outputOf(completion: Completion): NonNullable<ScenarioResult['output']> {
  return {
    text: completion.text,
    ...(completion.textFrom === undefined ? {} : { text_from: completion.textFrom }),
    tool_calls: completion.toolCalls.map(recordedCall),
    messages: completion.messages.map((message) => ({ ...message })),
    finish_reason: completion.finishReason,
    ...(completion.textEscaped === undefined ? {} : { text_escaped: completion.textEscaped }),
    ...(completion.refusal === null ? {} : { refusal: completion.refusal }),
    ...(completion.turnLimit === undefined ? {} : { turn_limit: true }),
    ...(completion.raw === undefined ? {} : { raw: { ...completion.raw } }),
    ...(completion.properties === undefined ? {} : { properties: completion.properties }),
  };
}

export function recordedCall(call: ToolCall): RecordedToolCall {
  return {
    ...(call.id === null ? {} : { id: call.id }),
    name: call.name,
    arguments: call.arguments,
    ...(call.argumentsText === null ? {} : { arguments_text: call.argumentsText }),
  };
}

/** Only where it is not what the record says of its answer. */
export function paidField(
  paid: Spent,
  input: { readonly usage: RecordedUsage | null; readonly costUsd: number | null },
): { readonly paid?: RecordedPaid } {
  const { usage, costUsd, atLeastUsd } = paid;
  const isPartly = costUsd === null && atLeastUsd > 0;
  const isSame =
    costUsd === input.costUsd && usage.total_tokens === (input.usage ? input.usage.total_tokens : 0);
  if (isSame && !isPartly) return {};
  const atLeast = isPartly ? { cost_usd_at_least: atLeastUsd } : {};
  return { paid: { usage: { ...usage }, cost_usd: costUsd, ...atLeast } };
}

/** Turns that were made before a task failed were paid for as well, and so were answers that were none. */
function recordedUsage({ completion, turns, attempts }: FinishedTask): RecordedUsage | null {
  if (completion) return completion.usage && usageOf(completion.usage);
  const useless = attempts.flatMap(({ usage }) => (usage ? [usageFrom(usage)] : []));
  const usage = sumUsage([...(turns ?? []).map((turn) => turn.usage), ...useless]);
  return usage && usageOf(usage);
}

/** `isWhole`: no output holds the messages of the way. */
function turnOf(turn: Turn, { n, isWhole }: { readonly n: number; readonly isWhole: boolean }): RecordedTurn {
  return {
    n,
    started_at: turn.startedAt,
    duration_ms: round(turn.durationMs),
    finish_reason: turn.finishReason,
    usage: turn.usage && usageOf(turn.usage),
    request_id: turn.requestId,
    tool_results: turn.results.map(recordedResult),
    ...(turn.raw ? { raw: { ...turn.raw } } : {}),
    ...(turn.repaired ? { repaired: [...turn.repaired] } : {}),
    ...(turn.paid ? { invocation: turn.paid.invocation } : {}),
    ...(isWhole ? { messages: turn.messages.map((message) => ({ ...message })) } : {}),
    ...(turn.model === undefined || turn.model === null ? {} : { model: turn.model }),
    ...((isWhole || turn.model !== undefined) && turn.calls.length > 0
      ? { tool_calls: turn.calls.map(recordedCall) }
      : {}),
  };
}

export function recordedResult({
  id,
  name,
  source,
  error,
}: ToolResult): RecordedTurn['tool_results'][number] {
  return {
    ...(id === null ? {} : { id }),
    name,
    source,
    ...(error === null ? {} : { error }),
  };
}

export function usageOf(usage: Usage): RecordedUsage {
  return {
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    total_tokens: usage.totalTokens,
    ...(usage.cachedInputTokens === null ? {} : { cached_input_tokens: usage.cachedInputTokens }),
    ...(usage.cacheWriteInputTokens === undefined
      ? {}
      : { cache_write_input_tokens: usage.cacheWriteInputTokens }),
    ...(usage.cacheWrite1hInputTokens === undefined
      ? {}
      : { cache_write_1h_input_tokens: usage.cacheWrite1hInputTokens }),
    ...(usage.reasoningTokens === null ? {} : { reasoning_tokens: usage.reasoningTokens }),
    ...(usage.costUsd === undefined ? {} : { cost_usd: Math.round(usage.costUsd * 1e10) / 1e10 }),
  };
}
