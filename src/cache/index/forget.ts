// Before history files are replaced: an index that still knew them could take a longer file for one that only grew. Whoever opens the
// store next reads them from their beginning.
import { existsSync } from 'node:fs';
import { StoreError } from '../disk/disk-read.ts';
import type { Layout } from '../disk/layout.ts';
import { setDatabaseAside } from '../disk/quarantine.ts';
import { forgetFile } from './catch-up.ts';
import { type IndexDb, openIndexDb } from './index-db.ts';

/** @param files `<invocation>/<file>.jsonl` */
export function forgetIndexed(layout: Layout, files: readonly string[]): void {
  forget(layout, (index) =>
    files.flatMap((file) => {
      const known = index.statement('SELECT id FROM files WHERE path = ?').get(file);
      return known ? [Number(known.id)] : [];
    }),
  );
}

/** Of files with a line that was damaged: what it names may be there by now. */
export function forgetDamaged(layout: Layout): void {
  forget(layout, (index) =>
    index
      .statement('SELECT DISTINCT file FROM damage')
      .all()
      .map((row) => Number(row.file)),
  );
}

function forget(layout: Layout, filesIn: (index: IndexDb) => readonly number[]): void {
  if (!existsSync(layout.index)) return;
  try {
    using index = openIndexDb(layout.index);
    index.database.exec('PRAGMA synchronous = FULL');
    index.transaction(() => {
      for (const file of filesIn(index)) forgetFile(index, file);
    });
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    // It cannot be used, or another program has it: out of the way, so that nobody believes it later. It is made anew.
    setDatabaseAside(layout, layout.index);
  }
}
