// A file of another tool, as data that knows where it stands: for sentences that name a place.
import { readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { openDocument } from '../../manifest/documents/document.ts';
import { MAX_DOCUMENT_BYTES } from '../../manifest/documents/read.ts';
import { makeFindings } from '../../manifest/errors/findings.ts';
import type { JsonPath, ParsedDocument } from '../../manifest/errors/place.ts';
import { CommandError } from '../open/command-error.ts';
import { ManifestError } from '../open/experiment.ts';
import type { Notes } from './draft.ts';

export type Source = {
  /** Absolute. */
  readonly file: string;
  /** As the user would name it. */
  readonly shown: string;
  readonly folder: string;
  readonly value: Json;
  at(path: JsonPath): string;
};

/** What stands in a file, with the file and the way to it. */
export type Placed<T> = { readonly value: T; readonly source: Source; readonly path: JsonPath };

export type Reach = {
  /** Files are named as seen from here. */
  readonly cwd: string;
  /** Nothing outside of these folders is read because a file names it. */
  readonly within: readonly string[];
};

/** @throws CommandError where there is no such file, ManifestError with places where it is no YAML or JSON */
export function openSource(file: string, { cwd }: Pick<Reach, 'cwd'>): Source {
  const shown = path.relative(cwd, file) || file;
  if (!statSync(file, { throwIfNoEntry: false })?.isFile())
    throw new CommandError(`there is no file ${shown}`);
  const findings = makeFindings();
  const folder = path.dirname(file);
  const document = openDocument({
    file,
    shown,
    folder,
    findings,
    maxBytes: MAX_DOCUMENT_BYTES,
    namedAt: null,
  });
  const diagnostics = findings.list();
  if (document === null || diagnostics.length > 0)
    throw new ManifestError(`${shown} cannot be read; nothing was written`, diagnostics);
  return sourceOf(document, { file, shown, folder });
}

function sourceOf(document: ParsedDocument, named: Pick<Source, 'file' | 'shown' | 'folder'>): Source {
  return {
    ...named,
    value: document.value as Json,
    at(where) {
      const { line, column } = document.locate({ path: where, part: where.length === 0 ? 'value' : 'key' });
      return `${named.shown}:${line}:${column}`;
    },
  };
}

export function member(placed: Placed<JsonObject>, name: string): Placed<Json> {
  return { ...placed, value: placed.value[name] ?? null, path: [...placed.path, name] };
}

export function items(placed: Placed<Json>): readonly Placed<Json>[] {
  return Array.isArray(placed.value)
    ? (placed.value as readonly Json[]).map((value, i) => ({ ...placed, value, path: [...placed.path, i] }))
    : [];
}

export function isPlacedMap(placed: Placed<Json>): placed is Placed<JsonObject> {
  return isJsonObject(placed.value);
}

export function leave(
  notes: Notes,
  placed: Placed<unknown>,
  told: { readonly what: string; readonly why: string },
): void {
  notes.left.push({ place: placed.source.at(placed.path), ...told });
}

/** `file://prompts/a.txt`, from the folder of the file that says so. */
export type FoundFile =
  | { readonly kind: 'found'; readonly file: string }
  | { readonly kind: 'none'; readonly why: string };

export function findNamed(written: string, from: string, { within }: Reach): FoundFile {
  const file = path.resolve(from, written.replace(/^file:\/\//, ''));
  const kind = statSync(file, { throwIfNoEntry: false });
  if (kind === undefined) return { kind: 'none', why: 'there is no such file' };
  if (!kind.isFile()) return { kind: 'none', why: 'it is no file' };
  const real = realpathSync(file);
  const isInside = within.some((folder) => !path.relative(realpathSync(folder), real).startsWith('..'));
  return isInside
    ? { kind: 'found', file }
    : {
        kind: 'none',
        why: 'it lies outside of this project: no file is read there because another file names it',
      };
}

/** Text in UTF-8, without a byte order mark. */
export function textOf(file: string): string {
  return readFileSync(file, 'utf8')
    .replace(/^\ufeff/, '')
    .replace(/\r\n/g, '\n');
}
