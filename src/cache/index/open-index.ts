// Opens index.db. For a writer it is brought up to what the history says, or made anew where it cannot be used; for a
// reader, who writes nothing, a copy of it is.
import { existsSync } from 'node:fs';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { StoreError } from '../disk/disk-read.ts';
import { moveFile } from '../disk/durable.ts';
import type { Layout } from '../disk/layout.ts';
import { setDatabaseAside } from '../disk/quarantine.ts';
import { catchUp, isCurrent } from './catch-up.ts';
import { isGrowing } from './growing.ts';
import {
  type IndexDb,
  IndexVersionError,
  openIndexDb,
  openIndexForReading,
  touchEveryPage,
  type Unused,
  unused,
} from './index-db.ts';
import { COPIED } from './index-tables.ts';

export type OpenIndex = { readonly index: IndexDb; readonly diagnostics: readonly Diagnostic[] };

export function openIndex(layout: Layout): OpenIndex {
  const existed = existsSync(layout.index);
  let index: IndexDb | null = null;
  try {
    if (!existed) return rebuildIndex(layout);
    index = openIndexDb(layout.index);
    touchEveryPage(index);
    const diagnostics = catchUp({ index, layout, role: 'writer' });
    return { index, diagnostics };
  } catch (cause) {
    if (cause instanceof StoreError || !existed) throw cause;
    // Damaged or of another version. It is derived: set aside and made anew.
    closeQuietly(index);
    const rebuilt = rebuildIndex(layout);
    return {
      index: rebuilt.index,
      diagnostics: [rebuiltNote(layout, cause as Error), ...rebuilt.diagnostics],
    };
  }
}

/** Rebuilds the index from the JSONL alone. No task re-runs because of it. */
export function rebuildIndex(layout: Layout): OpenIndex {
  const fresh = `${layout.index}.new`;
  setDatabaseAside(layout, fresh);
  const building = openIndexDb(fresh);
  let diagnostics: readonly Diagnostic[];
  try {
    diagnostics = catchUp({ index: building, layout, role: 'writer' });
    // Everything into the one file, so that renaming it moves all of it.
    building.database.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;');
  } finally {
    building[Symbol.dispose]();
  }
  setDatabaseAside(layout, layout.index);
  moveFile(fresh, layout.index);
  return { index: openIndexDb(layout.index), diagnostics };
}

export function closeQuietly(index: IndexDb | null): void {
  try {
    index?.[Symbol.dispose]();
  } catch {
    // Closing a damaged database may fail; the lock and the history do not depend on it.
  }
}

function rebuiltNote(layout: Layout, cause: Error): Diagnostic {
  return {
    // After an update of expgraph it is expected.
    severity: cause instanceof IndexVersionError ? 'note' : 'warning',
    code: 'index-rebuilt',
    message: `${layout.index} could not be used (${cause.message}): it was moved to quarantine/ and rebuilt from the history`,
    location: null,
    hint: null,
    related: [],
  };
}

export type CurrentIndex = OpenIndex & {
  /** false = open it anew. */
  readonly refresh: () => boolean;
  /** Whether lines were there that it did not have when it was opened or refreshed; whoever writes them adds them in a moment. */
  readonly isBehind: () => boolean;
};

/**
 * An index that says what the files say, or all of it that was acknowledged where a run goes on. One that lags otherwise (a run was
 * killed, files were brought from elsewhere) is copied into memory and brought up to date there: a reader writes nothing.
 */
export function openCurrentIndex(layout: Layout): CurrentIndex {
  const opened = openIndexForReading(layout.index);
  const onDisk = opened.kind === 'ok' ? opened.value : null;
  let why = opened.kind === 'ok' ? null : opened.error;
  try {
    const state = onDisk === null ? 'lags' : stateOf(onDisk, layout);
    if (onDisk !== null && state !== 'lags') {
      touchOneState(onDisk);
      let now: IndexState = state;
      const refresh = (): boolean => {
        now = stateOf(onDisk, layout);
        return now !== 'lags';
      };
      return { index: onDisk, diagnostics: [], refresh, isBehind: () => now === 'grows' };
    }
  } catch (cause) {
    // A damaged index says so only when it is asked; it is not needed.
    why = unused(cause);
  }
  closeQuietly(onDisk);
  const copied = why === null ? copyIntoMemory(layout) : null;
  if (copied?.kind === 'err') why = copied.error;
  const index = copied?.kind === 'ok' ? copied.value : openIndexDb(':memory:');
  const notes = why === null || why.kind === 'missing' ? [] : [unusedNote(layout, why)];
  const noticed = catchUp({ index, layout, role: 'reader' });
  const refresh = (): boolean => {
    catchUp({ index, layout, role: 'reader' });
    return true;
  };
  return { index, diagnostics: [...notes, ...noticed], refresh, isBehind: () => false };
}

/** A damaged page shows now, and not in the middle of a command. Of one moment, for a run may be writing. */
function touchOneState(index: IndexDb): void {
  index.database.exec('BEGIN');
  try {
    touchEveryPage(index);
  } finally {
    index.database.exec('COMMIT');
  }
}

type IndexState = 'current' | 'grows' | 'lags';

function stateOf(index: IndexDb, layout: Layout): IndexState {
  if (isCurrent(index, layout)) return 'current';
  return isGrowing(index, layout) ? 'grows' : 'lags';
}

function unusedNote(layout: Layout, { why, hint }: Unused): Diagnostic {
  return {
    severity: 'note',
    code: 'index-unused',
    message: `${layout.index} ${why} and not used: the history itself was read`,
    location: null,
    hint,
    related: [],
  };
}

function copyIntoMemory(layout: Layout): Result<IndexDb, Unused> {
  const index = openIndexDb(':memory:');
  try {
    index.database.prepare('ATTACH DATABASE ? AS disk').run(layout.index);
    index.transaction(() => {
      for (const table of COPIED) {
        index.database.exec(`INSERT INTO main.${table} SELECT * FROM disk.${table}`);
      }
    });
    index.database.exec('DETACH DATABASE disk');
    return ok(index);
  } catch (cause) {
    index[Symbol.dispose]();
    return err(unused(cause));
  }
}
