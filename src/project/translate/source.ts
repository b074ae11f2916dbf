// A file of another tool, as data that knows where it stands: for sentences that name a place.
import { isUtf8 } from 'node:buffer';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { openDocument } from '../../manifest/documents/document.ts';
import { findMatches, globProblem } from '../../manifest/documents/files.ts';
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

/** What stands in the place of a list and is none is named. */
export function itemsOf(placed: Placed<Json>, what: string, notes: Notes): readonly Placed<Json>[] {
  if (placed.value !== null && !Array.isArray(placed.value))
    leave(notes, placed, { what, why: 'it is no list' });
  return items(placed);
}

/** `file://prompts/a.txt`, from the folder of the file that says so. */
export type FoundFile =
  | { readonly kind: 'found'; readonly file: string }
  | { readonly kind: 'none'; readonly why: string };

const OUTSIDE = 'it lies outside of this project: no file is read there because another file names it';

export function findNamed(written: string, from: string, { within }: Reach): FoundFile {
  const file = path.resolve(from, written.replace(/^file:\/\//, ''));
  const kind = statSync(file, { throwIfNoEntry: false });
  if (kind === undefined) return { kind: 'none', why: 'there is no such file' };
  if (!kind.isFile()) return { kind: 'none', why: 'it is no file' };
  const real = realpathSync(file);
  const isInside = within.some((folder) => isBelow(real, realpathSync(folder)));
  return isInside
    ? { kind: 'found', file }
    : {
        kind: 'none',
        why: OUTSIDE,
      };
}

/** All that a pattern finds, or the one file of that name. Where a pattern leads outside, nobody looks: a disk is large. */
export async function findAllNamed(
  written: string,
  from: string,
  reach: Reach,
): Promise<readonly FoundFile[]> {
  const pattern = written.replace(/^file:\/\//, '');
  const names = pattern.split('/');
  const first = names.findIndex((name) => /[*?[\]{}]/.test(name));
  if (first < 0) return [findNamed(pattern, from, reach)];
  const problem = globProblem(pattern);
  if (problem !== null) return [{ kind: 'none', why: `the pattern ${problem}` }];
  const start = path.resolve(from, names.slice(0, first).join('/') || (first > 0 ? '/' : '.'));
  if (!statSync(start, { throwIfNoEntry: false })?.isDirectory())
    return [{ kind: 'none', why: 'it matches no file' }];
  const leaves = names.slice(first).some((name) => /\.\./.test(name));
  if (leaves || !reach.within.some((folder) => isBelow(realpathSync(start), realpathSync(folder))))
    return [{ kind: 'none', why: OUTSIDE }];
  const matches = await findMatches({ patterns: [pattern], folder: from });
  const found = matches.flatMap(({ paths }) => paths.map((name) => findNamed(name, from, reach)));
  return found.length > 0 ? found : [{ kind: 'none', why: 'it matches no file' }];
}

function isBelow(real: string, folder: string): boolean {
  const way = path.relative(folder, real);
  return way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}

const MAX_TEXT_BYTES = 256_000_000;

/** Text in UTF-8, without a byte order mark. @throws CommandError where it is none: what is no text would be sent as something else */
export function textOf(file: string): string {
  const { size } = statSync(file);
  if (size > MAX_TEXT_BYTES)
    throw new CommandError(`${path.basename(file)} is larger than ${MAX_TEXT_BYTES / 1e6} MB`);
  const bytes = readFileSync(file);
  if (!isUtf8(bytes)) throw new CommandError(`${path.basename(file)} is not UTF-8; nothing was written`);
  return bytes
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .replace(/\r\n/g, '\n');
}
