// A translation becomes files: read as the manifest that it would be first, and written only where that has no mistake.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Diagnostic, Location } from '../../core/diagnostic.ts';
import type { Manifest } from '../../core/manifest.ts';
import type { Result } from '../../core/result.ts';
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
  const read = await readStaged(io, { folder, draft, files });
  const { manifest, warnings, packages } = read;
  if (!dryRun) writeAll(folder, files);
  return {
    files: [...files.keys()],
    variants: manifest?.variants.length ?? 0,
    scenarios: manifest?.scenarios.length ?? 0,
    scorers: manifest?.scorers.map(({ name }) => name) ?? [],
    told: draft.told,
    left: leftRows(draft.left),
    answers: draft.answers,
    packages,
    isInstalled: installed !== null,
    warnings,
  };
}

type Staged = { readonly folder: string; readonly draft: Draft; readonly files: ReadonlyMap<string, string> };

/** In a folder of its own, with copies of what the experiment reads where it lies. */
async function readStaged(
  io: World,
  { folder, draft, files }: Staged,
): Promise<{
  readonly manifest: Manifest | null;
  readonly warnings: readonly Diagnostic[];
  readonly packages: readonly string[];
}> {
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
  loaded: Result<
    { readonly manifest: Manifest; readonly warnings: readonly Diagnostic[] },
    readonly Diagnostic[]
  >,
  stage: string,
): {
  readonly manifest: Manifest | null;
  readonly warnings: readonly Diagnostic[];
  readonly packages: readonly string[];
} {
  if (loaded.kind === 'ok') return { ...loaded.value, packages: [] };
  const missing = loaded.error.filter(({ code }) => code === MISSING_PACKAGE);
  const others = loaded.error.filter((one) => one.severity === 'error' && !missing.includes(one));
  if (others.length > 0)
    throw new ManifestError(
      'what would be written has mistakes, so nothing was written',
      others.map((one) => withoutStage(one, stage)),
    );
  const packages = missing.flatMap(({ message }) => /@?[\w./-]+\/[\w.-]+/.exec(message)?.[0] ?? []);
  return { manifest: null, warnings: [], packages: [...new Set(packages)] };
}

/** A package of a provider that is to be installed yet: that is no fault of what is written. */
const MISSING_PACKAGE = 'missing-package';

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
