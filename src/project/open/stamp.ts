// Whether a file may have changed: size, times and inode. It may only save a second reading, never stand for content.
import { statSync } from 'node:fs';

/** null where there is no such file. */
export function stampOf(file: string): string | null {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat ? `${stat.size} ${stat.mtimeMs} ${stat.ctimeMs} ${stat.ino}` : null;
}
