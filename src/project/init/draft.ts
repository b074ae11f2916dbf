// A translation becomes files: read as the manifest that it would be first, and written only where that has no mistake.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Diagnostic, Location } from '../../core/diagnostic.ts';
import type { Manifest } from '../../core/manifest.ts';
import { entryOf, isServer, type ProviderType } from '../../core/providers/table.ts';
import { loadManifest } from '../../manifest/load.ts';
import { ManifestError } from '../open/experiment.ts';
import type { World } from '../open/world.ts';
import { type Draft, type LeftRow, leftRows } from '../translate/draft.ts';
import { above, installedAt, withSchema } from './installed.ts';
import { refuseTaken, writeAll } from './write-files.ts';

export type DraftInput = {
  /** Absolute. */
  readonly folder: string;
  readonly draft: Draft;
  readonly dryRun: boolean;
  /** As it is typed, for the sentence that names another folder: ` --from-data cases.csv`. */
  readonly again: string;
};

export type WrittenDraft = {
  readonly files: readonly string[];
  readonly variants: number;
  readonly scenarios: number;
  readonly scorers: readonly string[];
  readonly told: readonly string[];
  readonly left: readonly LeftRow[];
  readonly answers: Draft['answers'];
  /** Packages that the accounts are spoken to by, and that this project has not installed. */
  readonly packages: readonly string[];
  readonly isInstalled: boolean;
  readonly warnings: readonly Diagnostic[];
};

/** @throws CommandError where a file is in the way, ManifestError where what would be written is no manifest: then nothing is written */
export async function writeDraft(
  io: World,
  { folder, draft, dryRun, again }: DraftInput,
): Promise<WrittenDraft> {
  refuseTaken(folder, draft.files.keys(), again);
  const installed = installedAt(folder);
  const files = withSchema(draft.files, folder, installed);
  const { manifest, warnings } = await readStaged(io, { folder, draft, files });
  if (!dryRun) writeAll(folder, files);
  return {
    files: [...files.keys()],
    variants: manifest.variants.length,
    scenarios: manifest.scenarios.length,
    scorers: manifest.scorers.map(({ name }) => name),
    told: draft.told,
    left: leftRows(draft.left),
    answers: draft.answers,
    packages: packagesFor(draft.types, folder),
    isInstalled: installed !== null,
    warnings,
  };
}

type Loaded = Awaited<ReturnType<typeof loadManifest>>;
type Staged = { readonly folder: string; readonly draft: Draft; readonly files: ReadonlyMap<string, string> };

/** In a folder of its own, with copies of what the experiment reads where it lies. */
async function readStaged(
  io: World,
  { folder, draft, files }: Staged,
): Promise<{ readonly manifest: Manifest; readonly warnings: readonly Diagnostic[] }> {
  const stage = mkdtempSync(path.join(tmpdir(), 'expgraph-init-'));
  try {
    for (const [name, text] of files) {
      mkdirSync(path.dirname(path.join(stage, name)), { recursive: true });
      writeFileSync(path.join(stage, name), text);
    }
    for (const name of draft.reads.filter((one) => !files.has(one))) {
      mkdirSync(path.dirname(path.join(stage, name)), { recursive: true });
      copyFileSync(path.join(folder, name), path.join(stage, name));
    }
    const modules = above(folder, 'node_modules');
    if (modules !== null) symlinkSync(path.join(modules, 'node_modules'), path.join(stage, 'node_modules'));
    const loaded = await loadManifest({ file: path.join(stage, 'experiment.yaml'), env: io.env });
    return judged(loaded, stage);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

function judged(
  loaded: Loaded,
  stage: string,
): { readonly manifest: Manifest; readonly warnings: readonly Diagnostic[] } {
  if (loaded.kind === 'ok') return loaded.value;
  throw new ManifestError(
    'what would be written has mistakes, so nothing was written',
    loaded.error.map((one) => withoutStage(one, stage)),
  );
}

/** With the major version that was tried, of each that this project has not installed. */
function packagesFor(types: readonly string[], folder: string): readonly string[] {
  return types.flatMap((type) => {
    const sdk = isServer(type) ? entryOf(type as ProviderType).sdk : null;
    return sdk === null || above(folder, `node_modules/${sdk.package}`) !== null
      ? []
      : [`${sdk.package}@${sdk.major}`];
  });
}

function withoutStage(diagnostic: Diagnostic, stage: string): Diagnostic {
  const placed = (location: Location): Location => ({
    ...location,
    file: path.relative(stage, location.file),
  });
  return {
    ...diagnostic,
    location: diagnostic.location === null ? null : placed(diagnostic.location),
    related: diagnostic.related.map((one) => ({ ...one, location: placed(one.location) })),
  };
}
