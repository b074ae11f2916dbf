// Files and folders that more people can read, or fewer, than the manifest says: made by an earlier version, by other
// programs, or before `artifacts:` was changed. Reported, never changed silently: --repair does it.
import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { guardRead } from '../disk/disk-read.ts';
import { modesNow } from '../disk/modes.ts';
import type { Finding } from './finding.ts';

/** The key of a blind review. */
const SEALED = 'key.sealed.json';
/** Bits of the group and of all others: what the owner may do is the owner's business. */
const OTHERS = 0o077;

export function checkModes(root: string): readonly Finding[] {
  const wrong = [...wrongModes(root)].length;
  if (wrong === 0) return [];
  const { folder } = modesNow();
  const whom = (folder & OTHERS) === 0 ? 'you' : 'you and the group';
  const what = wrong === 1 ? '1 file or folder is' : `${wrong} files and folders are`;
  const message = `${what} not open to ${whom} alone, as artifacts.mode says (an earlier version made them so, or the setting changed); npx expgraph fsck --repair sets their modes`;
  return [{ severity: 'note', code: 'modes', file: root, line: null, message }];
}

/** What belongs to another stays as it is: the next check tells of it again. */
export function mendModes(root: string): void {
  const { file, folder } = modesNow();
  for (const { place, isFolder } of wrongModes(root)) {
    try {
      chmodSync(place, isFolder ? folder : file);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EPERM') throw cause;
    }
  }
}

function* wrongModes(root: string): Generator<{ readonly place: string; readonly isFolder: boolean }> {
  if (process.platform === 'win32') return;
  const modes = modesNow();
  const entries = guardRead(root, () => readdirSync(root, { recursive: true, withFileTypes: true })) ?? [];
  const places = entries
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry) => ({ place: path.join(entry.parentPath, entry.name), isFolder: entry.isDirectory() }));
  for (const { place, isFolder } of [{ place: root, isFolder: true }, ...places]) {
    const stat = guardRead(place, () => lstatSync(place, { throwIfNoEntry: false }));
    // Whose answers are read stays with whoever began to ask, also where all else is the group's: fsck of reviews looks at it.
    if (path.basename(place) === SEALED) continue;
    const wanted = isFolder ? modes.folder : modes.file;
    if (stat && ((stat.mode ^ wanted) & OTHERS) !== 0) yield { place, isFolder };
  }
}
