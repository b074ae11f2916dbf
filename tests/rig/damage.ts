// A whole small store as the thing to be damaged, and what may be said of it afterwards.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import type { StoreReader } from '../../src/cache/store.ts';
import { filesBelow } from './files.ts';
import { CELLS, content, copyStore, originals, serve, tellStory } from './story.ts';

export type Pristine = {
  readonly root: string;
  /** Every file of it, relative, whatever kinds there are. The lock's own file is empty and says nothing. */
  readonly files: readonly string[];
  /** id -> content of every record. */
  readonly originals: ReadonlyMap<string, string>;
  /** A fresh copy, thrown away afterwards. */
  withCopy<Value>(action: (root: string) => Promise<Value>): Promise<Value>;
};

export async function makePristine(
  folder: string,
  bodies: 'short' | 'one-is-a-blob' = 'short',
): Promise<Pristine> {
  const root = path.join(folder, 'pristine');
  await tellStory(root, new Map(), bodies);
  const files = filesBelow(root).filter((name) => !name.startsWith('lock.db') && !name.endsWith('-shm'));
  let copies = 0;
  return {
    root,
    files,
    originals: originals(root),
    async withCopy(action) {
      const copy = path.join(folder, `copy-${++copies}`);
      copyStore(root, copy);
      try {
        return await action(copy);
      } finally {
        rmSync(copy, { recursive: true, force: true });
      }
    },
  };
}

/** Everything that is served is word for word what was put. @returns the ids that are served. */
export function checkServed(
  reader: StoreReader,
  at: { readonly pristine: Pristine; readonly what: string },
): Set<string> {
  const { records } = serve(reader);
  for (const [id, record] of records) {
    assert.equal(
      content(record),
      at.pristine.originals.get(id),
      `${at.what}: ${id} is served and is not what was put`,
    );
  }
  return new Set(records.keys());
}

/** Cells of the story's manifest that the next run would draw. */
export function pendingCells(reader: StoreReader): readonly string[] {
  return CELLS.filter(({ key }) => reader.history.byKey(key)?.status !== 'completed').map(({ key }) => key);
}

/** What a damaged database may say on its way up; `main` makes one sentence and exit 4 of it. */
export function isStoreTrouble(cause: unknown): boolean {
  const { name, code } = cause as { readonly name?: string; readonly code?: string };
  return name === 'StoreError' || code === 'ERR_SQLITE_ERROR';
}
