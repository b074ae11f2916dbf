// A result from elsewhere -> a record of the history. Its parts say that it was imported: no planned key is ever equal.
import type { Entry, NewRecord } from '../../cache/store.ts';
import { digestOf, sha256 } from '../../core/canonical.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { InvocationRecord, RunMetadata, ScenarioResult } from '../../core/record.ts';
import type { Part, PartName } from '../../core/task.ts';
import { takeArguments } from '../../core/untrusted-json.ts';
import { type Imported, type ImportFormat, importedEngine } from '../../exchange/imported.ts';
import { sampleKey } from '../../planner/key.ts';
import { outputDigest } from '../../run/record.ts';
import type { Experiment } from '../open/experiment.ts';
import { slugFor } from '../select/variant-slug.ts';

export type ImportedRun = Imported & { readonly run: number };

export function importedEntry(context: {
  readonly experiment: Experiment;
  readonly invocation: InvocationRecord;
  readonly format: ImportFormat;
  readonly result: ImportedRun;
  /** For results that do not say when they were made: when their file was written. */
  readonly fileTime: string;
  readonly scenarios: number;
}): Entry {
  const { experiment, invocation, result } = context;
  const { variant, scenario, run, model, temperature, seed, system, messages, prompt, text } = result;
  const parts = {
    variant: part('variant', {
      imported: { variant, model, provider: result.provider, temperature, seed, system },
    }),
    scenario: part('scenario', { imported: { scenario, prompt, messages: messages.map(withoutId) } }),
    engine: importedEngine(context.format),
  };
  const digests = {
    variant: parts.variant.digest,
    scenario: parts.scenario.digest,
    engine: parts.engine.digest,
  };
  const startedAt = result.startedAt ?? context.fileTime;
  const durationMs = result.latencyMs === null ? null : Math.round(result.latencyMs * 10) / 10;
  const output = text === null ? null : { ...outputOf(result, text) };
  const index = experiment.scenarioIndex.get(scenario);
  const known = index === undefined ? null : experiment.manifest.scenarios[index]!;
  const [first, ...rest] = result.unknown;
  const record: NewRecord = {
    type: 'scenario_result',
    v: 1,
    key: sampleKey(digests, run),
    experiment: invocation.experiment,
    invocation: invocation.invocation,
    variant,
    scenario,
    category: result.category ?? known?.category ?? null,
    run,
    status: result.error === null ? 'completed' : 'failed',
    input: { prompt: prompt ?? '', messages: messages.map((message) => ({ ...message })) },
    output,
    output_digest: text === null ? null : digestOfAnswer(result, text),
    usage: result.usage,
    cost_usd: result.costUsd,
    model: model ?? '',
    served_model: result.servedModel,
    provider: result.provider ?? 'imported',
    temperature,
    seed,
    ...(first === undefined ? {} : { unknown: [first, ...rest] as const }),
    started_at: startedAt,
    duration_ms: durationMs,
    attempts: [
      {
        n: 1,
        started_at: startedAt,
        duration_ms: durationMs,
        error: result.error && { kind: result.error.kind, status: null, message: result.error.message },
        request_id: null,
      },
    ],
    parts: digests,
    trace: null,
  };
  return {
    record: result.own === undefined ? record : asOwn(record, { ...result.own, category: result.category }),
    parts: [parts.variant, parts.engine, parts.scenario],
    slug: slugFor(experiment, variant),
    metadata: () => ({
      type: 'run_metadata',
      v: 1,
      experiment: invocation.experiment,
      invocation: invocation.invocation,
      variant,
      run,
      model: record.model,
      provider: record.provider,
      temperature,
      system,
      ...untoldIn(record),
      tools_digest: digestOf([]),
      variant_digest: digests.variant,
      manifest_digest: invocation.manifest_digest,
      git: invocation.git,
      started_at: invocation.started_at,
      filter: invocation.filter,
      expgraph: invocation.expgraph,
      node: invocation.node,
      scenarios: context.scenarios,
    }),
  };
}

/** As the record says it, of what its metadata line holds. */
function untoldIn({ unknown }: NewRecord): Pick<RunMetadata, 'unknown'> {
  const told = (['model', 'temperature', 'system'] as const).filter((name) => unknown?.includes(name));
  const [first, ...rest] = told;
  return first === undefined ? {} : { unknown: [first, ...rest] };
}

/** What a record of ours says is kept as it stands; where it belongs and what it answers is that of the import. */
function asOwn(record: NewRecord, own: ScenarioResult): NewRecord {
  const { n: _n, c: _c, generation: _g, ...rest } = own as ScenarioResult & { n?: number; c?: string };
  const { key, experiment, invocation, variant, scenario, run, parts } = record;
  return { ...rest, key, experiment, invocation, variant, scenario, run, parts };
}

/**
 * Equal results are imported once. What no file says twice in the same way is left out: when, in which invocation, where,
 * in which form of file. Earlier versions wrote a latency that was not told as 0.
 */
export function contentOf(record: NewRecord): string {
  const { invocation: _i, started_at: _s, attempts, category: _c, ...rest } = record;
  const { key: _k, run: _r, parts: _p, unknown: _u, experiment: _e, ...content } = rest;
  const { generation: _g, n: _n, c: _x, duration_ms: ms, ...more } = content as unknown as JsonObject;
  const tries = attempts.map(({ error, duration_ms }) => [error as Json, duration_ms ?? 0]);
  return sha256(stable({ ...more, duration_ms: ms ?? 0, attempts: tries } as Json)).slice(0, 32);
}

function stable(value: Json): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

/** Ids are made anew for each draw, and are not sent. */
function withoutId({ id: _, ...message }: JsonObject): JsonObject {
  return message;
}

function part(name: PartName, content: Part['content']): Part {
  return { part: name, digest: digestOf(content), content };
}

function outputOf(result: Imported, text: string): NonNullable<NewRecord['output']> {
  return {
    text,
    tool_calls: [...result.toolCalls],
    messages: result.outputMessages.map((message) => ({ ...message })),
    finish_reason: result.finishReason,
    ...(result.refusal === null ? {} : { refusal: result.refusal }),
    ...(result.properties === null ? {} : { properties: { ...result.properties } }),
  };
}

function digestOfAnswer(result: Imported, text: string): string {
  return outputDigest({
    text,
    toolCalls: result.toolCalls.map((call) => ({
      id: null,
      name: call.name,
      ...takeArguments(call.arguments),
      ...(call.arguments_text === undefined ? {} : { argumentsText: call.arguments_text }),
    })),
    messages: [],
    finishReason: result.finishReason,
    refusal: result.refusal,
    usage: null,
    servedModel: null,
    systemFingerprint: null,
  });
}
