// Checks what is kept from the ground: draws, and scores where there are any. With `repair` what is derived is put right.
import { existsSync } from 'node:fs';
import { scoresRoot } from '../../cache/disk/layout.ts';
import { borrowed } from '../../cache/disk/lock-handle.ts';
import { type Finding, type FsckInput, type FsckReport, fsck } from '../../cache/fsck/fsck.ts';
import { repair } from '../../cache/fsck/repair.ts';
import type { Experiment } from '../open/experiment.ts';
import { takeStoreLock } from '../open/lock.ts';
import type { World } from '../open/world.ts';
import { checkReviews, mendReviews } from '../review/check-reviews.ts';
import { reviewsFolder } from '../review/files.ts';
import { keyOfRecord, viewCells } from '../select/plan-experiment.ts';

export type CheckStoreInput = {
  readonly experiment: Experiment;
  /** What is derived is mended, what crashes left is cleared away. Without it no lock is taken and nothing is written. */
  readonly repair: boolean;
  /** With `repair`: wait for whoever has the store, however long that takes. */
  readonly wait: boolean;
  /** What others are told of who holds the store. */
  readonly argv: readonly string[];
};

export type StoreCheck = FsckReport & {
  /** Absolute file names in all findings. null = nothing was to be mended. */
  readonly mended: readonly Finding[] | null;
  /** Scores that were checked; undefined = there are none. */
  readonly scores?: number;
  /** Reviews that were checked; undefined = there are none. */
  readonly reviews?: number;
};

/** @throws CommandError where the store is in use, StoreError where it cannot be read at all */
export async function checkStore(world: World, input: CheckStoreInput): Promise<StoreCheck> {
  const { experiment, argv, wait } = input;
  const { root, redact } = experiment;
  const draws = { root, cells: viewCells(experiment, null), keyOf: keyOfRecord };
  const lock = input.repair ? await takeStoreLock({ io: world, experiment, argv, wait }) : null;
  // Both stores stand behind one lock, which is given back at the end.
  const check = (store: FsckInput): StoreCheck =>
    lock ? repair({ ...store, redact, lock: borrowed(lock) }) : { ...fsck(store), mended: null };
  try {
    const scores = scoresRoot(root);
    const checked = existsSync(scores)
      ? both(check(draws), check({ root: scores, cells: null, keyOf: keyOfRecord, kind: 'score' }))
      : check(draws);
    return existsSync(reviewsFolder(root)) ? withReviews(checked, root) : checked;
  } finally {
    lock?.[Symbol.dispose]();
  }
}

/** Whether something is to be done: notes are for whoever wonders. */
export function isSound({ findings }: Pick<StoreCheck, 'findings'>): boolean {
  return findings.every(({ severity }) => severity === 'note');
}

function withReviews(store: StoreCheck, root: string): StoreCheck {
  const before = checkReviews(root);
  if (store.mended !== null) mendReviews(root);
  const { findings, reviews } = store.mended === null ? before : checkReviews(root);
  const left = new Set(findings.map((finding) => JSON.stringify(finding)));
  const mended = before.findings.filter((finding) => !left.has(JSON.stringify(finding)));
  return {
    ...store,
    findings: [...store.findings, ...findings],
    mended: store.mended && [...store.mended, ...mended],
    ...(reviews === 0 ? {} : { reviews }),
  };
}

function both(draws: StoreCheck, scores: StoreCheck): StoreCheck {
  const { files, records, parts, blobs, archived } = scores.checked;
  const { checked } = draws;
  return {
    findings: [...draws.findings, ...scores.findings],
    mended: draws.mended && [...draws.mended, ...(scores.mended ?? [])],
    checked: {
      files: checked.files + files,
      records: checked.records,
      parts: checked.parts + parts,
      blobs: checked.blobs + blobs,
      archived: checked.archived + archived,
    },
    scores: records,
  };
}
