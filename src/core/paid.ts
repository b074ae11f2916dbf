// What was paid for before a task has a record: lines of attempts.jsonl as money, and as turns to go on from. Pure.
import type { JsonObject } from './json.ts';
import type { ToolCall, Turn, Usage } from './outcome.ts';
import type {
  FailedAttempt,
  PaidTurn,
  RecordedToolCall,
  RecordedUsage,
  ScenarioResult,
  TurnResults,
} from './record.ts';
import type { UsageTotals } from './summary.ts';
import { takeArguments } from './untrusted-json.ts';

/** Money and tokens of some calls. */
export type Spent = {
  /** That were answered. */
  readonly calls: number;
  /** As far as it is known. */
  readonly usage: UsageTotals;
  /** Calls of `calls` that did not tell what they used. */
  readonly untold: number;
  /** null = of at least one call it is unknown. */
  readonly costUsd: number | null;
  /** What is known of it. */
  readonly atLeastUsd: number;
};

export const NOTHING_SPENT: Spent = {
  calls: 0,
  usage: { input_tokens: 0, output_tokens: 0, total_tokens: 0 },
  untold: 0,
  costUsd: 0,
  atLeastUsd: 0,
};

/** Some calls more; one, where it is not said. */
export type MoreSpent = {
  readonly usage: UsageTotals | null;
  readonly costUsd: number | null;
  readonly atLeastUsd?: number;
  readonly calls?: number;
};

export function addSpent(sum: Spent, more: MoreSpent): Spent {
  const { usage, costUsd, atLeastUsd = costUsd ?? 0 } = more;
  return {
    calls: sum.calls + (more.calls ?? 1),
    usage: {
      input_tokens: sum.usage.input_tokens + (usage?.input_tokens ?? 0),
      output_tokens: sum.usage.output_tokens + (usage?.output_tokens ?? 0),
      total_tokens: sum.usage.total_tokens + (usage?.total_tokens ?? 0),
    },
    untold: sum.untold + (usage === null ? (more.calls ?? 1) : 0),
    costUsd: sum.costUsd === null || costUsd === null ? null : roundUsd(sum.costUsd + costUsd),
    atLeastUsd: roundUsd(sum.atLeastUsd + atLeastUsd),
  };
}

/** To a tenth of a micro-dollar: sums of floats would otherwise differ by the order of adding. */
export function roundUsd(usd: number): number {
  return Math.round(usd * 10_000_000) / 10_000_000;
}

/** A line of the log as it is read; the invocation is its folder's. */
export type Logged = {
  readonly invocation: string;
  readonly line: PaidTurn | TurnResults | FailedAttempt;
};

/** What its invocation paid for a task that has a record. */
export function paidBy(record: Pick<ScenarioResult, 'usage' | 'cost_usd' | 'paid'>): MoreSpent {
  const { paid } = record;
  const { usage, cost_usd: costUsd } = paid ?? record;
  return { usage, costUsd, atLeastUsd: costUsd ?? paid?.cost_usd_at_least ?? 0 };
}

/** Whether a line of the log says something that no record of its invocation says. @param recorded keys that have one */
export function isCounted(line: Logged['line'], recorded: ReadonlySet<string>): boolean {
  return !recorded.has(line.key) || (line.type === 'turn' && line.late !== undefined);
}

/** What one line of the log came to. */
export function paidIn(line: Logged['line']): MoreSpent {
  if (line.type === 'results') return { usage: null, costUsd: 0, calls: 0 };
  if (line.type === 'attempt') return { usage: line.usage ?? null, costUsd: line.cost_usd, calls: 0 };
  return { usage: line.usage, costUsd: line.cost_usd, calls: line.error ? 0 : 1 };
}

/** Items of batches whose attempts these lines tell of. */
export function itemsTried(lines: Iterable<Logged>): ReadonlySet<string> {
  const items = new Set<string>();
  for (const { line } of lines) if (line.type === 'attempt' && line.batch) items.add(line.batch.item);
  return items;
}

/**
 * The turns from which a conversation can go on, of the lines of one key in the order of time. The last one may lack its
 * results: its tools are called then, and the model is not asked again. [] = it starts anew.
 */
