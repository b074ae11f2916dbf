// expgraph reindex: index.db and runs/ anew from the history, which is the truth.
import { openExperiment, printDiagnostics } from '../experiment.ts';
import type { Io } from '../io.ts';
import { lockedStore } from '../locked.ts';
import { viewCells } from '../planned.ts';

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
  io.out.write(`reindexed ${count} records; ${files.length} files in runs/ are as the history says\n`);
  return 0;
}
