import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { diskWords } from '../../src/cache/disk/disk-words.ts';
import { tempFolder } from '../rig/temp.ts';

test('a disk that is full says what to do, also where a database meets it', () => {
  const file = path.join(tempFolder(), 'index.db');
  using database = new DatabaseSync(file);
  database.exec('PRAGMA max_page_count = 2; CREATE TABLE t (text)');
  let met: unknown;
  try {
    database.prepare('INSERT INTO t VALUES (?)').run('x'.repeat(100_000));
  } catch (cause) {
    met = cause;
  }
  expect(diskWords(file, met)).toBe(
    'the disk is full (database or disk is full): make room, then run the same command again; it goes on from what is kept',
  );
  expect(diskWords(file, Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' }))).toContain('make room');
});