export function turnsToGoOnFrom(lines: Iterable<Logged>): readonly Turn[] {
  let turns: Turn[] = [];
  for (const { invocation, line } of lines) {
    if (line.type === 'attempt') {
      if (endsConversation(line.error)) turns = [];
      continue;
    }
    const before = line.turn - 1;
    if (line.late === 'given-up') continue;
    if (line.redacted) {
      // A model must not be told that it said something else: what came before can be gone on from.
      if (before <= turns.length) turns = turns.slice(0, before);
      continue;
    }
    if (line.type === 'results') {
      const of = turns[before];
      if (of === undefined || turns.length > line.turn || of.results.length > 0) continue;
      turns[before] = withResults(of, line);
      continue;
    }
    if (line.own_code || line.error || before > turns.length) continue;
    // Asked again, because a line between them is lost or could not be gone on from.
    const kept = turns.slice(0, before);
    if (before === 0 || kept[before - 1]!.results.length > 0) turns = [...kept, turnOf(line, invocation)];
  }
  const last = turns.at(-1);
  return last === undefined || last.calls.length > 0 ? turns : [];
}

/** A call that an earlier invocation paid, whatever became of it. */
export type PaidCall = { readonly startedAt: string; readonly requestId: string | null } & NonNullable<
  Turn['paid']
>;

/** Those of the lines of one key. */
export function paidCalls(lines: Iterable<Logged>): readonly PaidCall[] {
  return [...lines].flatMap(({ invocation, line }) =>
    line.type === 'turn'
      ? [{ startedAt: line.started_at, requestId: line.request_id, invocation, costUsd: line.cost_usd }]
      : [],
  );
}

/**
 * A failure that this very conversation brought about: it would fail again, so another one is begun. What an account, a
 * network or a worker did says nothing of it.
 */
function endsConversation({ kind, status }: FailedAttempt['error']): boolean {
  // A permission, a firewall or a model that is gone: what was said before is as good as it was.
  if (status === 403 || status === 404) return false;
  return (
    kind === 'bad-request' ||
    kind === 'context-exceeded' ||
    kind === 'internal' ||
    kind === 'code-failed' ||
    kind === 'inputs-changed'
  );
}

function withResults(turn: Turn, line: TurnResults): Turn {
  return {
    ...turn,
    messages: [...turn.messages, ...(line.messages as JsonObject[])],
    results: line.tool_results.map(({ id, name, source, error }) => ({
      id: id ?? null,
      name,
      source,
      error: error ?? null,
      // It stands in the messages.
      text: '',
    })),
  };
}

function turnOf(line: PaidTurn, invocation: string): Turn {
  return {
    startedAt: line.started_at,
    durationMs: line.duration_ms,
    requestId: line.request_id,
    finishReason: line.finish_reason,
    usage: line.usage && usageFrom(line.usage),
    messages: line.messages as JsonObject[],
    calls: line.tool_calls.map(callFrom),
    results: [],
    ...(line.raw ? { raw: line.raw as JsonObject } : {}),
    ...(line.repaired ? { repaired: line.repaired } : {}),
    servedModel: line.served_model,
    paid: { invocation, costUsd: line.cost_usd },
  };
}

function callFrom(call: RecordedToolCall): ToolCall {
  return {
    id: call.id ?? null,
    name: call.name,
    ...takeArguments(call.arguments_text ?? call.arguments),
  };
}

export function usageFrom(usage: RecordedUsage): Usage {
  return {
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    totalTokens: usage.total_tokens,
    cachedInputTokens: usage.cached_input_tokens ?? null,
    reasoningTokens: usage.reasoning_tokens ?? null,
    ...(usage.cache_write_input_tokens === undefined
      ? {}
      : { cacheWriteInputTokens: usage.cache_write_input_tokens }),
    ...(usage.cache_write_1h_input_tokens === undefined
      ? {}
      : { cacheWrite1hInputTokens: usage.cache_write_1h_input_tokens }),
    ...(usage.cost_usd === undefined ? {} : { costUsd: usage.cost_usd }),
  };
}
