// Archives of another store: made once by gc and never changed. What a tombstone points to comes before the tombstone.
import path from 'node:path';
import { archiveBlobs, archiveFolder, readArchive } from '../disk/archives.ts';
import { digestOfFileNow } from '../disk/blobs.ts';
import { fileState, readBytes } from '../disk/disk-read.ts';
import { makeFolder, replaceFile } from '../disk/durable.ts';
import { changedLines } from '../disk/scan.ts';
import { isInvocationId, isLineFile, kindOf, shown, theirNames } from './theirs.ts';
import { uniteBlobs } from './unite-blobs.ts';
import type { Uniting } from './united.ts';

const WHOLE = 'archive.json';

export function uniteArchives(at: Uniting): void {
  for (const id of theirNames(at, at.theirs.archive, { kind: 'folder', isOurs: isInvocationId })) {
    // Half made: gc did not touch the history yet, so that nothing points to it.
    const isWhole =
      kindOf(path.join(archiveFolder(at.theirs, id), WHOLE)) === 'file' &&
      readArchive(at.theirs, id) !== null;
    if (isWhole) uniteArchive(at, id);
  }
}

function uniteArchive(at: Uniting, id: string): void {
  const from = archiveFolder(at.theirs, id);
  const to = archiveFolder(at.ours, id);
  const isHere = readArchive(at.ours, id) !== null;
  let changed = !isHere;
  const blobs = { from: archiveBlobs(at.theirs, id), to: archiveBlobs(at.ours, id) };
  if (uniteBlobs(at, blobs) > 0) changed = true;
  const isOurs = isInvocationId;
  const invocations = theirNames(at, from, { kind: 'folder', isOurs, beside: [WHOLE, 'blobs'] });
  for (const invocation of invocations) {
    const names = theirNames(at, path.join(from, invocation), { kind: 'file', isOurs: isLineFile });
    for (const name of names) if (uniteFrozen(at, id, `${invocation}/${name}`)) changed = true;
  }
  if (!isHere && !at.dry) {
    at.check();
    makeFolder(to);
    replaceFile(path.join(to, WHOLE), [readBytes(path.join(from, WHOLE)) ?? '']);
  }
  if (changed) at.came.archives.push(id);
}

function uniteFrozen(at: Uniting, id: string, name: string): boolean {
  const source = path.join(archiveFolder(at.theirs, id), name);
  const target = path.join(archiveFolder(at.ours, id), name);
  if (fileState(target) !== null) {
    if (digestOfFileNow(target) !== digestOfFileNow(source)) {
      const why = 'says something else than the archive of this name that is here';
      at.came.conflicts.push({ what: shown(at, source), why, kept: null });
    }
    return false;
  }
  if (at.dry) return true;
  at.check();
  makeFolder(path.dirname(target));
  replaceFile(
    target,
    changedLines(source, (line) => (line.kind === 'line' ? line.bytes : null)),
  );
  return true;
}
