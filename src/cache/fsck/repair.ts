// fsck --repair: puts right what is derived and clears away what crashes left. Damaged records stay, and are reported.
import path from 'node:path';
import type { Redact } from '../../core/redact.ts';
import { blobPath, blobsIn, digestOfFileNow } from '../disk/blobs.ts';
import { removeAll } from '../disk/durable.ts';
import { type Layout, layoutOf } from '../disk/layout.ts';
import { leftovers } from '../disk/leftovers.ts';
import { borrowed, type Lock } from '../disk/lock-handle.ts';
import { setAside } from '../disk/quarantine.ts';
import { openLocked, openLockedScores } from '../files.ts';
import type { Finding } from './finding.ts';
import { type FsckInput, type FsckReport, fsck } from './fsck.ts';
import { UNFINISHED } from './fsck-archives.ts';
import { mendModes } from './fsck-modes.ts';

export type RepairReport = FsckReport & {
  /** Findings of before that are gone now. */
  readonly mended: readonly Finding[];
};

/** The lock is held, and given back at the end. @throws StoreError */
export function repair(input: FsckInput & { readonly lock: Lock; readonly redact: Redact }): RepairReport {
  using _lock = input.lock;
  const layout = layoutOf(input.root, input.kind);
  const before = fsck(input);
  for (const file of leftovers(layout)) removeAll(file);
  setAsideBadBlobs(layout);
  for (const { code, file } of before.findings) if (code === UNFINISHED) setAside(layout, file);
  // Opening mends torn tails; an index that a check found wanting is made anew.
  const isWrong = before.findings.some(({ file }) => file === layout.index);
  const { root, redact } = input;
  const index = isWrong || hasDamagedBlobs(before) ? ('rebuild' as const) : ('keep' as const);
  if (input.kind === 'score')
    openLockedScores({ root: path.dirname(root), redact, index, hold: input.lock })[Symbol.dispose]();
  else {
    // Ours already: it outlives this store.
    using store = openLocked({ root, redact, index, lock: borrowed(input.lock) });
    if (input.cells) store.refreshView(input.cells);
  }
  mendModes(root);
  const after = fsck(input);
  const left = new Set(after.findings.map(identity));
  return { ...after, mended: before.findings.filter((finding) => !left.has(identity(finding))) };
}

/**
 * Bytes that do not fit their name are no blob. Set aside, they are not taken for one by the next record with the same
 * body, and the records that named them count as damaged for every index made from now on.
 */
function setAsideBadBlobs(layout: Layout): void {
  for (const { sha256, file } of [...blobsIn(layout.blobs)]) {
    if (digestOfFileNow(file) !== sha256) setAside(layout, blobPath(layout.blobs, path.basename(file)));
  }
}

function hasDamagedBlobs({ findings }: FsckReport): boolean {
  return findings.some(({ code }) => code === 'blob-damaged' || code === 'blob-missing');
}

/** A damaged blob is a missing one after it was set aside: the same finding, not a mended one. */
function identity({ code, file, line }: Finding): string {
  return JSON.stringify([code.replace('blob-missing', 'blob-damaged'), file, line]);
}
