// blobs/sha256/ab/<hex>: bodies too long for a line. Named by what they hold, so that a name cannot lie.
import { createHash } from 'node:crypto';
import { closeSync, fstatSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { sha256, sha256Of } from '../../core/canonical.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { BlobRef } from './bodies.ts';
import { fileState, openToRead, readFolder, readInto } from './disk-read.ts';
import { createFile, makeFolder } from './durable.ts';
import { type Layout, raiseVersion } from './layout.ts';
import { setAside } from './quarantine.ts';
import { readSlice } from './slices.ts';

export function blobPath(folder: string, digest: string): string {
  return path.join(folder, digest.slice(0, 2), digest);
}

/** What is there by size alone: cheap enough for every record of a view or of an index that is made anew. */
export function blobProblem(layout: Layout, ref: BlobRef): string | null {
  const file = blobPath(layout.blobs, ref.sha256);
  const state = fileState(file);
  if (state === null) return `its blob ${ref.sha256} is missing`;
  return state.size === ref.bytes ? null : `its blob ${file} has ${state.size} bytes, not ${ref.bytes}`;
}

/** The whole text, checked against its name. */
export function readBlob(layout: Layout, ref: BlobRef): Result<string, string> {
  const problem = blobProblem(layout, ref);
  if (problem !== null) return err(problem);
  const file = blobPath(layout.blobs, ref.sha256);
  const bytes = readSlice(file, { offset: 0, length: ref.bytes });
  if (bytes === null || sha256(bytes) !== ref.sha256) return err(`its blob ${file} does not fit its name`);
  return ok(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'));
}

/** Blobs known to be whole in this invocation; beyond this many they are looked at again. */
const MAX_KNOWN = 10_000;

/** Keeps texts as blobs, one after another. The event loop is held for a piece at a time, never for a whole text. */
export function makeBlobWriter(layout: Layout): (text: string) => Promise<BlobRef> {
  const known = new Set<string>();
  return async (text) => {
    const ref = await refOf(text);
    if (known.has(ref.sha256)) return ref;
    const file = blobPath(layout.blobs, ref.sha256);
    const state = fileState(file);
    if (state === null || state.size !== ref.bytes || (await digestOfFile(file)) !== ref.sha256) {
      // What stands there under this name is something else: it is kept, elsewhere.
      if (state !== null) setAside(layout, file);
      raiseVersion(layout);
      makeFolder(path.dirname(file));
      await createFile(file, piecesOf(text));
    }
    if (known.size >= MAX_KNOWN) known.clear();
    known.add(ref.sha256);
    return ref;
  };
}

/**
 * Keeps files as blobs, as they are, one after another, each content once. Whoever asks twice waits for the same.
 * False: what was read is not what is meant, and nothing is kept. @throws StoreError where the disk stands in the way
 */
export function makeFileKeeper(
  layout: Layout,
): (ref: BlobRef, read: () => Promise<Uint8Array | null>) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>();
  let last: Promise<unknown> = Promise.resolve();
  return (ref, read) => {
    const before = known.get(ref.sha256);
    if (before !== undefined) return before;
    const kept = last.then(() => keepFile(layout, { ref, read }));
    last = kept.catch(() => {});
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(ref.sha256, kept);
    // What was not kept may be there the next time.
    void kept.then(
      (isKept) => isKept || known.delete(ref.sha256),
      () => known.delete(ref.sha256),
    );
    return kept;
  };
}

async function keepFile(
  layout: Layout,
  { ref, read }: { readonly ref: BlobRef; readonly read: () => Promise<Uint8Array | null> },
): Promise<boolean> {
  const file = blobPath(layout.blobs, ref.sha256);
  const state = fileState(file);
  if (state?.size === ref.bytes && (await digestOfFile(file)) === ref.sha256) return true;
  const bytes = await read();
  if (bytes === null || sha256(bytes) !== ref.sha256) return false;
  if (state !== null) setAside(layout, file);
  raiseVersion(layout);
  makeFolder(path.dirname(file));
  await createFile(file, slicesOf(bytes));
  return true;
}

function* slicesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += READ_BYTES) yield bytes.subarray(from, from + READ_BYTES);
}

/** Of a blob that is no text: its bytes, checked against its name; null = it is gone or damaged. */
export function readBlobBytes(layout: Layout, digest: string): Uint8Array | null {
  if (!/^[0-9a-f]{64}$/.test(digest)) return null;
  const file = blobPath(layout.blobs, digest);
  const state = fileState(file);
  const bytes = state === null ? null : readSlice(file, { offset: 0, length: state.size });
  return bytes !== null && sha256(bytes) === digest ? bytes : null;
}

/** Characters a piece: about a millisecond of hashing. */
const PIECE_CHARS = 1 << 19;

/** The text in pieces of UTF-8; a pair of surrogates is never cut in two. */
function* piecesOf(text: string): Generator<Buffer> {
  for (let from = 0; from < text.length; ) {
    let to = Math.min(text.length, from + PIECE_CHARS);
    const last = text.charCodeAt(to - 1);
    if (to < text.length && last >= 0xd800 && last <= 0xdbff) to++;
    yield Buffer.from(text.slice(from, to));
    from = to;
  }
}

async function refOf(text: string): Promise<BlobRef> {
  const hashing = createHash('sha256');
  let bytes = 0;
  for (const piece of piecesOf(text)) {
    if (bytes > 0) await nextTurn();
    hashing.update(piece);
    bytes += piece.length;
  }
  return { sha256: hashing.digest('hex'), bytes };
}

/** The digest of a file's bytes, in bounded memory. @throws StoreError */
export function digestOfFileNow(file: string): string {
  return sha256Of(piecesOfFile(file));
}

/** The same, with the event loop free between the pieces. */
async function digestOfFile(file: string): Promise<string> {
  const hashing = createHash('sha256');
  for (const piece of piecesOfFile(file)) {
    hashing.update(piece);
    if (piece.length === READ_BYTES) await nextTurn();
  }
  return hashing.digest('hex');
}

/** Bytes of a file read at once. */
const READ_BYTES = 1 << 20;

/** Each piece is good until the next one is asked for. */
function* piecesOfFile(file: string): Generator<Uint8Array> {
  const fd = openToRead(file);
  try {
    // Thousands of small ones are read one after the other: a megabyte for each takes longer than reading it.
    const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, Math.max(1, fstatSync(fd).size)));
    for (let position = 0; ; ) {
      const read = readInto(fd, { file, buffer, length: buffer.length, position });
      if (read === 0) return;
      yield buffer.subarray(0, read);
      position += read;
    }
  } finally {
    closeSync(fd);
  }
}

/** Every blob in a folder of blobs, by digest; anything else there is not ours. */
export function* blobsIn(folder: string): Generator<BlobRef & { readonly file: string }> {
  for (const shard of readFolder(folder)) {
    if (!/^[0-9a-f]{2}$/.test(shard)) continue;
    for (const name of readFolder(path.join(folder, shard))) {
      if (!/^[0-9a-f]{64}$/.test(name) || !name.startsWith(shard)) continue;
      const file = path.join(folder, shard, name);
      yield { sha256: name, bytes: fileState(file)?.size ?? 0, file };
    }
  }
}
