// A page of an index that became noise, whichever it is: it is noticed when the index is opened, and not in the middle of a command.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { openReader } from '../../src/cache/index/reader.ts';
import { makeRandom } from '../../src/core/shuffle.ts';
import { makePristine } from '../rig/damage.ts';
import { CELLS, checkStore, openAt, serve } from '../rig/story.ts';
import { tempFolder } from '../rig/temp.ts';

const PAGE = 4096;
/** Some noise looks like a page. */
const ROUNDS = 4;

it('is read by nobody, and made anew by the next writer', async () => {
  const pristine = await makePristine(tempFolder());
  const random = makeRandom(7);
  await pristine.withCopy(async (root) => {
    const index = path.join(root, 'index.db');
    // Of files that were copied it is brought up to date, and what is in its log would hide the noise.
    openAt(root)[Symbol.dispose]();
    {
      using database = new DatabaseSync(index);
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    }
    const sound = readFileSync(index);
    const pages = sound.length / PAGE;
    expect(pages).toBeGreaterThan(10);
    for (let n = 0; n < ROUNDS * pages; n++) {
      const page = n % pages;
      const what = `page ${page + 1} of ${pages}`;
      for (const side of ['-wal', '-shm']) rmSync(`${index}${side}`, { force: true });
      const bytes = Buffer.from(sound);
      for (let i = 0; i < PAGE; i++) bytes[page * PAGE + i] = Math.floor(random() * 256);
      writeFileSync(index, bytes);
      {
        using reader = openReader(root);
        expect(new Set(serve(reader).records.keys()), what).toEqual(new Set(pristine.originals.keys()));
      }
      {
        using store = openAt(root);
        store.refreshView(CELLS);
      }
      const found = checkStore(root).findings.filter(({ severity }) => severity !== 'note');
      expect(found, what).toEqual([]);
    }
  });
});
