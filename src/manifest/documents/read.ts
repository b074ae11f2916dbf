// Reads a file that somebody named: bounded, text only, and every way that it can fail is a value.
import { readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Location } from '../../core/diagnostic.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { readUtf8 } from '../../core/utf8.ts';
import { bareLocation } from '../errors/place.ts';

export type ReadProblem = {
  readonly code: string;
  /** What is wrong with the file, to be read after its name: `is a folder`. */
  readonly message: string;
  readonly hint: string | null;
  /** Where in the file; null = the file as a whole, so the place that names it is to be shown. */
  readonly location: Location | null;
};

export type ReadRequest = {
  /** Absolute. */
  readonly file: string;
  readonly maxBytes: number;
  /** Files that lie under this folder must lie there in truth: a link may not lead out of it unseen. */
  readonly folder: string;
};

/** Of experiment.yaml, tools and prompts. */
export const MAX_DOCUMENT_BYTES = 5_000_000;

export function readText(request: ReadRequest): Result<string, ReadProblem> {
  const checked = checkFile(request);
  if (checked.kind === 'err') return checked;
  try {
    return decode({ file: request.file, bytes: readFileSync(request.file) });
  } catch (error) {
    return err(unreadable(error));
  }
}

/** Looks before opening: a pipe or a device would never end. The value is the size in bytes. */
export function checkFile({ file, maxBytes, folder }: ReadRequest): Result<number, ReadProblem> {
  try {
    const stat = statSync(file);
    if (stat.isDirectory()) return err(problem('not-a-file', 'is a folder, not a file'));
    if (!stat.isFile()) return err(problem('not-a-file', 'is not a regular file'));
    if (stat.size > maxBytes) return err(tooLarge(stat.size, maxBytes));
    if (isUnder(folder, file) && !isUnder(realpathSync.native(folder), realpathSync.native(file))) {
      return err({
        ...problem('link-leaves', "is a link that leads out of the experiment's folder"),
        hint: 'name the file by its real path, or copy it',
      });
    }
    return ok(stat.size);
  } catch (error) {
    return err(unreadable(error));
  }
}

/** Bytes to text: UTF-8 without a byte order mark and without NUL. `line` is the number of the first line in the file. */
export function decode(input: {
  readonly file: string;
  readonly bytes: Buffer;
  readonly line?: number;
  readonly offset?: number;
}): Result<string, ReadProblem> {
  const { file, bytes, line = 1, offset = 0 } = input;
  const text = readUtf8(bytes, offset);
  if (text.kind === 'ok') return text;
  const { code, message, hint, at: bad } = text.error;
  const location = bad === null ? null : bareLocation(file, line + newlines(bytes.subarray(0, bad)));
  return err({ code, message, hint, location });
}

export function showBytes(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${Math.ceil(bytes / 1_000_000)} MB`;
}

/** Of absolute paths without `..` in them. */
function isUnder(folder: string, file: string): boolean {
  return file.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);
}

function problem(code: string, message: string): ReadProblem {
  return { code, message, hint: null, location: null };
}

function tooLarge(size: number, limit: number): ReadProblem {
  return problem('too-large', `is ${showBytes(size)} large; the limit is ${showBytes(limit)}`);
}

const REASONS: { readonly [code: string]: readonly [string, string] } = {
  ENOENT: ['not-found', 'does not exist'],
  ENOTDIR: ['not-found', 'does not exist'],
  ENAMETOOLONG: ['not-found', 'does not exist: the path is too long'],
  ERR_INVALID_ARG_VALUE: ['not-found', 'does not exist: the path holds a NUL character'],
  ELOOP: ['link-loop', 'is a link that leads in a circle'],
  EACCES: ['unreadable', 'cannot be read: permission denied'],
  EPERM: ['unreadable', 'cannot be read: permission denied'],
};

/** A failed file operation in words; anything without a code is a bug of ours and is thrown on. */
export function unreadable(error: unknown): ReadProblem {
  const code = (error as NodeJS.ErrnoException).code;
  const known = code === undefined ? undefined : REASONS[code];
  if (code === undefined || (!known && code.startsWith('ERR_'))) throw error;
  const [word, message] = known ?? ['unreadable', `cannot be read (${code})`];
  return problem(word, message);
}

function newlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}
