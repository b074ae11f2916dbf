// Records read one after another, thousands of them: files stay open and are read ahead, and of the index only places are asked.
import type { AnyRecord } from '../../core/record.ts';
import type { Result } from '../../core/result.ts';
import type { Layout } from '../disk/layout.ts';
import { openSlices, type Slices } from '../disk/slices.ts';
import type { Reading } from '../store.ts';
import type { IndexDb } from './index-db.ts';
import { type Standing, standings } from './standing.ts';

/** What is kept between two records. */
export type OpenFiles = Disposable & { readonly slices: Slices; readonly paths: Map<number, string> };

export function openFiles(): OpenFiles {
  const slices = openSlices();
  return { slices, paths: new Map(), [Symbol.dispose]: () => slices[Symbol.dispose]() };
}

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
  const standingOf = standings(index);
  return {
    read(id) {
      const row = standingOf(id);
      return row && (input.readRecord({ index, layout, row, open }) as Result<R, string>);
    },
    [Symbol.dispose]: () => open[Symbol.dispose](),
  };
}
