// Files that a killed program left half made: nothing that counts is in them.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { batchFolder } from './batch-files.ts';
import { readFolders } from './disk-read.ts';
import type { Layout } from './layout.ts';

/** Where a merge unpacks a tar, within the store. */
export const UNPACKED = 'unpacked.tmp';
/** Where an invocation that comes from another store is put together. */
export const UNITING = 'uniting.tmp';

/** Full paths, sorted. While a run is going on, some of them are its own. */
export function leftovers(layout: Layout): readonly string[] {
  const below = [
    layout.history,
    layout.runs,
    path.dirname(layout.blobs),
    layout.archive,
    batchFolder(layout.root),
  ];
  const found = [
    ...readFolders(layout.root, 'top').filter((file) => /\.tmp$|^index\.db\.new/.test(path.basename(file))),
    ...below.flatMap((folder) => readFolders(folder, 'deep')).filter((file) => file.endsWith('.tmp')),
  ];
  const folders = [UNPACKED, UNITING].map((name) => path.join(layout.root, name));
  return [...found, ...folders.filter((folder) => existsSync(folder))].sort();
}
