// The store on files: opens under the lock, mends what a crash left, writes one invocation at a time.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { asInvocationId, invocationSequence, makeInvocationId } from '../core/brand.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { InvocationRecord } from '../core/record.ts';
import { type Redact, redactFields } from '../core/redact.ts';
import { err, ok, type Result } from '../core/result.ts';
import { catchUp } from './catch-up.ts';
import { makeFolder, moveFile, replaceFile, StoreError } from './durable.ts';
import { type IndexDb, openIndexDb, touchEveryPage } from './index-db.ts';
import { checkVersion, invocationFolders, type Layout, layoutOf, prepareFolders } from './layout.ts';
import { FREE_TEXT } from './lines.ts';
import { type Holder, type Lock, type LockBusy, takeLock } from './lock.ts';
import { makeReader } from './reader.ts';
import type { Store } from './store.ts';
import { refreshView } from './view.ts';
import { type HistoryWriter, makeHistoryWriter } from './writer.ts';

export type OpenOptions = {
  /** artifacts/<experiment> */
  readonly root: string;
  readonly holder: Holder;
  readonly redact: Redact;
  /** `rebuild`: make index.db anew whatever its state. */
  readonly index?: 'keep' | 'rebuild';
};

/** Opens a store for writing: one holder at a time. @throws StoreError where the disk or a newer format stands in the way. */
export function openStore({ root, holder, redact, index: wanted }: OpenOptions): Result<Store, LockBusy> {
  const layout = layoutOf(root);
  checkVersion(layout);
  makeFolder(root);
  const locked = takeLock(root, holder);
  if (locked.kind === 'err') return err(locked.error);
  try {
    prepareFolders(layout);
    const { index, diagnostics } = wanted === 'rebuild' ? rebuildIndex(layout) : openIndex(layout);
    return ok(makeStore({ layout, index, diagnostics, redact, lock: locked.value }));
  } catch (cause) {
    locked.value[Symbol.dispose]();
    throw cause;
  }
}

/** Rebuilds the index from the JSONL alone. No task re-runs because of it. */
function rebuildIndex(layout: Layout): {
  readonly index: IndexDb;
  readonly diagnostics: readonly Diagnostic[];
} {
  const fresh = `${layout.index}.new`;
  for (const suffix of ['', '-wal', '-shm']) setAside(layout, `${fresh}${suffix}`);
  const building = openIndexDb(fresh);
  let diagnostics: readonly Diagnostic[];
  try {
    diagnostics = catchUp({ index: building, layout, role: 'writer' });
    // Everything into the one file, so that renaming it moves all of it.
    building.database.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;');
  } finally {
    building[Symbol.dispose]();
  }
  for (const suffix of ['', '-wal', '-shm']) setAside(layout, `${layout.index}${suffix}`);
  moveFile(fresh, layout.index);
  return { index: openIndexDb(layout.index), diagnostics };
}

function openIndex(layout: Layout): {
  readonly index: IndexDb;
  readonly diagnostics: readonly Diagnostic[];
} {
  const existed = existsSync(layout.index);
  let index: IndexDb | null = null;
  try {
    if (!existed) return rebuildIndex(layout);
    index = openIndexDb(layout.index);
    const diagnostics = catchUp({ index, layout, role: 'writer' });
    touchEveryPage(index);
    return { index, diagnostics };
  } catch (cause) {
    if (cause instanceof StoreError || !existed) throw cause;
    // Damaged or of another version. It is derived: set aside and made anew.
    closeQuietly(index);
    const rebuilt = rebuildIndex(layout);
    return { index: rebuilt.index, diagnostics: [rebuiltNote(layout, cause), ...rebuilt.diagnostics] };
  }
}

function makeStore(at: {
  readonly layout: Layout;
  readonly index: IndexDb;
  readonly diagnostics: readonly Diagnostic[];
  readonly redact: Redact;
  /** Held until the store is closed. */
  readonly lock: Lock;
}): Store {
  const { layout, index } = at;
  const diagnostics = [...at.diagnostics];
  const reader = makeReader({ index, layout, diagnostics });
  let writer: HistoryWriter | null = null;
  const writeInvocation = (invocation: InvocationRecord): void => {
    const safe = redactFields(invocation, { fields: FREE_TEXT, redact: at.redact });
    const text = `${JSON.stringify(safe, null, 1)}\n`;
    replaceFile(path.join(layout.history, invocation.invocation, 'invocation.json'), [text]);
  };
  return {
    ...reader,
    get history() {
      return reader.history;
    },
    nextInvocation(startedAt) {
      const last = invocationFolders(layout).at(-1)?.sequence ?? 0;
      return makeInvocationId(last + 1, startedAt);
    },
    begin(invocation) {
      const id = asInvocationId(invocation.invocation);
      const folder = path.join(layout.history, id);
      makeFolder(folder);
      writeInvocation(invocation);
      writer = makeHistoryWriter({
        folder,
        invocation: id,
        sequence: invocationSequence(id)!,
        index,
        redact: at.redact,
      });
    },
    put(entry) {
      if (!writer) throw new Error('put before begin');
      return writer.put(entry);
    },
    async end(invocation) {
      await writer?.drain();
      writer?.close();
      writer = null;
      writeInvocation(invocation);
    },
    refreshView(cells) {
      return refreshView({
        index,
        layout,
        cells,
        forget(damaged) {
          index.transaction(() => {
            for (const { row, why } of damaged) {
              diagnostics.push(damageNote(why));
              index.statement('DELETE FROM records WHERE id = ?').run(row.id);
              index
                .statement('INSERT OR REPLACE INTO damage(file, offset, length, why) VALUES (?, ?, ?, ?)')
                .run(row.file, row.offset, row.length, why);
            }
            index.rebuildHeads();
          });
        },
      });
    },
    [Symbol.dispose]: () => {
      writer?.close();
      closeQuietly(index);
      at.lock[Symbol.dispose]();
    },
  };
}

/** Moved to quarantine/ under a free name; nothing is thrown away. */
function setAside(layout: Layout, file: string): void {
  if (!existsSync(file)) return;
  makeFolder(layout.quarantine);
  const base = path.basename(file);
  const taken = new Set(readdirSync(layout.quarantine));
  let name = base;
  for (let i = 2; taken.has(name); i++) name = `${base}.${i}`;
  moveFile(file, path.join(layout.quarantine, name));
}

function closeQuietly(index: IndexDb | null): void {
  try {
    index?.[Symbol.dispose]();
  } catch {
    // Closing a damaged database may fail; the lock and the history do not depend on it.
  }
}

function rebuiltNote(layout: Layout, cause: unknown): Diagnostic {
  return {
    severity: 'warning',
    code: 'index-rebuilt',
    message: `${layout.index} could not be used (${(cause as Error).message}): it was moved to quarantine/ and rebuilt from the history`,
    location: null,
    hint: null,
    related: [],
  };
}

function damageNote(why: string): Diagnostic {
  return {
    severity: 'warning',
    code: 'damaged-record',
    message: `a damaged record is not used: ${why}`,
    location: null,
    hint: 'expgraph fsck lists every damaged place; expgraph run draws the cell again',
    related: [],
  };
}
