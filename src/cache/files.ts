// The store on files: opens under the lock, mends what a crash left, writes one invocation at a time.
import path from 'node:path';
import type { Diagnostic } from '../core/diagnostic.ts';
import { asInvocationId, makeInvocationId, orderOf } from '../core/invocation-id.ts';
import type { AnyRecord, InvocationRecord, ScenarioResult, ScoreRecord } from '../core/record.ts';
import { type Redact, redactFields } from '../core/redact.ts';
import { ok, type Result } from '../core/result.ts';
import { makeBlobWriter, makeFileKeeper } from './disk/blobs.ts';
import { makeFolder, replaceFile } from './disk/durable.ts';
import {
  checkVersion,
  invocationFolders,
  type Layout,
  layoutOf,
  prepareFolders,
  scoresRoot,
} from './disk/layout.ts';
import { FREE_TEXT } from './disk/lines.ts';
import { type Holder, type Lock, type LockBusy, takeLock } from './disk/lock.ts';
import { takeLockApart } from './disk/lock-apart.ts';
import { borrowed, type Hold } from './disk/lock-handle.ts';
import { newOrigin } from './disk/origin.ts';
import { type HistoryWriter, makeHistoryWriter } from './history/writer.ts';
import type { IndexDb } from './index/index-db.ts';
import { closeQuietly, openIndex, rebuildIndex } from './index/open-index.ts';
import { makeReader } from './index/reader.ts';
import type { ScoreStore, Store } from './store.ts';
import { refreshScoreView } from './view/score-view.ts';
import { refreshView } from './view/view.ts';

export type OpenOptions = {
  /** artifacts/<experiment> */
  readonly root: string;
  readonly holder: Holder;
  readonly redact: Redact;
  /** `rebuild`: make index.db anew whatever its state. */
  readonly index?: 'keep' | 'rebuild';
  /** What the names of its invocations end in; left out = unlike any other's. */
  readonly origin?: () => string | null;
};

/** Opens a store for writing: one holder at a time. @throws StoreError where the disk or a newer format stands in the way. */
export function openStore(options: OpenOptions): Result<Store, LockBusy> {
  const locked = lockStore(options);
  if (locked.kind === 'err') return locked;
  try {
    return ok(openLocked({ ...options, lock: locked.value }));
  } catch (cause) {
    locked.value[Symbol.dispose]();
    throw cause;
  }
}

/** Takes a store's lock and nothing else; what its crashes left is still there to be looked at. */
export function lockStore({ root, holder }: Pick<OpenOptions, 'root' | 'holder'>): Result<Lock, LockBusy> {
  checkVersion(layoutOf(root));
  makeFolder(root);
  return takeLock(root, holder);
}

/** As lockStore, with the lock out of the reach of any code that runs in this process; costs the start of a process. */
export async function lockStoreApart({
  root,
  holder,
}: Pick<OpenOptions, 'root' | 'holder'>): Promise<Result<Lock, LockBusy>> {
  checkVersion(layoutOf(root));
  makeFolder(root);
  return await takeLockApart(root, holder);
}

/** Opens a store whose lock is held; closing the store gives the lock back. */
export function openLocked(input: Omit<OpenOptions, 'holder'> & { readonly lock: Lock }): Store {
  return openLockedAt<ScenarioResult>(layoutOf(input.root), input).store;
}

/** Scores, behind the lock of the experiment's draws: its holder gives it back. */
export function openLockedScores(input: Omit<OpenOptions, 'holder'> & { readonly hold: Hold }): ScoreStore {
  const layout = layoutOf(scoresRoot(input.root), 'score');
  const { store, index } = openLockedAt<ScoreRecord>(layout, { ...input, lock: borrowed(input.hold) });
  const refreshScores: ScoreStore['refreshScores'] = (lines) => {
    input.hold.check();
    return refreshScoreView({ index, layout, lines });
  };
  // Its getters stay what they are: `history` is a snapshot taken when it is asked for.
  return Object.defineProperties({ refreshScores } as ScoreStore, Object.getOwnPropertyDescriptors(store));
}

