// Looking into a store that somebody else made. Its names are data: only what is called as ours is called, and is a plain file or
// a plain folder, is ever opened or becomes a path here.
import { lstatSync } from 'node:fs';
import path from 'node:path';
import { isInvocationId } from '../../core/invocation-id.ts';
import { guardRead, readFolder } from '../disk/disk-read.ts';
import type { Uniting } from './united.ts';

/** Names that Windows keeps for devices, with or without an ending. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/;

/** As the slug of a variant, of a scorer or of a reader is made; a line file of any of them ends like this. */
export function isLineFile(name: string): boolean {
  return /^[a-z0-9_=][a-z0-9_.=-]{0,199}\.jsonl$/.test(name) && !DEVICE.test(name);
}

export function isReviewId(name: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{0,63}$/.test(name) && !DEVICE.test(name) && !name.endsWith('.');
}

export { isInvocationId };

export type Kind = 'file' | 'folder' | 'other';

/** null = nothing is there. Links are not followed. */
export function kindOf(place: string): Kind | null {
  const stat = guardRead(place, () => lstatSync(place, { throwIfNoEntry: false }));
  if (!stat) return null;
  return stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : 'other';
}

/**
 * Names in a folder of theirs that are of this kind and make, sorted. Others are told, but for what every store may have lying
 * about: half-made files of a run, and dot files of systems.
 */
export function theirNames(
  at: Uniting,
  folder: string,
  wanted: {
    readonly kind: 'file' | 'folder';
    readonly isOurs: (name: string) => boolean;
    /** What is beside them and is looked at elsewhere, or by nobody. */
    readonly beside?: readonly string[];
  },
): readonly string[] {
  const kind = kindOf(folder);
  if (kind === null) return [];
  if (kind !== 'folder') {
    leaveOut(at, folder, 'is no folder');
    return [];
  }
  return readFolder(folder)
    .filter((name) => {
      const place = path.join(folder, name);
      if (name.startsWith('.') || name.endsWith('.tmp') || wanted.beside?.includes(name)) return false;
      if (!wanted.isOurs(name)) {
        leaveOut(at, place, 'is not called as anything of a store is');
        return false;
      }
      const found = kindOf(place);
      if (found !== wanted.kind) leaveOut(at, place, `is no plain ${wanted.kind}`);
      return found === wanted.kind;
    })
    .sort();
}

export function leaveOut(at: Uniting, place: string, why: string): void {
  at.came.leftOut.push({ what: shown(at, place), why });
}

export function shown(at: Pick<Uniting, 'top'>, place: string): string {
  return path.relative(at.top, place).split(path.sep).join('/');
}
