// Opens an experiment for a command: the manifest with its mistakes printed, its parts, its secrets, its folder.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { shareArtifacts } from '../../cache/disk/modes.ts';
import { batchPrice } from '../../core/batch.ts';
import type { Digest } from '../../core/brand.ts';
import { type Diagnostic, hasErrors } from '../../core/diagnostic.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Manifest, Price, Provider, Scenario, Variant } from '../../core/manifest.ts';
import { priceFor } from '../../core/price.ts';
import { makeRedact, type Redact, secretsOf } from '../../core/redact.ts';
import { sanitizeLine } from '../../core/text.ts';
import type { ReadFiles } from '../../manifest/documents/patterns.ts';
import { loadManifest } from '../../manifest/load.ts';
import type { LoadedManifest, Places } from '../../manifest/places.ts';
import { fingerprint, type VariantParts } from '../../variants/fingerprint.ts';
import { wayOf } from './batchable.ts';
import { CommandError } from './command-error.ts';
import type { Known } from './discovered.ts';
import { checkEnvFiles, filedSecrets } from './env-files.ts';
import { hasPackages, tellUnbuilt } from './packages.ts';
import { openPythonMemory, type PythonMemoryFile } from './python-memory-file.ts';
import { withRunsBegun } from './runs-begun.ts';
import { fileStores, type Stores } from './stores.ts';
import { narrowed } from './survey-scope.ts';
import { note, notifyDiagnostics, type World } from './world.ts';

export type Experiment = {
  readonly manifest: Manifest;
  readonly parts: readonly VariantParts[];
  readonly warnings: readonly Diagnostic[];
  readonly redact: Redact;
  /** artifacts/<name>, absolute. */
  readonly root: string;
  /** Where its draws and scores are. */
  readonly stores: Stores;
  readonly variants: ReadonlyMap<string, { readonly variant: Variant; readonly parts: VariantParts }>;
  /** Index in the manifest by id. */
  readonly scenarioIndex: ReadonlyMap<string, number>;
  /** Only where the command line says the budget, and not the manifest. */
  readonly isBudgetGiven?: boolean;
  /** For mistakes that show only when requests are built. */
  readonly places: Places;
};

export type OpenOptions = {
  /** `look`: what preparation, a server or a package would still add is told; `plan`: packages are asked for it (surveyed); `run`:
   * whoever runs asks for all of it, once the store is locked (makeExperimentReady). */
  readonly as?: 'run' | 'plan' | 'look';
  /** Told of the files that it hangs on, mistakes or not. */
  readonly onRead?: (read: ReadFiles) => void;
};

/** @throws ManifestError after all mistakes are printed. */
export async function openExperiment(
  io: World,
  file: string,
  options: OpenOptions = {},
): Promise<Experiment> {
  return withRunsBegun(await openAsDeclared(io, file, options));
}

async function openAsDeclared(
  io: World,
  file: string,
  { as = 'look', onRead }: OpenOptions,
): Promise<Experiment> {
  const loaded = await load(io, file, onRead);
  const { manifest, warnings, memory } = loaded;
  const experiment = experimentOf(io, manifest, loaded);
  keepMemory(experiment, memory);
  notifyDiagnostics(io, warnings);
  const { root } = experiment;
  const framed = hasPackages(manifest)
    ? (await import('./frames.ts')).withKeptFrames(manifest, { io, root })
    : manifest;
  if (as === 'look') tellUnbuilt(io, framed);
  if (!needsMore(manifest)) return framed === manifest ? experiment : experimentOf(io, framed, loaded);
  const { withSeen } = await import('./make-ready.ts');
  const { readKnown } = await import('./discovered.ts');
  const { known, problem } = readKnown(root);
  const { withKeptSurveys } = await import('./survey.ts');
  const seen = withKeptSurveys(withSeen(framed, known), { io, root });
  if (as !== 'run') {
    if (problem !== null) {
      const told = `${problem}, and is not used; "npx expgraph run" sets it aside and asks anew`;
      note(io, told);
    }
    await tellUnknown(io, seen, known);
  }
  return experimentOf(io, seen, loaded);
}

/**
 * As whoever plans needs it: packages build their requests, and pytest is asked what it collects, unless what it says hangs on
 * preparation that is to come. Takes no lock, and keeps what was said.
 * @throws ManifestError where a package is missing or changes what it is asked, CommandError where pytest cannot collect
 */
export async function surveyed(io: World, opened: Experiment): Promise<Experiment> {
  checkEnvFiles(opened.manifest);
  const experiment = await built(io, opened, 'leave');
  const { manifest, root, redact } = experiment;
  if (manifest.variants.every(({ harness }) => harness?.kind !== 'pytest')) return experiment;
  const { isPrepared, readKnown } = await import('./discovered.ts');
  const { known } = readKnown(root);
  if (!manifest.prepare.every((step) => isPrepared(step, known))) return experiment;
  const { askSurveys } = await import('./survey.ts');
  return withRunsBegun(
    experimentOf(io, await askSurveys(manifest, { io, root, redact, isSeen: true }), experiment),
  );
}

/**
 * The experiment with the requests that packages make of it. Loads nothing where there are none.
 * @param folder what becomes of it where nothing is kept yet
 * @throws ManifestError after all mistakes are printed
 */
export async function built(
  io: World,
  experiment: Experiment,
  folder: 'make' | 'leave',
): Promise<Experiment> {
  if (!hasPackages(experiment.manifest)) return experiment;
  const { buildFrames } = await import('./frames.ts');
  const { manifest, diagnostics } = await buildFrames(experiment.manifest, { ...experiment, io, folder });
  notifyDiagnostics(io, diagnostics);
  if (hasErrors(diagnostics)) throw mistaken(diagnostics);
  const warnings = [...experiment.warnings, ...diagnostics];
  return manifest === experiment.manifest && diagnostics.length === 0
    ? experiment
    : withRunsBegun(experimentOf(io, manifest, { ...experiment, warnings }));
}

