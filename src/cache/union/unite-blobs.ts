// Blobs of another store: named by what they hold, so that two of one name are the same, and what does not fit its name is none.
import { createHash } from 'node:crypto';
import { closeSync } from 'node:fs';
import path from 'node:path';
import { blobPath, digestOfFileNow } from '../disk/blobs.ts';
import { fileState, openToRead, readInto } from '../disk/disk-read.ts';
import { makeFolder, replaceFile } from '../disk/durable.ts';
import { setAside } from '../disk/quarantine.ts';
import { kindOf, leaveOut, shown, theirNames } from './theirs.ts';
import type { Uniting } from './united.ts';

/** @param from a folder `sha256` of theirs @param to the one of ours @returns how many came */
export function uniteBlobs(
  at: Uniting,
  { from, to }: { readonly from: string; readonly to: string },
): number {
  // A folder above it that is a link leads out of their store.
  if (kindOf(path.dirname(from)) === 'other') return leaveFolder(at, path.dirname(from));
  let came = 0;
  const isShard = (name: string): boolean => /^[0-9a-f]{2}$/.test(name);
  for (const shard of theirNames(at, from, { kind: 'folder', isOurs: isShard })) {
    const isBlob = (name: string): boolean => /^[0-9a-f]{64}$/.test(name) && name.startsWith(shard);
    for (const digest of theirNames(at, path.join(from, shard), { kind: 'file', isOurs: isBlob }))
      if (uniteBlob(at, { source: path.join(from, shard, digest), target: blobPath(to, digest), digest }))
        came++;
  }
  return came;
}

/** One that a run there has made since the others came: before the line that names it. */
export function uniteNamed(at: Uniting, digest: string): void {
  const source = blobPath(at.theirs.blobs, digest);
  const target = blobPath(at.ours.blobs, digest);
  if (at.dry || fileState(target) !== null || kindOf(source) !== 'file') return;
  if (uniteBlob(at, { source, target, digest })) at.came.blobs++;
}

function leaveFolder(at: Uniting, folder: string): number {
  leaveOut(at, folder, 'is no plain folder');
  return 0;
}

function uniteBlob(
  at: Uniting,
  { source, target, digest }: { readonly source: string; readonly target: string; readonly digest: string },
): boolean {
  const have = fileState(target);
  const isAsLong = have !== null && have.size === fileState(source)?.size;
  if (isAsLong && (!at.readsBlobs || digestOfFileNow(target) === digest)) return false;
  const fits = at.dry ? digestOfFileNow(source) === digest : copyChecked(at, { source, target, digest });
  // It may be asked for again by a line that names it.
  const what = shown(at, source);
  if (!fits && !at.came.damaged.some((one) => one.what === what))
    at.came.damaged.push({ what, why: 'does not fit its name: it is not taken' });
  return fits;
}

/** @returns false where its bytes are not what its name says: then nothing is here */
function copyChecked(
  at: Uniting,
  { source, target, digest }: { readonly source: string; readonly target: string; readonly digest: string },
): boolean {
  at.check();
  // What is damaged here is set aside only for one that is whole.
  if (fileState(target) !== null) {
    if (digestOfFileNow(source) !== digest) return false;
    setAside(at.ours, target);
  }
  makeFolder(path.dirname(target));
  let fits = true;
  try {
    replaceFile(target, hashed());
  } catch (cause) {
    if (fits) throw cause;
  }
  return fits;

  function* hashed(): Generator<Uint8Array> {
    const hashing = createHash('sha256');
    const fd = openToRead(source);
    try {
      for (let position = 0; ; ) {
        const buffer = Buffer.allocUnsafe(READ_BYTES);
        const read = readInto(fd, { file: source, buffer, length: READ_BYTES, position });
        if (read === 0) break;
        position += read;
        hashing.update(buffer.subarray(0, read));
        yield buffer.subarray(0, read);
      }
    } finally {
      closeSync(fd);
    }
    fits = hashing.digest('hex') === digest;
    if (!fits) throw new Error('does not fit its name');
  }
}

const READ_BYTES = 1 << 18;
