// The newest snapshot of an experiment, and whoever is told when there is a newer one.
//
// Nobody listens: each question looks at the files first, at most so often. Somebody listens: the files are looked at by a timer, and
// edits are told by a watcher. Either way what did not change is not read again, and a manifest with mistakes is a refusal until the
// next save. Reading takes its time where much is kept, so it rests for longer than it took.

import type { Filter } from '../../core/task.ts';
import type { Refusal } from '../../screens/screen.ts';
import type { FileWatch } from '../../watch/files.ts';
import { union, type Watched } from '../../watch/watch.ts';
import { CommandError } from '../open/command-error.ts';
import type { World } from '../open/world.ts';
import { keepScores } from './kept-scores.ts';
import { type Lease, lease } from './lease.ts';
import { brokenBy } from './screen-refusal.ts';
import {
  hangsOnStore,
  type OpenedManifest,
  openManifest,
  openSnapshot,
  type Snapshot,
  shareStore,
} from './snapshot.ts';
import { sourcesState, wasSavedSince } from './sources-state.ts';
import { makeStoreLook, type StoreState } from './store-state.ts';

export type Held =
  | { readonly snapshot: Snapshot; readonly refusal: null }
  | { readonly snapshot: null; readonly refusal: Refusal };

export type Live = Disposable & {
  /** Stays open while `use` goes on, whatever comes after it. */
  withNewest<Value>(use: (held: Held) => Value | Promise<Value>): Promise<Value>;
  revision(): string;
  /** What is shown is another, without anything having been read: more of the texts was searched. */
  announce(): void;
  onChange(listener: (revision: string) => void): () => void;
};

const LOOK_MS = 500;
/** Questions of one page come together. */
const FRESH_MS = 200;
/** A save is several events. */
const SETTLE_MS = 60;
/** Reading is at most so large a part of the time, as long as nobody waits for it longer than this. */
const REST = 4;
const MOST_REST_MS = 5_000;

type State = StoreState & { readonly sources: string };

