// Opens an experiment for a command: the manifest with its mistakes printed, its parts, its secrets, its folder.
import path from 'node:path';
import type { Digest } from '../core/brand.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { JsonObject } from '../core/json.ts';
import type { Manifest, Price, Provider, Scenario, Variant } from '../core/manifest.ts';
import { makeRedact, type Redact, secretsOf } from '../core/redact.ts';
import { loadManifest } from '../manifest/load.ts';
import { formatDiagnostics } from '../progress/diagnostics.ts';
import { fingerprint, type VariantParts } from '../variants/fingerprint.ts';
import { CommandError } from './exit.ts';
import type { Io } from './io.ts';

export type Experiment = {
  readonly manifest: Manifest;
  readonly parts: readonly VariantParts[];
  readonly warnings: readonly Diagnostic[];
  readonly redact: Redact;
  /** artifacts/<name>, absolute. */
  readonly root: string;
  readonly variants: ReadonlyMap<string, { readonly variant: Variant; readonly parts: VariantParts }>;
  /** Index in the manifest by id. */
  readonly scenarioIndex: ReadonlyMap<string, number>;
};

export const DEFAULT_FILE = 'experiment.yaml';

/** @throws CommandError after all mistakes are printed. */
export async function openExperiment(io: Io, file: string): Promise<Experiment> {
  const loaded = await loadManifest({ file: path.resolve(io.cwd, file), env: io.env });
  if (loaded.kind === 'err') {
    printDiagnostics(io, loaded.error);
    const count = loaded.error.filter((diagnostic) => diagnostic.severity === 'error').length;
    throw new CommandError(`${count} ${count === 1 ? 'mistake' : 'mistakes'}; nothing was started`);
  }
  const { manifest, warnings } = loaded.value;
  const redact = makeRedact([...manifest.secrets, ...secretsOf(io.env)]);
  io.redactWith(redact);
  printDiagnostics(io, warnings);
  const parts = fingerprint(manifest);
  return {
    manifest,
    parts,
    warnings,
    redact,
    root: path.join(manifest.folder, 'artifacts', manifest.name),
    variants: new Map(manifest.variants.map((variant, i) => [variant.name, { variant, parts: parts[i]! }])),
    scenarioIndex: new Map(manifest.scenarios.map((scenario, i) => [scenario.id, i])),
  };
}

export function printDiagnostics(io: Io, diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.length === 0) return;
  io.err.write(formatDiagnostics(diagnostics, { color: io.err.colors, cwd: io.cwd }));
}

export function providerOf(experiment: Experiment, variant: string): Provider {
  return experiment.manifest.providers[experiment.variants.get(variant)!.variant.provider]!;
}

export function priceOf(experiment: Experiment, variant: string): Price | null {
  const provider = providerOf(experiment, variant);
  const { model } = experiment.variants.get(variant)!.variant;
  return Object.hasOwn(provider.pricing, model) ? provider.pricing[model]! : null;
}

export function scenarioOf(experiment: Experiment, id: string): Scenario {
  return experiment.manifest.scenarios[experiment.scenarioIndex.get(id)!]!;
}

/** Content behind a digest of today's parts; the table is made when it is first asked for. */
export function todaysContent(experiment: Experiment): (digest: Digest) => JsonObject | undefined {
  let table: Map<Digest, JsonObject> | null = null;
  return (digest) => {
    if (!table) {
      table = new Map();
      for (const { variant, engine, scenarios } of experiment.parts) {
        for (const part of [variant, engine, ...scenarios]) table.set(part.digest, part.content);
      }
    }
    return table.get(digest);
  };
}
