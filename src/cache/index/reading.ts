// Records read one after another, thousands of them: files stay open and are read ahead, and of the index only places are asked.
import type { Key } from '../../core/brand.ts';
import type { AnyRecord } from '../../core/record.ts';
import type { Result } from '../../core/result.ts';
import type { Layout } from '../disk/layout.ts';
import { openSlices, type Slices } from '../disk/slices.ts';
import type { Place, RecordRow } from '../rows.ts';
import type { Reading } from '../store.ts';
import type { IndexDb } from './index-db.ts';

/** What is kept between two records. */
export type OpenFiles = Disposable & { readonly slices: Slices; readonly paths: Map<number, string> };

export function openFiles(): OpenFiles {
  const slices = openSlices();
  return { slices, paths: new Map(), [Symbol.dispose]: () => slices[Symbol.dispose]() };
}

/** Where a record stands and the key that its line has: of thirty columns only these are fetched. */
type Standing = Place & Pick<RecordRow, 'ownKey'>;

export function openReading<R extends AnyRecord>(input: {
  readonly index: IndexDb;
  readonly layout: Layout;
  readonly readRecord: (at: {
    readonly index: IndexDb;
    readonly layout: Layout;
    readonly row: Standing;
    readonly open: OpenFiles;
  }) => Result<AnyRecord, string>;
}): Reading<R> {
  const { index, layout } = input;
  const open = openFiles();
  const placeOf = index.database.prepare('SELECT file, offset, length, own_key FROM records WHERE id = ?');
  placeOf.setReturnArrays(true);
  return {
    read(id) {
      const place = placeOf.get(id) as unknown as readonly [number, number, number, Key] | undefined;
      if (place === undefined) return undefined;
      const [file, offset, length, ownKey] = place;
      return input.readRecord({ index, layout, row: { file, offset, length, ownKey }, open }) as Result<
        R,
        string
      >;
    },
    [Symbol.dispose]: () => open[Symbol.dispose](),
  };
}
