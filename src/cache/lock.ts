// One writer: a kernel lock on a tiny SQLite file. Freed at once by any death of the holder, kept by a stopped one.
// Nothing else may ever open lock.db in this process: closing it there would silently drop the lock (POSIX fcntl).
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { err, ok, type Result } from '../core/result.ts';
import { readText, replaceFile, StoreError } from './durable.ts';

export type Holder = {
  readonly pid: number;
  readonly host: string;
  readonly command: string;
  readonly since: string;
};
export type Lock = Disposable;
export type LockBusy = { readonly kind: 'busy'; readonly holder: Holder | null };

/** Takes the lock of a store, or says who has it. lock.json is for messages only: it decides nothing. */
export function takeLock(folder: string, holder: Holder): Result<Lock, LockBusy> {
  const file = path.join(folder, 'lock.db');
  const database = open(file);
  try {
    // A plain journal: WAL readers would not be kept out. No busy timeout: a second start is refused at once.
    database.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE;');
  } catch (cause) {
    database.close();
    if (isBusy(cause)) return err({ kind: 'busy', holder: readHolder(folder) });
    throw new StoreError(`could not lock ${file}: ${(cause as Error).message}`, { cause });
  }
  const lock = { [Symbol.dispose]: () => database.close() };
  try {
    replaceFile(path.join(folder, 'lock.json'), [`${JSON.stringify(holder)}\n`]);
  } catch (cause) {
    lock[Symbol.dispose]();
    throw cause;
  }
  return ok(lock);
}

function open(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file);
  } catch (cause) {
    throw new StoreError(`could not open ${file}: ${(cause as Error).message}`, { cause });
  }
}

/** SQLITE_BUSY (5) in the low byte of the extended code. */
function isBusy(cause: unknown): boolean {
  const code = (cause as { errcode?: unknown }).errcode;
  return typeof code === 'number' && (code & 0xff) === 5;
}

function readHolder(folder: string): Holder | null {
  try {
    return JSON.parse(readText(path.join(folder, 'lock.json')) ?? 'null') as Holder | null;
  } catch {
    return null;
  }
}
