// The only writer of files in the store: appends that are whole or absent, replacements that are atomic.
import {
  closeSync,
  fdatasync,
  fstatSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

/** The disk refused: full, read-only, gone. Final for the invocation; `main` turns it into one sentence and exit 4. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

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
  const fd = guard(`open ${file}`, () => openSync(file, 'a'));
  let size = fstatSync(fd).size;
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
        throw new StoreError(`could not write ${file}: ${reason(cause)}`, { cause });
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
        throw new StoreError(`could not make ${file} durable: ${reason(cause)}`, { cause });
      }
    },
    close: () => closeSync(fd),
  };
}

/** Writes a whole file beside its place, syncs it and renames it: readers see the old one or the new one. */
export function replaceFile(file: string, chunks: Iterable<string | Uint8Array>): void {
  const temporary = `${file}.tmp`;
  guard(`write ${file}`, () => {
    const fd = openSync(temporary, 'w');
    try {
      for (const bytes of inBlocks(chunks)) writeAll(fd, bytes);
      fsyncSync(fd);
    } catch (cause) {
      closeSync(fd);
      rmSync(temporary, { force: true });
      throw cause;
    }
    closeSync(fd);
    renameSync(temporary, file);
    syncFolder(path.dirname(file));
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

/** Makes a folder and those above it that are missing; syncs each one that got a new entry. */
export function makeFolder(folder: string): void {
  guard(`make ${folder}`, () => {
    const first = mkdirSync(folder, { recursive: true });
    if (first === undefined) return;
    for (let made = folder; made.length >= first.length; made = path.dirname(made)) {
      syncFolder(path.dirname(made));
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

export function fileState(file: string): { readonly size: number; readonly mtimeMs: number } | null {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat?.isFile() ? { size: stat.size, mtimeMs: stat.mtimeMs } : null;
}

/** Reads `length` bytes at `offset`; fewer if the file ends before; null where there is no such file. */
export function readSlice(file: string, at: Slice): Uint8Array | null {
  using slices = openSlices();
  return slices.read(file, at);
}

export type Slice = { readonly offset: number; readonly length: number };

export type Slices = Disposable & {
  /** As readSlice; files stay open between calls. */
  read(file: string, at: Slice): Uint8Array | null;
};

/** Files kept open at once while many slices are read. */
const OPEN_TO_READ = 8;

/** For thousands of slices of a few files: opening a file costs more than reading two kilobytes of it. */
export function openSlices(): Slices {
  const open = new Map<string, number>();
  const handleOf = (file: string): number => {
    const known = open.get(file);
    if (known !== undefined) return known;
    for (const [name, fd] of open) {
      if (open.size < OPEN_TO_READ) break;
      closeSync(fd);
      open.delete(name);
    }
    const fd = openSync(file, 'r');
    open.set(file, fd);
    return fd;
  };
  return {
    read: (file, at) =>
      guardRead(file, () => {
        const fd = handleOf(file);
        const buffer = Buffer.allocUnsafe(at.length);
        let done = 0;
        while (done < at.length) {
          const read = readSync(fd, buffer, done, at.length - done, at.offset + done);
          if (read === 0) break;
          done += read;
        }
        return buffer.subarray(0, done);
      }),
    [Symbol.dispose]: () => {
      for (const fd of open.values()) closeSync(fd);
    },
  };
}

/** null where there is no such file. @throws StoreError where there is one that cannot be read. */
export function readText(file: string): string | null {
  return guardRead(file, () => readFileSync(file, 'utf8'));
}

/** Names in a folder; none where there is no such folder. */
export function readFolder(folder: string): readonly string[] {
  return guardRead(folder, () => readdirSync(folder)) ?? [];
}

/** Reads into a buffer's beginning; returns how much came. @throws StoreError */
export function readInto(
  fd: number,
  at: {
    readonly file: string;
    readonly buffer: Uint8Array;
    readonly length: number;
    readonly position: number;
  },
): number {
  return guard(`read ${at.file}`, () => readSync(fd, at.buffer, 0, at.length, at.position));
}

/** Opens for reading; the caller closes. */
export function openToRead(file: string): number {
  return guard(`read ${file}`, () => openSync(file, 'r'));
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

/**
 * Absent is an answer. Anything else that stands in the way of reading (permissions, too many open files, a failing
 * disk) may pass: it must stop the command, never make a record look lost.
 */
function guardRead<Value>(file: string, action: () => Value): Value | null {
  try {
    return action();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new StoreError(`could not read ${file}: ${reason(cause)}`, { cause });
  }
}

function guard<Value>(what: string, action: () => Value): Value {
  try {
    return action();
  } catch (cause) {
    // What is written may be read on the way: the first reason is the one to show.
    if (cause instanceof StoreError) throw cause;
    throw new StoreError(`could not ${what}: ${reason(cause)}`, { cause });
  }
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
