// expgraph reindex: index.db and runs/ anew from the history, which is the truth; of draws, and of scores.

import { existsSync } from 'node:fs';
import { scoresRoot } from '../../cache/disk/layout.ts';
import { openLockedScores } from '../../cache/files.ts';
import { refreshScores } from '../../project/judge/score-phase.ts';
import { openExperiment } from '../../project/open/experiment.ts';
import { lockedStore } from '../../project/open/lock.ts';
import { notifyDiagnostics } from '../../project/open/world.ts';
import { viewCells } from '../../project/select/plan-experiment.ts';
import type { Io } from '../io.ts';

export async function reindexCommand(
  io: Io,
  options: { readonly file: string; readonly argv: readonly string[]; readonly wait?: boolean },
): Promise<number> {
  const experiment = await openExperiment(io, options.file);
  const { argv, wait = false } = options;
  using store = await lockedStore({ io, experiment, argv, wait, index: 'rebuild' });
  notifyDiagnostics(io, store.diagnostics);
  const files = store.refreshView(viewCells(experiment, null));
  let count = 0;
  for (const _ of store.records()) count++;
  const { root, redact, manifest } = experiment;
  let scored = '';
  if (existsSync(scoresRoot(root))) {
    using scores = openLockedScores({ root, redact, index: 'rebuild', hold: store.hold });
    notifyDiagnostics(io, scores.diagnostics);
    const judged = [...scores.records()].length;
    if (manifest.scorers.length > 0) refreshScores({ experiment, store, scores });
    scored = `; ${judged} scores`;
  }
  io.out.write(
    `reindexed ${count} records; ${files.length} files in runs/ are as the history says${scored}\n`,
  );
  return 0;
}
