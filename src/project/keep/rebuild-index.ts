// index.db and runs/ anew from the history, which is the truth; of draws, and of scores.
import { existsSync } from 'node:fs';
import { scoresRoot } from '../../cache/disk/layout.ts';
import { openLockedScores } from '../../cache/files.ts';
import { refreshScores } from '../judge/score-phase.ts';
import type { Experiment } from '../open/experiment.ts';
import { lockedStore } from '../open/lock.ts';
import { notifyDiagnostics, type World } from '../open/world.ts';
import { viewCells } from '../select/plan-experiment.ts';

export type RebuildInput = {
  readonly experiment: Experiment;
  /** Wait for whoever has the store, however long that takes. */
  readonly wait: boolean;
  /** What others are told of who holds the store. */
  readonly argv: readonly string[];
};

export type Rebuilt = {
  readonly records: number;
  /** Files of the view. */
  readonly files: number;
  /** null = there are none. */
  readonly scores: number | null;
};

/** @throws CommandError where the store is in use */
export async function rebuildIndex(world: World, { experiment, argv, wait }: RebuildInput): Promise<Rebuilt> {
  using store = await lockedStore({ io: world, experiment, argv, wait, index: 'rebuild' });
  notifyDiagnostics(world, store.diagnostics);
  const files = store.refreshView(viewCells(experiment, null)).length;
  let records = 0;
  for (const _ of store.records()) records++;
  const { root, redact, manifest } = experiment;
  if (!existsSync(scoresRoot(root))) return { records, files, scores: null };
  using scores = openLockedScores({ root, redact, index: 'rebuild', hold: store.hold });
  notifyDiagnostics(world, scores.diagnostics);
  const judged = [...scores.records()].length;
  if (manifest.scorers.length > 0) refreshScores({ experiment, store, scores });
  return { records, files, scores: judged };
}
