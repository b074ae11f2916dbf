// A lock for as long as one append takes, between processes: a kernel lock on a file beside, freed by any death of its holder.
// Nothing is awaited while it is held, so one process never waits for itself.
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from './disk-read.ts';
import { diskWords } from './disk-words.ts';
import { makeOwnFile } from './durable.ts';
import { SQLITE_BUSY, sqliteKind } from './sqlite-kind.ts';

/** An append takes milliseconds: who has it for longer is stopped, or its disk is. */
const PATIENCE_MS = 5_000;

/** @throws StoreError where another has it for longer than any append takes */
export function whileLocked<Value>(file: string, action: () => Value): Value {
  makeOwnFile(file);
  using database = open(file);
  try {
    // A plain journal: readers of WAL would not be kept out.
    database.exec(`PRAGMA busy_timeout = ${PATIENCE_MS}; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE;`);
  } catch (cause) {
    const isBusy = sqliteKind(cause) === SQLITE_BUSY;
    const why = isBusy
      ? `another process has it for ${PATIENCE_MS / 1000} s already: is one stopped?`
      : diskWords(file, cause);
    throw new StoreError(`could not lock ${file}: ${why}`, { cause });
  }
  return action();
}

function open(file: string): DatabaseSync & Disposable {
  try {
    const database = new DatabaseSync(file);
    return Object.assign(database, { [Symbol.dispose]: () => database.close() });
  } catch (cause) {
    throw new StoreError(`could not open ${file}: ${diskWords(file, cause)}`, { cause });
  }
}
