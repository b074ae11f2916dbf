// The list of prices that comes with expgraph. It is read by whoever first needs one of them, and once in a process.
import { readFileSync } from 'node:fs';
import type { PriceList as PriceFile } from '../../core/generated/experiment.ts';
import { parseJson } from '../../core/json-text.ts';
import type { PriceList } from '../../core/manifest.ts';
import { listsIn } from './own-form.ts';

let read: ReadonlyMap<string, PriceList> | null = null;

/** By type of provider. It is held against the schema by a test, and not at each start. */
export function shippedLists(): ReadonlyMap<string, PriceList> {
  read ??= listsIn(
    parseJson(
      readFileSync(new URL('../../../prices/prices.json', import.meta.url), 'utf8'),
    ) as unknown as PriceFile,
    { from: 'shipped', shown: 'prices/prices.json' },
  );
  return read;
}
