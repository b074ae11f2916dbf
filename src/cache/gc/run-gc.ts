// gc as a whole: planned from the history itself, done behind the lock, index and view brought after it.
import { invocationsMeant } from '../../core/invocation-id.ts';
import type { Redact } from '../../core/redact.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { archivedFiles, archiveNames } from '../disk/archives.ts';
import { checkVersion, type Layout, layoutOf, prepareFolders } from '../disk/layout.ts';
import { borrowed, type Lock } from '../disk/lock-handle.ts';
import { openLocked } from '../files.ts';
import { catchUp } from '../index/catch-up.ts';
import { forgetIndexed } from '../index/forget.ts';
import { openIndexDb } from '../index/index-db.ts';
import { openCurrentIndex } from '../index/open-index.ts';
import type { ViewCell } from '../store.ts';
import { collect } from './gc.ts';
import { type GcOptions, type GcPlan, planGc } from './gc-plan.ts';
import { type Restored, restoreArchive } from './restore.ts';

type Input = { readonly root: string; readonly cells: Iterable<ViewCell> };
type Locked = Input & { readonly redact: Redact /** Given back at the end. */; readonly lock: Lock };

/** What gc would do. Takes no lock and writes nothing. */
export function dryGc(input: Input & { readonly options: GcOptions }): GcPlan {
  const layout = layoutOf(input.root);
  checkVersion(layout);
  using opened = disposable(openCurrentIndex(layout));
  return planGc({ ...input, layout, index: opened.index });
}

/**
 * Does it. The plan is made of an index that is read from the history itself: what is derived may be wrong, and this
 * decides what leaves.
 * @returns the archive's name, null where nothing goes; an error where the plan is not the one that was agreed to.
 */
export function runGc(
  input: Locked & {
    readonly options: GcOptions;
    /** The plan that a person agreed to; null = any. */
    readonly agreed: GcPlan | null;
    readonly now: Date;
    readonly argv: readonly string[];
    readonly expgraph: string;
    readonly origin?: () => string | null;
  },
): Result<{ readonly plan: GcPlan; readonly archive: string | null }, 'changed'> {
  using _lock = input.lock;
  const layout = layoutOf(input.root);
  prepareFolders(layout);
  using index = openIndexDb(':memory:');
  catchUp({ index, layout, role: 'writer' });
  const plan = planGc({ ...input, layout, index });
  if (input.agreed && JSON.stringify(input.agreed.groups) !== JSON.stringify(plan.groups))
    return err('changed');
  input.lock.check();
  if (!isNothing(plan)) forgetIndexed(layout, [...plan.lines.keys()]);
  const archive = isNothing(plan) ? null : collect({ ...input, layout, plan });
  bringAfter(input);
  return ok({ plan, archive });
}

export function isNothing(plan: GcPlan): boolean {
  return plan.groups.length === 0 && plan.orphans.length === 0;
}

/** Puts an archive back: `7` or its whole name. */
export function runRestore(
  input: Locked & { readonly archive: string },
): Result<Restored & { readonly archive: string }, string> {
  using _lock = input.lock;
  const layout = layoutOf(input.root);
  const archive = findArchive(layout, input.archive);
  if (archive.kind === 'err') return archive;
  // Torn tails are mended first: lines are put back into whole files.
  bringAfter(input);
  forgetIndexed(layout, archivedFiles(layout, archive.value));
  const restored = restoreArchive(layout, archive.value);
  bringAfter(input);
  return ok({ archive: archive.value, ...restored });
}

function findArchive(layout: Layout, wanted: string): Result<string, string> {
  const names = archiveNames(layout);
  const found = invocationsMeant(wanted, names);
  if (found.length === 1) return ok(found[0]!);
  if (found.length > 1)
    return err(`there are ${found.length} archives ${wanted}: ${found.join(', ')}; write the name of one`);
  return err(`there is no archive ${wanted}; there are: ${names.join(', ') || 'none'}`);
}

function bringAfter({ root, redact, cells, ...at }: Locked): void {
  // The lock is ours already and outlives this store.
  const lock = borrowed(at.lock);
  using store = openLocked({ root, redact, index: 'keep', lock });
  store.refreshView(cells);
}

function disposable<Opened extends { readonly index: Disposable }>(opened: Opened): Opened & Disposable {
  return { ...opened, [Symbol.dispose]: () => opened.index[Symbol.dispose]() };
}
