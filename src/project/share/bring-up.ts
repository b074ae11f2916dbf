// Index and views of both stores, before and behind files that come from elsewhere.
import { existsSync } from 'node:fs';
import { scoresRoot } from '../../cache/disk/layout.ts';
import { borrowed } from '../../cache/disk/lock-handle.ts';
import { openLocked, openLockedScores } from '../../cache/files.ts';
import type { Hold } from '../../cache/store.ts';
import { refreshScores } from '../judge/score-phase.ts';
import type { Experiment } from '../open/experiment.ts';
import { notifyDiagnostics, type World } from '../open/world.ts';
import { viewCells } from '../select/plan-experiment.ts';

/**
 * Opening mends what a crash left and reads what is new into the index. Before: so that ours ends in whole lines. Behind: so that
 * whoever reads next finds what came, in the view as well.
 */
export function bringUp(
  world: Pick<World, 'notify'>,
  experiment: Experiment,
  {
    hold,
    views,
  }: { readonly hold: Hold & Parameters<typeof borrowed>[0]; readonly views: 'leave' | 'refresh' },
): void {
  const { root, redact, manifest } = experiment;
  using store = openLocked({ root, redact, lock: borrowed(hold) });
  using scores = existsSync(scoresRoot(root)) ? openLockedScores({ root, redact, hold }) : null;
  if (views === 'leave') {
    notifyDiagnostics(world, [...store.diagnostics, ...(scores?.diagnostics ?? [])]);
    return;
  }
  store.refreshView(viewCells(experiment, null));
  if (scores !== null && manifest.scorers.length > 0) refreshScores({ experiment, store, scores });
}
