// Imported answers by their cells: they stand for what is not drawn where answers are judged and compared.
import type { RecordRow, StoreReader } from '../../cache/store.ts';
import { countingBy } from '../../core/counting.ts';
import { cellId } from '../../core/task.ts';
import { IMPORTED_ENGINES } from '../../exchange/imported.ts';

/** By cell the one that counts. */
export function importedRows(store: Pick<StoreReader, 'madeBy'>): ReadonlyMap<string, RecordRow> {
  return countingBy(store.madeBy(IMPORTED_ENGINES), cellId);
}
