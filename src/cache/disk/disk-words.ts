// Why a disk refused, for a person: what is in the way, and what to do. The words of the system stand where there are no better ones.
import { statSync } from 'node:fs';
import path from 'node:path';
import { SQLITE_FULL, sqliteKind } from './sqlite-kind.ts';

/** @param file what was to be read or written */
export function diskWords(file: string, cause: unknown): string {
  const said = cause instanceof Error ? cause.message : String(cause);
  switch (sqliteKind(cause) === SQLITE_FULL ? 'ENOSPC' : (cause as NodeJS.ErrnoException | null)?.code) {
    case 'ENOTDIR':
    case 'EEXIST':
      return `${fileAbove(file) ?? file} is a file, and a folder has to be there: move it away, or give it another name`;
    case 'EISDIR':
      return `it is a folder, and a file has to be there: move it away, or give it another name`;
    case 'EACCES':
    case 'EPERM':
      return `permission denied (${said}): give this user the right to ${path.dirname(file)}, or run as who owns it`;
    case 'EROFS':
      return `the file system is read-only (${said}): put the experiment, or a link artifacts/, where can be written`;
    case 'ENOSPC':
    case 'EDQUOT':
      return `the disk is full (${said}): make room, then run the same command again; it goes on from what is kept`;
    default:
      return said;
  }
}

/** The part of the path that is a file where all but the last have to be folders. */
function fileAbove(file: string): string | null {
  for (let above = path.resolve(file); above !== path.dirname(above); above = path.dirname(above)) {
    try {
      if (statSync(above).isFile()) return above;
    } catch {
      // Not there, or not below a folder: what stands above it is asked.
    }
  }
  return null;
}
