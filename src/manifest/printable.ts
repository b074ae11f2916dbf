// The manifest as resolved, safe to write: no value of the environment, no credentials, scenarios by id.
import type { Json, JsonObject } from '../core/json.ts';
import type { Manifest, Variant } from '../core/manifest.ts';
import { writtenFormat } from '../core/response-format.ts';
import type { Scorer } from '../core/scoring.ts';
import { nameless } from './variants/providers.ts';

export function printableManifest(input: {
  readonly manifest: Omit<Manifest, 'printable' | 'secrets'>;
  readonly providers: readonly (readonly [string, JsonObject])[];
}): JsonObject {
  const { manifest } = input;
  const { execution, langsmith } = manifest;
  return {
    version: 1,
    name: manifest.name,
    description: manifest.description,
    variants: manifest.variants.map(printableVariant),
    scenarios: manifest.scenarios.map(({ id }) => id),
    ...(manifest.varies === null ? {} : { varies: manifest.varies }),
    providers: nameless(input.providers),
    inputs: manifest.inputs.map(({ path, digest }) => ({ path, digest })),
    ...(manifest.prepare.length === 0 ? {} : { prepare: manifest.prepare as unknown as Json }),
    ...(manifest.scorers.length === 0 ? {} : { scorers: manifest.scorers.map(printableScorer) }),
    ...(manifest.cluster === null ? {} : { cluster: manifest.cluster }),
    ...(manifest.gate.length === 0
      ? {}
      : { gate: manifest.gate.map(({ name, wanted }) => ({ name, wanted })) }),
    ...(manifest.until === undefined ? {} : { until: manifest.until as unknown as Json }),
    ...(manifest.review === undefined ? {} : { review: manifest.review as unknown as Json }),
    execution: {
      concurrency: execution.concurrency,
      retries: execution.retries,
      timeout_ms: execution.timeoutMs,
      budget_usd: execution.budgetUsd,
      workers: execution.workers,
    },
    tracing: { langsmith: langsmith === null ? false : printableTracing(langsmith) },
  };
}

function printableScorer({ passAt, scope, ...scorer }: Scorer): JsonObject {
  const only = scope as unknown as JsonObject;
  if (scorer.kind !== 'judge') return { ...(scorer as unknown as JsonObject), only, pass_at: passAt };
  const { maxOutputTokens, ...judge } = scorer;
  return { ...judge, only, pass_at: passAt, max_output_tokens: maxOutputTokens };
}

function printableTracing(langsmith: NonNullable<Manifest['langsmith']>): JsonObject {
  return {
    project: langsmith.project,
    dataset: langsmith.dataset,
    experiments: langsmith.experiments,
    ...(langsmith.secondRoots ? {} : { second_roots: false }),
    sampling: langsmith.sampling,
    inputs: langsmith.inputs,
    outputs: langsmith.outputs,
    ...(langsmith.metadata === null ? {} : { metadata: langsmith.metadata }),
    redact: langsmith.rules.map(({ pattern, replace }) => ({ pattern, replace })),
    max_chars: langsmith.maxChars,
    extend_retention: langsmith.extendRetention,
  };
}

function printableVariant(variant: Variant): JsonObject {
  return {
    name: variant.name,
    slug: variant.slug,
    provider: variant.provider,
    model: variant.model,
    temperature: variant.temperature,
    max_output_tokens: variant.maxOutputTokens,
    params: variant.params,
    system: variant.system,
    template: variant.template as Json,
    tools: variant.tools as unknown as readonly Json[],
    ...(variant.responseFormat === undefined
      ? {}
      : { response_format: writtenFormat(variant.responseFormat) }),
    max_turns: variant.maxTurns,
    seed: variant.seed,
    salt: variant.salt,
    runs: variant.runs,
    ...(variant.mcp === null ? {} : { mcp: variant.mcp as unknown as Json }),
    ...(variant.harness === null
      ? {}
      : { harness: { ...variant.harness, survey: undefined, reach: undefined } as unknown as Json }),
  };
}
