// expgraph reindex: index.db and runs/ anew from the history, which is the truth; of draws, and of scores.
import { existsSync } from 'node:fs';
import { openLockedScores } from '../../cache/files.ts';
import { scoresRoot } from '../../cache/layout.ts';
import { openExperiment, printDiagnostics } from '../experiment.ts';
import type { Io } from '../io.ts';
import { lockedStore } from '../locked.ts';
import { viewCells } from '../planned.ts';
import { refreshScores } from '../score-phase.ts';

export async function reindexCommand(
  io: Io,
  options: { readonly file: string; readonly argv: readonly string[]; readonly wait?: boolean },
): Promise<number> {
  const experiment = await openExperiment(io, options.file);
  const { argv, wait = false } = options;
  using store = await lockedStore({ io, experiment, argv, wait, index: 'rebuild' });
  printDiagnostics(io, store.diagnostics);
  const files = store.refreshView(viewCells(experiment, null));
  let count = 0;
  for (const _ of store.records()) count++;
  const { root, redact, manifest } = experiment;
  let scored = '';
  if (existsSync(scoresRoot(root))) {
    using scores = openLockedScores({ root, redact, index: 'rebuild', hold: store.hold });
    printDiagnostics(io, scores.diagnostics);
    const judged = [...scores.records()].length;
    if (manifest.scorers.length > 0) refreshScores({ experiment, store, scores });
    scored = `; ${judged} scores`;
  }
  io.out.write(
    `reindexed ${count} records; ${files.length} files in runs/ are as the history says${scored}\n`,
  );
  return 0;
}
