// Reading files of the store, and what a disk that refuses is turned into. Absent is an answer, all else stops the command.
import { openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { diskWords } from './disk-words.ts';

/** The disk refused: full, read-only, gone. Final for the invocation; `main` turns it into one sentence and exit 4. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

export function fileState(file: string): { readonly size: number; readonly mtimeMs: number } | null {
  const stat = guardRead(file, () => statSync(file, { throwIfNoEntry: false }));
  return stat?.isFile() ? { size: stat.size, mtimeMs: stat.mtimeMs } : null;
}

/** null where there is no such file. @throws StoreError where there is one that cannot be read. */
export function readText(file: string): string | null {
  return guardRead(file, () => readFileSync(file, 'utf8'));
}

/** The same as bytes: what is hurt stays as it is when it is written elsewhere. */
export function readBytes(file: string): Buffer | null {
  return guardRead(file, () => readFileSync(file));
}

/** Names in a folder; none where there is no such folder. */
export function readFolder(folder: string): readonly string[] {
  return guardRead(folder, () => readdirSync(folder)) ?? [];
}

/** Full paths of the files in a folder, or of all below it. */
export function readFolders(folder: string, how: 'top' | 'deep'): readonly string[] {
  const entries = guardRead(folder, () =>
    readdirSync(folder, { recursive: how === 'deep', withFileTypes: true }),
  );
  return (entries ?? [])
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** Reads into a buffer's beginning; returns how much came. @throws StoreError */
export function readInto(
  fd: number,
  input: {
    readonly file: string;
    readonly buffer: Uint8Array;
    readonly length: number;
    readonly position: number;
  },
): number {
  return guard(`read ${input.file}`, () => readSync(fd, input.buffer, 0, input.length, input.position));
}

/** Opens for reading; the caller closes. */
export function openToRead(file: string): number {
  return guard(`read ${file}`, () => openSync(file, 'r'));
}

/**
 * Absent is an answer. Anything else that stands in the way of reading (permissions, too many open files, a failing
 * disk) may pass: it must stop the command, never make a record look lost.
 */
export function guardRead<Value>(file: string, action: () => Value): Value | null {
  try {
    return action();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new StoreError(`could not read ${file}: ${diskWords(file, cause)}`, { cause });
  }
}

/** For what must be there, and for what is written. */
export function guard<Value>(what: string, action: () => Value): Value {
  try {
    return action();
  } catch (cause) {
    // What is written may be read on the way: the first reason is the one to show.
    if (cause instanceof StoreError) throw cause;
    throw new StoreError(`could not ${what}: ${diskWords(what.replace(/^\w+ /, ''), cause)}`, { cause });
  }
}
