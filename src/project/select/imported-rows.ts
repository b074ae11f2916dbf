// Imported answers by their cells: they stand for what is not drawn where answers are judged and compared.
import type { RecordRow, StoreReader } from '../../cache/store.ts';
import { cellId } from '../../core/task.ts';
import { IMPORTED_ENGINES } from '../../exchange/imported.ts';

/** By cell the newest completed one, else the newest failed one. */
export function importedRows(store: Pick<StoreReader, 'madeBy'>): ReadonlyMap<string, RecordRow> {
  const rows = new Map<string, RecordRow>();
  for (const row of store.madeBy(IMPORTED_ENGINES)) {
    const id = cellId(row);
    const known = rows.get(id);
    if (
      known?.status === 'completed' &&
      known.archive === null &&
      (row.status === 'failed' || row.archive !== null)
    )
      continue;
    rows.set(id, row);
  }
  return rows;
}
