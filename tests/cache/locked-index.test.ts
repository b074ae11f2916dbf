// An index that another program holds, or that cannot be opened where it is: what is said of it is so, and nothing depends on it.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { layoutOf } from '../../src/cache/disk/layout.ts';
import { forgetIndexed } from '../../src/cache/index/forget.ts';
import { unused } from '../../src/cache/index/index-db.ts';
import { openReader } from '../../src/cache/index/reader.ts';
import { makePristine } from '../rig/damage.ts';
import { checkStore, openAt, serve } from '../rig/story.ts';
import { tempFolder } from '../rig/temp.ts';

/** A database browser, or a backup. */
function hold(root: string): Disposable {
  const database = new DatabaseSync(path.join(root, 'index.db'));
  database.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
  return { [Symbol.dispose]: () => database.close() };
}

it('is not called damaged while another program has it locked: the history is read, and fsck says that it did not look', async () => {
  const pristine = await makePristine(tempFolder());
  await pristine.withCopy(async (root) => {
    openAt(root)[Symbol.dispose]();
    using _held = hold(root);
    using reader = openReader(root);
    expect(new Set(serve(reader).records.keys())).toEqual(new Set(pristine.originals.keys()));
    const index = path.join(root, 'index.db');
    const hint = 'close the program that has it open (a database browser, a backup): nothing is lost';
    expect(reader.diagnostics).toMatchObject([
      {
        code: 'index-unused',
        message: `${index} is locked by another program and not used: the history itself was read`,
        hint,
      },
    ]);
    const { findings } = checkStore(root);
    expect(findings.filter(({ file }) => file === index)).toMatchObject([
      { severity: 'note', code: 'index-unchecked', message: expect.stringContaining('was not checked') },
    ]);
  });
});

it('is out of the way when history files are about to be replaced, so that nobody believes it later', async () => {
  const pristine = await makePristine(tempFolder());
  await pristine.withCopy(async (root) => {
    const index = path.join(root, 'index.db');
    openAt(root)[Symbol.dispose]();
    {
      using _held = hold(root);
      forgetIndexed(layoutOf(root), []);
    }
    expect(existsSync(index)).toBe(false);
    using store = openAt(root);
    expect(new Set(serve(store).records.keys())).toEqual(new Set(pristine.originals.keys()));
    expect(readFileSync(index).length).toBeGreaterThan(0);
  });
});

it('is told apart by what SQLite says', () => {
  const said = (errcode: number) => unused(Object.assign(new Error('what SQLite says'), { errcode }));
  // SQLITE_BUSY and one of its extended codes, SQLITE_CANTOPEN, SQLITE_IOERR, SQLITE_FULL, SQLITE_CORRUPT, SQLITE_NOTADB.
  expect([5, 5 + (2 << 8), 14, 10, 13, 11, 26].map((code) => said(code).kind)).toEqual([
    ...['locked', 'locked', 'closed', 'closed', 'closed', 'other', 'other'],
  ]);
  expect(said(11).why).toBe('is damaged (what SQLite says)');
});
