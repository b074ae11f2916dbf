// A run that has nothing to do waits for no disk: whatever it opens is left as it was.
import { statSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { cli, ranSample } from '../rig/cli.ts';
import { filesBelow } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';

it('a run that has nothing to do writes nothing but who held the lock', async () => {
  const folder = tempFolder();
  await ranSample(folder);
  await cli(['run'], { cwd: folder });
  const before = written(folder);
  expect(before.size).toBeGreaterThan(8);
  expect((await cli(['run'], { cwd: folder })).code).toBe(0);
  const changed = [...written(folder)].filter(([file, at]) => before.get(file) !== at).map(([file]) => file);
  expect(changed.filter((file) => path.basename(file) !== 'lock.json')).toEqual([]);
});

/** Each file, and when it was written; side files of SQLite come and go. */
function written(folder: string): ReadonlyMap<string, bigint> {
  const root = path.join(folder, 'artifacts');
  const files = filesBelow(root).filter((file) => !/\.db-(wal|shm)$/.test(file));
  return new Map(files.map((file) => [file, statSync(path.join(root, file), { bigint: true }).mtimeNs]));
}