/** Runs preparation that is not up to date, asks MCP servers and pytest. The store is locked: two starts prepare one after the other. */
export async function makeExperimentReady(
  io: World,
  file: string,
  experiment: Experiment,
): Promise<Experiment> {
  const { manifest, warnings, root, redact } = experiment;
  checkEnvFiles(manifest);
  if (!needsMore(manifest)) return built(io, experiment, 'make');
  const { makeReady } = await import('./make-ready.ts');
  let memory: Loaded['memory'] = null;
  let { places } = experiment;
  const reload = async (): Promise<Manifest> => {
    const loaded = await load(io, file);
    ({ memory, places } = loaded);
    return loaded.manifest;
  };
  const made = await makeReady(manifest, { io, root, redact, reload });
  const ready = await built(io, await withRunsBegun(experimentOf(io, made, { warnings, places })), 'make');
  keepMemory(ready, memory);
  if (ready.manifest.variants.some(({ harness }) => harness?.kind === 'pytest')) {
    const { keepSources } = await import('./test-sources.ts');
    keepSources(ready);
  }
  return ready;
}

function experimentOf(
  io: World,
  manifest: Manifest,
  { warnings, places }: Pick<Experiment, 'warnings' | 'places'>,
): Experiment {
  const redact = makeRedact([...manifest.secrets, ...filedSecrets(manifest), ...secretsOf(io.env)]);
  io.redactWith(redact);
  shareArtifacts(manifest.artifacts.mode);
  const parts = narrowed(manifest, fingerprint(manifest));
  const root = rootOf(manifest.folder, manifest.name);
  return {
    manifest,
    parts,
    warnings,
    places,
    redact,
    root,
    stores: (io.stores ?? fileStores)({ root, redact }),
    variants: new Map(manifest.variants.map((variant, i) => [variant.name, { variant, parts: parts[i]! }])),
    scenarioIndex: new Map(manifest.scenarios.map((scenario, i) => [scenario.id, i])),
  };
}

type Loaded = LoadedManifest & { readonly memory: PythonMemoryFile | null };

/** Where there is nothing kept yet, only tests are worth a folder: others may be looked at without a trace. */
function keepMemory({ manifest, root, redact }: Experiment, memory: PythonMemoryFile | null): void {
  const isWorth = manifest.variants.some(({ harness }) => harness?.kind === 'pytest') || existsSync(root);
  if (isWorth) memory?.save(redact);
}

function rootOf(folder: string, name: string): string {
  return path.join(folder, 'artifacts', name);
}

async function load(io: World, file: string, onRead?: (read: ReadFiles) => void): Promise<Loaded> {
  const full = path.resolve(io.cwd, file);
  let memory: Loaded['memory'] = null;
  const loaded = await loadManifest({
    file: full,
    env: io.env,
    memory(name) {
      memory ??= openPythonMemory(rootOf(path.dirname(full), name));
      return memory;
    },
    ...(onRead ? { onRead } : {}),
  });
  if (loaded.kind === 'ok') return { ...loaded.value, memory };
  notifyDiagnostics(io, loaded.error);
  throw mistaken(loaded.error);
}

function mistaken(diagnostics: readonly Diagnostic[]): ManifestError {
  const count = diagnostics.filter(({ severity }) => severity === 'error').length;
  return new ManifestError(
    `${count} ${count === 1 ? 'mistake' : 'mistakes'}; nothing was started`,
    diagnostics,
  );
}

/** The mistakes are printed already. */
export class ManifestError extends CommandError {
  readonly diagnostics: readonly Diagnostic[];
  constructor(message: string, diagnostics: readonly Diagnostic[]) {
    super(message);
    this.diagnostics = diagnostics;
  }
}

/** Whether keys depend on something that the manifest's files do not hold. */
export function needsMore({ prepare, variants }: Manifest): boolean {
  return (
    prepare.length > 0 || variants.some(({ mcp, harness }) => mcp !== null || harness?.kind === 'pytest')
  );
}

async function tellUnknown(io: World, manifest: Manifest, known: Known): Promise<void> {
  const { isPrepared } = await import('./discovered.ts');
  for (const { argv } of manifest.prepare.filter((step) => !isPrepared(step, known))) {
    const step = argv.join(' ').slice(0, 200);
    note(io, `not up to date: ${sanitizeLine(step)} (prepare); "npx expgraph run" runs it first`);
  }
  for (const { name, mcp } of manifest.variants) {
    if (mcp === null || mcp.seen !== null) continue;
    note(io, `the tools of ${sanitizeLine(name)} are not known yet: "npx expgraph run" asks its MCP server`);
  }
}

export function providerOf(experiment: Experiment, variant: string): Provider {
  return experiment.manifest.providers[experiment.variants.get(variant)!.variant.provider]!;
}

/** Of the way on which it goes: as a call, or in a batch. */
export function priceOf(experiment: Experiment, variant: string): Price | null {
  const price = listPriceOf(experiment, variant);
  const way = wayOf(experiment.manifest, experiment.variants.get(variant)!.variant);
  return price !== null && way.kind === 'batch' ? batchPrice(price) : price;
}

/** Of a call. */
export function listPriceOf(experiment: Experiment, variant: string): Price | null {
  const provider = providerOf(experiment, variant);
  return priceFor(provider, experiment.variants.get(variant)!.variant);
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
