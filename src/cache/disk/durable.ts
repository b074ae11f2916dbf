// The only writer of files in the store: appends that are whole or absent, replacements that are atomic.
import {
  closeSync,
  copyFileSync,
  existsSync,
  fdatasync,
  fstatSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { guard, StoreError } from './disk-read.ts';
import { diskWords } from './disk-words.ts';
import { modesNow, settleFile, settleFolder } from './modes.ts';

/** A file that only grows. A write is whole or, after an error, not there at all. */
export type AppendFile = {
  readonly path: string;
  /** Bytes that are known good. */
  size(): number;
  /** Writes all of `bytes` or truncates back to where it was and throws StoreError. */
  append(bytes: Uint8Array): void;
  /** Resolves when the bytes are as durable as the disk makes them. An error is final: never retried. */
  sync(): Promise<void>;
  close(): void;
};

// Looked up at each call: what stands for the disk (`node:fs`) may be replaced by one that fails.
const fdatasyncAsync = (fd: number): Promise<void> => promisify(fdatasync)(fd);
const fsyncAsync = (fd: number): Promise<void> => promisify(fsync)(fd);

/** Opens a file for appending; a new file's folder is synced by the first `sync`. */
export function openAppend(file: string): AppendFile {
  const fd = guard(`open ${file}`, () => openSync(file, 'a', modesNow().file));
  let size = fstatSync(fd).size;
  if (size === 0) guard(`open ${file}`, () => settleFile(fd));
  let folderDirty = size === 0;
  return {
    path: file,
    size: () => size,
    append(bytes) {
      try {
        writeAll(fd, bytes);
      } catch (cause) {
        // What was written in part is taken back, so that a line in a file is always a whole line.
        truncateQuietly(fd, size);
        throw new StoreError(`could not write ${file}: ${diskWords(file, cause)}`, { cause });
      }
      size += bytes.length;
    },
    async sync() {
      try {
        if (folderDirty) {
          await fsyncAsync(fd);
          syncFolder(path.dirname(file));
          folderDirty = false;
        } else {
          await fdatasyncAsync(fd);
        }
      } catch (cause) {
        throw new StoreError(`could not make ${file} durable: ${diskWords(file, cause)}`, { cause });
      }
    },
    close: () => closeSync(fd),
  };
}

/** One write at the end of a file, durable when it returns, as is the name of a file that was not there. @throws StoreError */
export function appendNow(file: string, bytes: Uint8Array): void {
  guard(`write ${file}`, () => {
    const fd = openSync(file, 'a', modesNow().file);
    try {
      const { size } = fstatSync(fd);
      if (size === 0) settleFile(fd);
      try {
        writeAll(fd, bytes);
        fsyncSync(fd);
      } catch (cause) {
        truncateQuietly(fd, size);
        throw cause;
      }
      if (size === 0) syncFolder(path.dirname(file));
    } finally {
      closeSync(fd);
    }
  });
}

/**
 * Writes a whole file beside its place, syncs it and renames it: readers see the old one or the new one.
 * @param isSynced false: of no worth after a power cut, and not waited for
 */
export function replaceFile(file: string, chunks: Iterable<string | Uint8Array>, isSynced = true): void {
  const temporary = `${file}.tmp`;
  guard(`write ${file}`, () => {
    const fd = openSync(temporary, 'w', modesNow().file);
    try {
      settleFile(fd);
      for (const bytes of inBlocks(chunks)) writeAll(fd, bytes);
      if (isSynced) fsyncSync(fd);
    } catch (cause) {
      closeSync(fd);
      rmSync(temporary, { force: true });
      throw cause;
    }
    closeSync(fd);
    renameSync(temporary, file);
    if (isSynced) syncFolder(path.dirname(file));
  });
}

/** Lines are small: a call to the kernel for each would cost more than the lines. */
const BLOCK_BYTES = 1 << 18;

function* inBlocks(chunks: Iterable<string | Uint8Array>): Generator<Uint8Array> {
  let block: Uint8Array[] = [];
  let bytes = 0;
  for (const chunk of chunks) {
    const piece = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    block.push(piece);
    bytes += piece.length;
    if (bytes < BLOCK_BYTES) continue;
    yield Buffer.concat(block);
    block = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(block);
}

/**
 * As replaceFile for a long text: the event loop is held for a piece at a time, and not while the disk syncs.
 * The file must not be there yet, and nobody else may make it meanwhile.
 */
export async function createFile(file: string, chunks: Iterable<Uint8Array>): Promise<void> {
  const temporary = `${file}.tmp`;
  try {
    const fd = openSync(temporary, 'w', modesNow().file);
    try {
      settleFile(fd);
      for (const bytes of chunks) {
        writeAll(fd, bytes);
        await nextTurn();
      }
      await fsyncAsync(fd);
    } catch (cause) {
      rmSync(temporary, { force: true });
      throw cause;
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, file);
    syncFolder(path.dirname(file));
  } catch (cause) {
    throw new StoreError(`could not write ${file}: ${diskWords(file, cause)}`, { cause });
  }
}

/** Makes a folder and what is missing above it, and syncs each folder that got a new name. */
export function makeFolder(folder: string): void {
  guard(`make ${folder}`, () => {
    const first = mkdirSync(folder, { recursive: true, mode: modesNow().folder });
    if (first === undefined) return;
    const top = path.dirname(path.resolve(first));
    for (let made = path.resolve(folder); made !== top; made = path.dirname(made)) settleFolder(made);
    for (let above = path.dirname(path.resolve(folder)); ; above = path.dirname(above)) {
      syncFolder(above);
      if (above === top || above === path.dirname(above)) break;
    }
  });
}

/** Makes an empty file where there is none: for what others open by name and would make with modes of their own. */
export function makeOwnFile(file: string): void {
  // Whatever else stands there is for who opens it to find.
  if (existsSync(file)) return;
  guard(`open ${file}`, () => {
    const fd = openSync(file, 'a', modesNow().file);
    try {
      settleFile(fd);
    } finally {
      closeSync(fd);
    }
  });
}

/** Cuts a file at `size` and syncs it. The bytes behind must have been kept elsewhere before. */
export function truncateFile(file: string, size: number): void {
  guard(`truncate ${file}`, () => {
    const fd = openSync(file, 'r+');
    try {
      ftruncateSync(fd, size);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  });
}

export function moveFile(from: string, to: string): void {
  guard(`move ${from}`, () => {
    renameSync(from, to);
    syncFolder(path.dirname(to));
  });
}

/** Removes a derived file; one that is not there is fine. */
export function removeFile(file: string): void {
  guard(`remove ${file}`, () => {
    rmSync(file, { force: true });
    syncFolder(path.dirname(file));
  });
}

/** Gives a file a second name, or a copy where the disk knows no second names; durable when it returns. */
export function duplicateFile(from: string, to: string): void {
  guard(`write ${to}`, () => {
    const temporary = `${to}.tmp`;
    rmSync(temporary, { force: true });
    try {
      linkSync(from, temporary);
    } catch {
      copyFileSync(from, temporary);
    }
    const fd = openSync(temporary, 'r');
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, to);
    // Two names of one file: a rename between them does nothing and leaves the first.
    rmSync(temporary, { force: true });
    syncFolder(path.dirname(to));
  });
}

/** Removes a file, or a folder with all that is in it; the folder above is synced. */
export function removeAll(place: string): void {
  guard(`remove ${place}`, () => {
    rmSync(place, { recursive: true, force: true });
    syncFolder(path.dirname(place));
  });
}

/** `writeSync` writes short without throwing when a disk fills up: loop on what it says. */
function writeAll(fd: number, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.length) {
    const written = writeSync(fd, bytes, done, bytes.length - done);
    if (written === 0) throw new Error('the disk took no more bytes');
    done += written;
  }
}

function truncateQuietly(fd: number, size: number): void {
  try {
    ftruncateSync(fd, size);
  } catch {
    // The tail is then torn, which every reader copes with.
  }
}

/** Some file systems cannot sync a folder; then the rename is as durable as they make it. */
function syncFolder(folder: string): void {
  let fd: number;
  try {
    fd = openSync(folder, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(fd);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EINVAL' && code !== 'EPERM' && code !== 'EISDIR' && code !== 'ENOTSUP') throw error;
  } finally {
    closeSync(fd);
  }
}
