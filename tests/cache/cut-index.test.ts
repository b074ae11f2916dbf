// An index that ends in the middle of a page: SQLite fills it up with zeros, and what begins like a page reads as an empty one.
import { statSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openReader } from '../../src/cache/index/reader.ts';
import { makePristine } from '../rig/damage.ts';
import { CELLS, openAt, serve } from '../rig/story.ts';
import { tempFolder } from '../rig/temp.ts';

const PAGE = 4096;
const LAST_PAGES = 8;
/** Of its last page: nothing, as much as looks like an empty page, and more than its head. */
const BYTES_LEFT = [0, 3, 61];

it('is noticed at the opening, wherever it was cut', async () => {
  const pristine = await makePristine(tempFolder());
  const { size } = statSync(path.join(pristine.root, 'index.db'));
  expect(size % PAGE).toBe(0);
  for (let page = size - LAST_PAGES * PAGE; page < size; page += PAGE) {
    for (const left of BYTES_LEFT) {
      await pristine.withCopy(async (root) => {
        const what = `cut at byte ${page + left}`;
        truncateSync(path.join(root, 'index.db'), page + left);
        {
          using reader = openReader(root);
          expect(new Set(serve(reader).records.keys()), what).toEqual(new Set(pristine.originals.keys()));
          expect(
            reader.diagnostics.map(({ code }) => code),
            what,
          ).toEqual(['index-unused']);
        }
        using store = openAt(root);
        expect(
          store.diagnostics.map(({ code }) => code),
          what,
        ).toEqual(['index-rebuilt']);
        store.refreshView(CELLS);
      });
    }
  }
});