function openLockedAt<R extends AnyRecord>(
  layout: Layout,
  input: Omit<OpenOptions, 'holder'> & { readonly lock: Lock },
): { readonly store: Store<R>; readonly index: IndexDb } {
  prepareFolders(layout);
  const { index, diagnostics } = input.index === 'rebuild' ? rebuildIndex(layout) : openIndex(layout);
  return {
    store: makeStore<R>({ ...input, layout, index, diagnostics }),
    index,
  };
}

function makeStore<R extends AnyRecord>(input: {
  readonly layout: Layout;
  readonly index: IndexDb;
  readonly diagnostics: readonly Diagnostic[];
  readonly redact: Redact;
  /** Held until the store is closed. */
  readonly lock: Lock;
  readonly origin?: () => string | null;
}): Store<R> {
  const { layout, index, lock } = input;
  const diagnostics = [...input.diagnostics];
  const reader = makeReader<R>({ index, layout, diagnostics });
  let writer: HistoryWriter | null = null;
  let keepFile: ReturnType<typeof makeFileKeeper> | null = null;
  const writeInvocation = (invocation: InvocationRecord): void => {
    const safe = redactFields(invocation, { fields: FREE_TEXT, redact: input.redact });
    const text = `${JSON.stringify(safe, null, 1)}\n`;
    replaceFile(path.join(layout.history, invocation.invocation, 'invocation.json'), [text]);
  };
  return {
    ...reader,
    get history() {
      return reader.history;
    },
    nextInvocation(startedAt) {
      // One number for whatever an invocation does: it may draw, score, or both.
      const others = layout.kind === 'score' ? [] : invocationFolders(layoutOf(scoresRoot(layout.root)));
      const last = Math.max(
        0,
        ...[invocationFolders(layout), others].map((all) => all.at(-1)?.sequence ?? 0),
      );
      return makeInvocationId(last + 1, startedAt, (input.origin ?? newOrigin)());
    },
    hold: lock,
    begin(invocation) {
      lock.check();
      const id = asInvocationId(invocation.invocation);
      const folder = path.join(layout.history, id);
      makeFolder(folder);
      writeInvocation(invocation);
      writer = makeHistoryWriter({
        folder,
        invocation: id,
        order: orderOf(id)!,
        index,
        redact: input.redact,
        hold: lock,
        keepBlob: makeBlobWriter(layout),
      });
    },
    put(entry) {
      if (!writer) throw new Error('put before begin');
      return writer.put(entry) as Promise<R>;
    },
    keepFile(ref, read) {
      lock.check();
      keepFile ??= makeFileKeeper(layout);
      return keepFile(ref, read);
    },
    log(line) {
      if (!writer) throw new Error('log before begin');
      return writer.log(line);
    },
    async end(invocation) {
      await writer?.drain();
      writer?.close();
      writer = null;
      await lock.confirm();
      writeInvocation(invocation);
    },
    refreshView(cells) {
      lock.check();
      return refreshView({
        index,
        layout,
        cells,
        forget(damaged) {
          index.transaction(() => {
            for (const { row, why } of damaged) {
              diagnostics.push(damageNote(why));
              index.statement('DELETE FROM kept WHERE id = ?').run(row.id);
              index.addDamage({ place: row, why, record: row });
            }
          });
        },
      });
    },
    [Symbol.dispose]: () => {
      writer?.close();
      closeQuietly(index);
      lock[Symbol.dispose]();
    },
  };
}

function damageNote(why: string): Diagnostic {
  return {
    severity: 'warning',
    code: 'damaged-record',
    message: `a damaged record is not used: ${why}`,
    location: null,
    hint: 'npx expgraph fsck lists every damaged place; npx expgraph run draws the cell again',
    related: [],
  };
}
