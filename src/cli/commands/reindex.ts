// expgraph reindex: index.db and runs/ anew from the history, which is the truth.
import { openExperiment, printDiagnostics } from '../experiment.ts';
import type { Io } from '../io.ts';
import { lockedStore } from '../locked.ts';
import { viewCells } from '../planned.ts';

export async function reindexCommand(
  io: Io,
  options: { readonly file: string; readonly argv: readonly string[] },
): Promise<number> {
  const experiment = await openExperiment(io, options.file);
  using store = lockedStore({ io, experiment, argv: options.argv, index: 'rebuild' });
  printDiagnostics(io, store.diagnostics);
  const files = store.refreshView(viewCells(experiment, null));
  const count = [...store.records()].length;
  io.out.write(`reindexed ${count} records; ${files.length} files in runs/ are as the history says\n`);
  return 0;
}
