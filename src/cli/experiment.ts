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

/**
 * @param as `run`: steps are prepared and servers asked first; `look`: with what was found out before
 * @throws CommandError after all mistakes are printed.
 */
export async function openExperiment(io: Io, file: string, as: 'run' | 'look' = 'look'): Promise<Experiment> {
  const { manifest: loaded, warnings } = await load(io, file);
  const root = path.join(loaded.folder, 'artifacts', loaded.name);
  const manifest = needsMore(loaded) ? await knowing(loaded, { io, file, as, root }) : loaded;
  const redact = makeRedact([...manifest.secrets, ...secretsOf(io.env)]);
  io.redactWith(redact);
  printDiagnostics(io, warnings);
  const parts = fingerprint(manifest);
  return {
    manifest,
    parts,
    warnings,
    redact,
    root,
    variants: new Map(manifest.variants.map((variant, i) => [variant.name, { variant, parts: parts[i]! }])),
    scenarioIndex: new Map(manifest.scenarios.map((scenario, i) => [scenario.id, i])),
  };
}

async function load(
  io: Io,
  file: string,
): Promise<{ readonly manifest: Manifest; readonly warnings: readonly Diagnostic[] }> {
  const loaded = await loadManifest({ file: path.resolve(io.cwd, file), env: io.env });
  if (loaded.kind === 'ok') return loaded.value;
  printDiagnostics(io, loaded.error);
  const count = loaded.error.filter((diagnostic) => diagnostic.severity === 'error').length;
  throw new CommandError(`${count} ${count === 1 ? 'mistake' : 'mistakes'}; nothing was started`);
}

/** Whether keys depend on something that the manifest's files do not hold. */
function needsMore({ prepare, variants }: Manifest): boolean {
  return prepare.length > 0 || variants.some(({ mcp }) => mcp !== null);
}

async function knowing(
  manifest: Manifest,
  of: { readonly io: Io; readonly file: string; readonly as: 'run' | 'look'; readonly root: string },
): Promise<Manifest> {
  const { io, root } = of;
  const { makeReady, withSeen } = await import('./make-ready.ts');
  if (of.as === 'run') {
    return makeReady(manifest, { io, root, reload: async () => (await load(io, of.file)).manifest });
  }
  const { isPrepared, readKnown } = await import('./known.ts');
  const known = readKnown(root);
  const stale = manifest.prepare.filter((step) => !isPrepared(step, known));
  const seen = withSeen(manifest, known);
  const asked = seen.variants.filter(({ mcp }) => mcp !== null && mcp.seen === null);
  for (const { argv } of stale) {
    io.err.write(
      `expgraph: not up to date: ${argv.join(' ').slice(0, 200)} (prepare); "expgraph run" runs it first\n`,
    );
  }
  for (const { name } of asked) {
    io.err.write(`expgraph: the tools of ${name} are not known yet: "expgraph run" asks its MCP server\n`);
  }
  return seen;
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
