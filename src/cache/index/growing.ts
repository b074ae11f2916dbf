// An index whose run goes on: what it lacks are lines of this moment, which nobody was told of yet. Group commit makes lines durable,
// then the index, then it acknowledges; a reader that came in between had to copy all of the index to add some lines to it: 3 to 6 s
// and twice its size in memory at 100,000 records.
import { hostname } from 'node:os';
import path from 'node:path';
import type { InvocationRecord } from '../../core/record.ts';
import { fileState, readText } from '../disk/disk-read.ts';
import { historyFiles, invocationFolders, type Layout } from '../disk/layout.ts';
import { hasJustEnded, readHolder } from '../disk/lock.ts';
import { goesOn, type KnownFile, knownFiles } from './catch-up.ts';
import type { IndexDb } from './index-db.ts';

/**
 * Whether all that the index lacks is what whoever has the lock now appends to the newest invocation, and puts into the index in a
 * moment. It is not where the writer was killed, and not where files were changed in any other way.
 */
export function isGrowing(index: IndexDb, layout: Layout): boolean {
  const newest = invocationFolders(layout).at(-1)?.name;
  if (newest === undefined || !isWritten(layout, newest)) return false;
  const known = knownFiles(index);
  for (const file of historyFiles(layout)) {
    const entry = known.get(file.path);
    known.delete(file.path);
    if (!file.path.startsWith(`${newest}/`)) {
      if (entry === undefined || !isAsKnown(layout, entry)) return false;
    } else if (entry !== undefined && !isAsKnown(layout, entry) && !hasGrown(layout, entry)) return false;
  }
  return known.size === 0;
}

/** By a process of this machine that is there, and had the lock when the invocation began. */
function isWritten(layout: Layout, invocation: string): boolean {
  const holder = readHolder(layout.kind === 'score' ? path.dirname(layout.root) : layout.root);
  if (holder === null || holder.host !== hostname() || hasJustEnded(holder)) return false;
  try {
    const text = readText(path.join(layout.history, invocation, 'invocation.json'));
    const { how, started_at } = JSON.parse(text ?? '{}') as Partial<InvocationRecord>;
    return how === 'running' && holder.since <= started_at!;
  } catch {
    return false;
  }
}

function isAsKnown(layout: Layout, { path: name, size, mtime_ms }: KnownFile): boolean {
  const state = fileState(path.join(layout.history, name));
  return state !== null && state.size === size && state.mtimeMs === mtime_ms;
}

function hasGrown(layout: Layout, entry: KnownFile): boolean {
  const full = path.join(layout.history, entry.path);
  const state = fileState(full);
  return state !== null && state.size > entry.size && goesOn(full, entry);
}
