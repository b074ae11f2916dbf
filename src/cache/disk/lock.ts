// One writer: a kernel lock on a tiny SQLite file. Freed at once by any death of the holder, kept by a stopped one.
//
// The lock is of the process that takes it (POSIX fcntl): closing lock.db anywhere in that process drops it without a
// word. Here it is this process, so nothing else in it may ever open lock.db. Where code that is not ours runs in this
// process, a child has it instead (lock-apart.ts). Both contend for the same file: each keeps the other out.
import { hostname } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { err, ok, type Result } from '../../core/result.ts';
import { readText, StoreError } from './disk-read.ts';
import { diskWords } from './disk-words.ts';
import { makeOwnFile, replaceFile } from './durable.ts';
import { type Lock, makeSameFile } from './lock-handle.ts';
import { SQLITE_BUSY, sqliteKind } from './sqlite-kind.ts';

export type { Lock } from './lock-handle.ts';

export type Holder = {
  readonly pid: number;
  readonly host: string;
  readonly command: string;
  readonly since: string;
};
export type LockBusy = { readonly kind: 'busy'; readonly holder: Holder | null };

/** Takes the lock of a folder, or says who has it. lock.json is for messages only: it decides nothing. */
export function takeLock(folder: string, holder: Holder): Result<Lock, LockBusy> {
  const file = lockFile(folder);
  const database = lockDatabase(file);
  if (database === null) return err({ kind: 'busy', holder: readHolder(folder) });
  try {
    noteHolder(folder, holder);
    const check = makeSameFile(file);
    return ok({
      lost: new AbortController().signal,
      check,
      confirm: async () => check(),
      [Symbol.dispose]: () => database.close(),
    });
  } catch (cause) {
    database.close();
    throw cause;
  }
}

/** Whether nobody has it at this moment. Not for a process that holds a lock itself. */
export function isFree(folder: string): boolean {
  const database = lockDatabase(lockFile(folder));
  database?.close();
  return database !== null;
}

export function lockFile(folder: string): string {
  return path.join(folder, 'lock.db');
}

/** Whether a process of this machine that was noted as the holder is gone: what it left holding the lock goes, too. */
export function hasJustEnded(holder: Holder | null): boolean {
  if (holder === null || holder.host !== hostname()) return false;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

export function noteHolder(folder: string, holder: Holder): void {
  // Who holds a lock now: after a power cut nobody does.
  replaceFile(path.join(folder, 'lock.json'), [`${JSON.stringify(holder)}\n`], false);
}

export function readHolder(folder: string): Holder | null {
  try {
    const said = JSON.parse(readText(path.join(folder, 'lock.json')) ?? 'null') as Partial<Holder> | null;
    const { pid, host, command, since } = said ?? {};
    if (!Number.isSafeInteger(pid) || pid! <= 0) return null;
    return { pid: pid!, host: String(host), command: String(command), since: String(since) };
  } catch {
    return null;
  }
}

/** null where another has it. */
function lockDatabase(file: string): DatabaseSync | null {
  const database = open(file);
  try {
    // A plain journal: WAL readers would not be kept out. No busy timeout: a second start is refused at once.
    database.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE;');
    return database;
  } catch (cause) {
    database.close();
    if (sqliteKind(cause) === SQLITE_BUSY) return null;
    throw new StoreError(`could not lock ${file}: ${diskWords(file, cause)}`, { cause });
  }
}

function open(file: string): DatabaseSync {
  // Only where there is none: closing it would drop a lock of ours.
  makeOwnFile(file);
  try {
    return new DatabaseSync(file);
  } catch (cause) {
    throw new StoreError(`could not open ${file}: ${diskWords(file, cause)}`, { cause });
  }
}
