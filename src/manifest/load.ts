// The door of the room: a path -> the manifest, or every mistake in it.
import path from 'node:path';
import { type Diagnostic, hasErrors } from '../core/diagnostic.ts';
import { type Env, envReferences } from '../core/env.ts';
import type { ExperimentFile } from '../core/generated/experiment.ts';
import { err, ok, type Result } from '../core/result.ts';
import { openDocument } from './documents/document.ts';
import { patternsOf, type ReadFiles } from './documents/patterns.ts';
import { MAX_DOCUMENT_BYTES } from './documents/read.ts';
import { type Findings, makeFindings } from './errors/findings.ts';
import { type Foreign, foreignFile, foreignManifest } from './errors/foreign-manifest.ts';
import { bareLocation, type JsonPath } from './errors/place.ts';
import { prune } from './errors/prune.ts';
import { reportMistakes } from './errors/report-mistakes.ts';
import { mistakesOf, type SchemaMistake } from './errors/validate.ts';
import type { LoadedManifest } from './places.ts';
import type { PythonMemory } from './python-memory.ts';
import { type Reading, say } from './reading.ts';
import { resolveManifest } from './resolve.ts';
import { warnOfKeys } from './variants/literal-keys.ts';

export type LoadInput = {
  /** Absolute. */
  readonly file: string;
  readonly env: Env;
  /** Told which files the answer hangs on, whether it is a manifest or mistakes. */
  readonly onRead?: (read: ReadFiles) => void;
  /** Of the experiment of this name: what Python said of its code in earlier starts. */
  readonly memory?: (name: string) => PythonMemory;
};

/**
 * Loads a manifest and every file that it names.
 * Nothing is written, no key is needed, no network is used. All mistakes come at once, in the order of files and lines.
 */
export async function loadManifest(input: LoadInput): Promise<Result<LoadedManifest, readonly Diagnostic[]>> {
  const findings = makeFindings();
  const atEnd: (() => void)[] = [];
  try {
    const loaded = await load(input, { findings, atEnd });
    const diagnostics = findings.list();
    return loaded === null || hasErrors(diagnostics)
      ? err(diagnostics)
      : ok({ ...loaded, warnings: diagnostics });
  } finally {
    for (const end of atEnd) end();
  }
}

async function load(
  { file, env, onRead, memory }: LoadInput,
  { findings, atEnd }: Pick<Reading, 'findings' | 'atEnd'>,
): Promise<Omit<LoadedManifest, 'warnings'> | null> {
  const folder = path.dirname(file);
  const shown = path.basename(file);
  const isForeign = refuseForeign({ file, findings }, foreignFile(shown));
  const document = isForeign
    ? null
    : openDocument({
        file,
        shown,
        folder,
        findings,
        maxBytes: MAX_DOCUMENT_BYTES,
        namedAt: null,
      });
  const tell = (raw: Partial<ExperimentFile>): void =>
    onRead?.({ files: findings.sources(), patterns: patternsOf(raw) });
  if (document === null) {
    tell({});
    return null;
  }
  if (typeof document.value !== 'object' || document.value === null || Array.isArray(document.value)) {
    const location = document.locate({ path: [], part: 'value' });
    const message =
      document.value === null ? 'the manifest is empty' : 'a manifest is a map: "key: value" lines';
    findings.add(file, () => ({
      code: 'wrong-type',
      message,
      hint: '"npx expgraph init" writes one to start from',
      location,
    }));
    tell({});
    return null;
  }
  if (refuseForeign({ file, findings }, foreignManifest(document.value, shown))) {
    tell({});
    return null;
  }
  const mistakes = mistakesOf('experiment', document.value);
  const sound = prune(
    document.value,
    mistakes.map(({ path }) => path),
  );
  // A second look: the schema leaves the values of a matrix to their settings.
  const inMatrix = matrixMistakes(sound.raw);
  reportMistakes({ document, findings, mistakes: [...mistakes, ...inMatrix] });
  const { raw, isSpoiled } =
    inMatrix.length === 0
      ? sound
      : prune(
          document.value,
          [...mistakes, ...inMatrix].map(({ path }) => path),
        );
  const kept = typeof raw.name === 'string' ? (memory?.(raw.name) ?? null) : null;
  const reading: Reading = { document, folder, raw, isSpoiled, env, findings, atEnd, memory: kept };
  warnOfReferences(reading, document.value);
  const keys = warnOfKeys(reading);
  const { manifest, places } = await resolveManifest(reading);
  tell(raw);
  const known = new Set(manifest.secrets.map(({ value }) => value));
  const secrets = [...manifest.secrets, ...keys.filter(({ value }) => !known.has(value))];
  return { manifest: { ...manifest, secrets }, places };
}

function refuseForeign(
  input: { readonly file: string; readonly findings: Findings },
  foreign: Foreign | null,
): boolean {
  if (foreign === null) return false;
  input.findings.add(input.file, () => ({ code: 'foreign', ...foreign, location: bareLocation(input.file) }));
  return true;
}

/** The values of a matrix are settings: each is held against the schema of the setting that it stands for. Paths are from the root. Axes that are no lists are the schema's own to refuse. */
function matrixMistakes(raw: Partial<ExperimentFile>): readonly SchemaMistake[] {
  return Object.entries(raw.variants ?? {}).flatMap(([name, variant]) =>
    Object.entries(variant?.matrix ?? {}).flatMap(([axis, values]) =>
      values.flatMap((value, index) => {
        const base: JsonPath = ['variants', name, 'matrix', axis, index];
        // A variant of this one setting; its mistakes begin with the setting's name, which the index replaces.
        return mistakesOf('variant', { [axis]: value }).map((mistake) => ({
          ...mistake,
          path: [...base, ...mistake.path.slice(1)],
        }));
      }),
    ),
  );
}

/** `${NAME}` is replaced in providers only; anywhere else it is text, which is worth a word: somebody may have hoped. */
function warnOfReferences(reading: Reading, value: unknown): void {
  walk(value, []);

  function walk(node: unknown, path: JsonPath): void {
    if (typeof node === 'string') {
      for (const reference of new Set(envReferences(node))) {
        const message = `${reference} is not replaced here: the environment is read in providers only`;
        say(reading, { path, needle: reference, severity: 'warning', code: 'env-outside', message });
      }
    } else if (Array.isArray(node)) {
      node.forEach((item, index) => {
        walk(item, [...path, index]);
      });
    } else if (typeof node === 'object' && node !== null) {
      for (const [name, member] of Object.entries(node)) {
        if (path.length > 0 || name !== 'providers') walk(member, [...path, name]);
      }
    }
  }
}