/** @throws ManifestError, CommandError, StoreError where the experiment cannot be opened to begin with */
export async function openLive(
  world: World,
  input: { readonly file: string; readonly filter: Filter },
): Promise<Live> {
  const { clock } = world;
  const quiet: World = { ...world, notify: () => {} };
  // Two starts of a viewer never call different things the same.
  const stamp = clock.now().getTime().toString(36);
  let count = 1;
  let revision = `${stamp}-1`;
  let watched: Watched = { files: [], trees: [] };
  let saves = 0;
  let files: FileWatch | null = null;
  const scores = keepScores();
  const storeState = makeStoreLook();
  const beganMs = clock.now().getTime();
  let opened = await openedBy(world, (now) => {
    watched = now;
  });
  /** As files were when they were last looked at, and when what is shown was made of them. */
  let seen = stateOf(opened);
  // What was saved while it was read may have been read before.
  if (wasSavedSince(beganMs, watched, opened.experiment.manifest))
    seen = { ...seen, sources: 'saved meanwhile' };
  let shown = seen;
  let shared = shareStore(world, opened.experiment);
  let newest: Lease;
  try {
    newest = lease(await snapshotOf(world, { revision, before: null, isJudgedAnew: true }));
  } catch (cause) {
    shared.release();
    scores[Symbol.dispose]();
    throw cause;
  }
  shown = asRead(shown);
  seen = shown;
  let refusal: Refusal | null = null;
  let mayPass = false;
  let looking: Promise<void> | null = null;
  let lookedMs = clock.monotonicMs();
  let restMs = LOOK_MS;
  let cancelTimer: (() => void) | null = null;
  let isClosed = false;
  /** A time in which somebody listens: a page that is loaded again begins another one while files of the last are not watched yet. */
  let spell = 0;
  const listeners = new Set<(revision: string) => void>();

  async function openedBy(by: World, onWatched: (now: Watched) => void): Promise<OpenedManifest> {
    const manifest = await openManifest(by, input.file, onWatched);
    return { ...manifest, experiment: scores.of(manifest.experiment) };
  }

  function snapshotOf(
    by: World,
    of: Pick<Parameters<typeof openSnapshot>[1], 'revision' | 'before' | 'isJudgedAnew'>,
  ): Promise<Snapshot> {
    return openSnapshot(by, { ...opened, ...of, shared, filter: input.filter });
  }

  function stateOf({ experiment }: OpenedManifest): State {
    const sources = files === null ? sourcesState(watched, experiment.manifest) : String(saves);
    return { ...storeState(experiment.root), sources };
  }

  /** One at a time; whoever asks meanwhile waits for it. */
  function look(): Promise<void> {
    looking ??= lookNow().finally(() => {
      looking = null;
      lookedMs = clock.monotonicMs();
    });
    return looking;
  }

  async function lookNow(): Promise<void> {
    if (isClosed) return;
    const beganMs = clock.monotonicMs();
    const next = `${stamp}-${count + 1}`;
    try {
      const now = stateOf(opened);
      if (isSame(now, seen) && !mayPass) return;
      seen = now;
      await renew(now, next);
      refusal = null;
      mayPass = false;
    } catch (cause) {
      // No save mends a disk that refuses: it is tried again, and told once.
      mayPass = !(cause instanceof CommandError);
      const before = refusal;
      refusal = brokenBy(cause, world.cwd);
      if (mayPass && before?.message === refusal.message) return;
    }
    count++;
    revision = next;
    restMs = Math.min(MOST_REST_MS, Math.max(LOOK_MS, REST * (clock.monotonicMs() - beganMs)));
    tell();
  }

  async function renew(now: State, next: string): Promise<void> {
    const isDrawn = now.draws !== shown.draws;
    const isEdited = now.sources !== shown.sources || (hangsOnStore(opened.experiment) && isDrawn);
    if (isEdited || refusal !== null) await reopen();
    const isJudgedAnew = now.scores !== shown.scores;
    if (isJudgedAnew) scores.refresh();
    const { experiment } = opened;
    if (newest.isOf(experiment) && !isDrawn && !isJudgedAnew) newest.renamed(next);
    else {
      // An experiment of another name is kept elsewhere.
      const isMoved = !newest.isOf(experiment) && newest.current().experiment.root !== experiment.root;
      if (isMoved || (isDrawn && !shared.store.refresh())) {
        const before = shared;
        shared = shareStore(quiet, experiment);
        before.release();
      }
      const before = newest.current();
      const snapshot = await snapshotOf(quiet, { revision: next, before, isJudgedAnew });
      newest.close();
      newest = lease(snapshot);
      if (isClosed) newest.close();
    }
    shown = asRead(now);
    seen = { ...seen, draws: shown.draws, scores: shown.scores };
  }

  /** What was written while it was read shows in no file that changes again: it is looked for once more. */
  function asRead(now: State): State {
    const draws = shared.store.isBehind() ? `behind ${now.draws}` : now.draws;
    return { ...now, draws, scores: scores.isBehind() ? `behind ${now.scores}` : now.scores };
  }

  async function reopen(): Promise<void> {
    const sound = opened.watched;
    const sinceMs = clock.now().getTime();
    opened = await openedBy(quiet, (read) => {
      // After a mistake the files of the last sound manifest still count.
      watched = union(sound, read);
    });
    ({ watched } = opened);
    await files?.renew(watched, sinceMs);
  }

  function tell(): void {
    for (const listener of [...listeners]) listener(revision);
  }

  function wait(ms: number): void {
    cancelTimer?.();
    if (isClosed || listeners.size === 0) {
      cancelTimer = null;
      return;
    }
    cancelTimer = clock.after(ms, () => {
      cancelTimer = null;
      void look().then(() => wait(restMs));
    });
  }

  async function watchFiles(): Promise<void> {
    const mine = ++spell;
    const isOver = (): boolean => isClosed || mine !== spell;
    const { openFileWatch } = await import('../../watch/files.ts');
    const watch = openFileWatch({
      onSaved() {
        saves++;
        if (looking === null) wait(SETTLE_MS);
      },
      onTrouble: () => {},
    });
    const sinceMs = clock.now().getTime();
    let list: Watched;
    do {
      list = watched;
      await watch.renew(list, sinceMs);
      // What was saved until it watched shows once more by its time.
      if (!isOver()) await look();
      // A manifest that was saved meanwhile may name other files.
    } while (list !== watched && !isOver());
    if (isOver()) return watch.close();
    files = watch;
    seen = { ...seen, sources: String(saves) };
  }

  return {
    revision: () => revision,
    announce() {
      count++;
      revision = `${stamp}-${count}`;
      newest.renamed(revision);
      tell();
    },
    async withNewest(use) {
      if (listeners.size === 0 && clock.monotonicMs() - lookedMs > FRESH_MS) await look();
      if (refusal !== null) return use({ snapshot: null, refusal });
      return newest.during((snapshot) => use({ snapshot, refusal: null }));
    },
    onChange(listener) {
      listeners.add(listener);
      if (listeners.size === 1) {
        wait(LOOK_MS);
        // Without a watcher the times of files tell.
        watchFiles().catch(() => {});
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        spell++;
        wait(0);
        void files?.close();
        files = null;
        seen = { ...seen, sources: '' };
      };
    },
    [Symbol.dispose]() {
      isClosed = true;
      listeners.clear();
      cancelTimer?.();
      void files?.close();
      newest.close();
      shared.release();
      scores[Symbol.dispose]();
    },
  };
}

function isSame(a: State, b: State): boolean {
  return (
    a.sources === b.sources &&
    a.draws === b.draws &&
    a.scores === b.scores &&
    a.reviews === b.reviews &&
    a.holder === b.holder
  );
}
