// Opens index.db for a writer: brought up to what the history says, or made anew where it cannot be used.
import { existsSync } from 'node:fs';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { moveFile, StoreError } from '../disk/durable.ts';
import type { Layout } from '../disk/layout.ts';
import { setAside } from '../disk/quarantine.ts';
import { catchUp } from './catch-up.ts';
import { type IndexDb, IndexVersionError, openIndexDb, touchEveryPage } from './index-db.ts';

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
  for (const suffix of ['', '-wal', '-shm']) setAside(layout, `${fresh}${suffix}`);
  const building = openIndexDb(fresh);
  let diagnostics: readonly Diagnostic[];
  try {
    diagnostics = catchUp({ index: building, layout, role: 'writer' });
    // Everything into the one file, so that renaming it moves all of it.
    building.database.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;');
  } finally {
    building[Symbol.dispose]();
  }
  for (const suffix of ['', '-wal', '-shm']) setAside(layout, `${layout.index}${suffix}`);
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
