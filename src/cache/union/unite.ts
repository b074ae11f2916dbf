// Takes what another store has and this one does not: invocation by invocation, blob by blob. The result is the same in whatever order
// stores are united, and a second time changes nothing. Killed at any moment it is done again.
//
//   blobs and archives -> lines of the history -> invocation.json; of draws, then of scores; then reviews
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { compareNames } from '../../core/invocation-id.ts';
import type { AnyRecord } from '../../core/record.ts';
import type { United } from '../../core/united.ts';
import {
  checkVersion,
  type Layout,
  layoutOf,
  prepareFolders,
  raiseVersion,
  readVersion,
  scoresRoot,
} from '../disk/layout.ts';
import { forgetDamaged, forgetIndexed } from '../index/forget.ts';
import { kindOf, leaveOut } from './theirs.ts';
import { uniteArchives } from './unite-archives.ts';
import { uniteBlobs } from './unite-blobs.ts';
import { knownIn, uniteInvocations } from './unite-invocations.ts';
import { uniteReviews } from './unite-reviews.ts';
import type { Uniting } from './united.ts';

export type UniteInput = {
  /** artifacts/<experiment> of ours; its lock is held by whoever asks, and its torn tails are mended. */
  readonly root: string;
  /** A folder of the same make: nothing in it is written, and nothing in it is believed. */
  readonly from: string;
  /** The planner's own function: keys must recompute to themselves. */
  readonly keyOf: (record: AnyRecord) => string;
  /** Only find out: no lock is needed, and nothing is written. */
  readonly dry?: boolean;
  /** Blobs of ours that theirs has as well are read: one whose bytes do not fit its name is healed. */
  readonly readsBlobs?: boolean;
  /** Asked before each write: throws where the lock is lost. */
  readonly check?: () => void;
};

/** @throws StoreError where the disk stands in the way, or either store is of a newer format */
export function unite(input: UniteInput): United {
  const { root, dry = false, readsBlobs = false, check = () => {} } = input;
  const from = realpathSync(input.from);
  const came: Uniting['came'] = {
    ...{ invocations: new Set(), records: 0, scores: 0, blobs: 0, archives: [], reviews: [] },
    ...{ leftOut: [], conflicts: [], damaged: [] },
  };
  const known = [layoutOf(root), layoutOf(scoresRoot(root))].map(({ history }) => knownIn(history));
  const before = new Map<string, boolean>();
  const isKnown = (id: string): boolean => {
    const was = before.get(id) ?? known.some((isIn) => isIn(id));
    before.set(id, was);
    return was;
  };
  const kinds = [
    { ours: layoutOf(root), theirs: layoutOf(from) },
    { ours: layoutOf(scoresRoot(root), 'score'), theirs: layoutOf(scoresRoot(from), 'score') },
  ] as const;
  for (const { ours, theirs } of kinds) {
    checkVersion(ours);
    if (kindOf(theirs.root) === 'folder') checkVersion(theirs);
  }
  for (const { ours, theirs } of kinds) {
    const forget = (file: string): void => forgetIndexed(ours, [file]);
    const at = { ours, theirs, top: from, dry, readsBlobs, check, forget, came };
    if (kindOf(theirs.root) === 'other') leaveOut(at, theirs.root, 'is no plain folder');
    if (kindOf(theirs.root) !== 'folder' || !existsSync(theirs.history)) continue;
    prepare(at);
    came.blobs += uniteBlobs(at, { from: theirs.blobs, to: ours.blobs });
    uniteArchives(at);
    uniteInvocations({ at, isKnown, wrongKey: (data) => wrongKey(input, data) });
    if (ours.kind === 'scenario_result') uniteReviews(at);
  }
  return { ...came, invocations: [...came.invocations].sort(compareNames) };
}

/** Before what only the newer format has: an older expgraph must not read it. */
function prepare({ ours, theirs, dry, check }: Uniting): void {
  if (dry) return;
  check();
  prepareFolders(ours);
  const isNewer = (readVersion(theirs) ?? 0) > (readVersion(ours) ?? 0);
  if (isNewer || hasNewer(theirs)) raiseVersion(ours);
  // Blobs that were missing here may come: lines that name them count again.
  forgetDamaged(ours);
}

function hasNewer({ blobs, archive }: Layout): boolean {
  return kindOf(path.dirname(blobs)) === 'folder' || kindOf(archive) === 'folder';
}

function wrongKey({ keyOf }: UniteInput, data: Record<string, unknown>): string | null {
  if (data.type !== 'scenario_result' && data.type !== 'score' && data.type !== 'tombstone') return null;
  try {
    const key = keyOf(data as unknown as AnyRecord);
    return key === data.key ? null : `its parts and run do not give its key ${String(data.key).slice(0, 64)}`;
  } catch (cause) {
    return `is no ${String(data.type)}: ${(cause as Error).message}`;
  }
}
