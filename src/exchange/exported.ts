// A record on its way out, and its flat form: one type a column, the same columns for every record.
import type { ScenarioResult } from '../core/record.ts';
import type { CellScore } from '../core/scoring.ts';
import { isUntold, modelAsked } from '../core/untold.ts';

export type Standing = 'current' | 'stale' | 'out-of-scope' | 'superseded';

export type Exported = {
  readonly record: ScenarioResult;
  readonly standing: Standing;
  readonly scores: readonly CellScore[];
  /** It was played by the simulation: no model answered. */
  readonly simulated: boolean;
};

export type Flat = { readonly [column: string]: string | number | boolean | null };

/**
 * Lists and objects are JSON text; times are ISO 8601, UTC. null = not known, but for `temperature` and `seed`, which were
 * not sent then unless `unknown` names them.
 */
export function flatten({ record, standing, scores, simulated }: Exported, scorers: readonly string[]): Flat {
  const { output, usage, attempts } = record;
  const last = attempts.at(-1);
  return {
    experiment: record.experiment,
    invocation: record.invocation,
    variant: record.variant,
    scenario: record.scenario,
    category: record.category,
    run: record.run,
    standing,
    status: record.status,
    key: record.key,
    generation: record.generation ?? 1,
    model: modelAsked(record),
    served_model: record.served_model,
    provider: record.provider,
    temperature: record.temperature,
    seed: record.seed,
    started_at: record.started_at,
    latency_ms: last?.duration_ms ?? null,
    duration_ms: record.duration_ms,
    attempts: attempts.length,
    input_tokens: usage?.input_tokens ?? null,
    output_tokens: usage?.output_tokens ?? null,
    total_tokens: usage?.total_tokens ?? null,
    cached_input_tokens: usage?.cached_input_tokens ?? null,
    cache_write_input_tokens: usage?.cache_write_input_tokens ?? null,
    cache_write_1h_input_tokens: usage?.cache_write_1h_input_tokens ?? null,
    reasoning_tokens: usage?.reasoning_tokens ?? null,
    cost_usd: record.cost_usd,
    finish_reason: output?.finish_reason ?? null,
    prompt: isUntold(record, 'input') ? null : record.input.prompt,
    text: output?.text ?? null,
    refusal: output?.refusal ?? null,
    tool_calls: output ? JSON.stringify(output.tool_calls) : null,
    error_kind: last?.error?.kind ?? null,
    error_message: last?.error?.message ?? null,
    output_digest: record.output_digest,
    messages: JSON.stringify(record.input.messages),
    scenario_tools: record.input.tools ? JSON.stringify(record.input.tools) : null,
    output_messages: output ? JSON.stringify(output.messages) : null,
    properties: output?.properties ? JSON.stringify(output.properties) : null,
    unknown: record.unknown ? JSON.stringify(record.unknown) : null,
    simulated,
    ...scoreColumns(scores, scorers),
  };
}

function scoreColumns(scores: readonly CellScore[], scorers: readonly string[]): Flat {
  return Object.fromEntries(
    scorers.flatMap((name) => {
      const score = scores.find(({ scorer }) => scorer === name);
      return [
        [`score_${name}`, score?.score ?? null],
        [`passed_${name}`, score?.passed ?? null],
        [`label_${name}`, score?.label ?? null],
      ];
    }),
  );
}
