// A manifest in a temporary folder: files in, the loaded manifest or the printed mistakes out.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Diagnostic } from '../../src/core/diagnostic.ts';
import type { Manifest } from '../../src/core/manifest.ts';
import { loadManifest } from '../../src/manifest/load.ts';
import { formatDiagnostics } from '../../src/progress/diagnostics.ts';

export type Files = { readonly [path: string]: string | Uint8Array };

/** Removed when the test is over. */
export function makeFolder(files: Files): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'expgraph-manifest-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return folder;
}

export type Loaded = {
  readonly folder: string;
  readonly manifest: Manifest | null;
  readonly diagnostics: readonly Diagnostic[];
  /** As a terminal shows them, between line ends so that a snapshot reads well. */
  readonly printed: string;
};

export async function loadFolder(
  folder: string,
  env: { readonly [name: string]: string } = {},
): Promise<Loaded> {
  const loaded = await loadManifest({ file: path.join(folder, 'experiment.yaml'), env });
  const diagnostics = loaded.kind === 'ok' ? loaded.value.warnings : loaded.error;
  const manifest = loaded.kind === 'ok' ? loaded.value.manifest : null;
  return {
    folder,
    manifest,
    diagnostics,
    printed: `\n${formatDiagnostics(diagnostics, { color: false, cwd: folder })}`,
  };
}

export async function load(files: Files, env: { readonly [name: string]: string } = {}): Promise<Loaded> {
  return loadFolder(makeFolder(files), env);
}

/** A whole small experiment; `lines` are put before its variants, `more` after them. */
export function experiment(lines: string, more = ''): Files {
  return {
    'experiment.yaml': `version: 1\nname: demo\nprovider: sim\nscenarios: [s.yaml]\n${lines}variants:\n  one: {}\n${more}`,
    's.yaml': '- { id: a, input: hello }\n',
  };
}

/** @throws Error with what was printed where the manifest did not load. */
export async function manifestOf(
  files: Files,
  env: { readonly [name: string]: string } = {},
): Promise<Manifest> {
  const { manifest, printed } = await load(files, env);
  if (manifest === null) throw new Error(printed);
  return manifest;
}
