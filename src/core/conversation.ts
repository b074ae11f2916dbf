// A tool loop as data: what an order needs to go on after the model called tools, and what each turn was. Pure.
import type { Json, JsonObject } from './json.ts';
import type { Turn, Usage } from './outcome.ts';

/** What a tool gives back, without running anything. Text may hold {{arguments.x}}, {{vars.x}} and {{id}}. */
export type CannedTool = { readonly name: string; readonly result: Json };

/** Travels with an order whose variant may take more than one turn. */
export type Conversation = {
  readonly maxTurns: number;
  readonly scenario: {
    readonly id: string;
    readonly vars: JsonObject;
    /** By tool name; a list is given out one by one, its last again and again. */
    readonly toolResults: JsonObject;
  };
  readonly canned: readonly CannedTool[];
  /** Turns that an attempt before this one made: they are paid for, and are not asked for again. */
  readonly done: readonly Turn[];
};

/** null as soon as one turn's is not known: a sum without it would be wrong. */
export function sumUsage(usages: readonly (Usage | null)[]): Usage | null {
  let sum: Usage | null = null;
  for (const usage of usages) {
    if (usage === null) return null;
    sum = sum === null ? usage : addUsage(sum, usage);
  }
  return sum;
}

function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    totalTokens: a.totalTokens + b.totalTokens,
    cachedInputTokens: addKnown(a.cachedInputTokens, b.cachedInputTokens),
    reasoningTokens: addKnown(a.reasoningTokens, b.reasoningTokens),
    ...addWritten(a, b),
    ...(a.costUsd === undefined || b.costUsd === undefined ? {} : { costUsd: a.costUsd + b.costUsd }),
  };
}

/** Left out where neither tells it. */
function addWritten(
  { cacheWriteInputTokens: a, cacheWrite1hInputTokens: a1h }: Usage,
  { cacheWriteInputTokens: b, cacheWrite1hInputTokens: b1h }: Usage,
): Pick<Usage, 'cacheWriteInputTokens' | 'cacheWrite1hInputTokens'> {
  return {
    ...(a === undefined && b === undefined ? {} : { cacheWriteInputTokens: (a ?? 0) + (b ?? 0) }),
    ...(a1h === undefined && b1h === undefined ? {} : { cacheWrite1hInputTokens: (a1h ?? 0) + (b1h ?? 0) }),
  };
}

function addKnown(a: number | null, b: number | null): number | null {
  return a === null && b === null ? null : (a ?? 0) + (b ?? 0);
}
