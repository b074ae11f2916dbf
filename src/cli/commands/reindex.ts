// expgraph reindex: index.db and runs/ anew from the history, which is the truth; of draws, and of scores.
import { rebuildIndex } from '../../project/keep/rebuild-index.ts';
import { openExperiment } from '../../project/open/experiment.ts';
import type { Io } from '../io.ts';

export async function reindexCommand(
  io: Io,
  options: { readonly file: string; readonly argv: readonly string[]; readonly wait?: boolean },
): Promise<number> {
  const { argv, wait = false } = options;
  const experiment = await openExperiment(io, options.file);
  const { records, files, scores } = await rebuildIndex(io, { experiment, wait, argv });
  const scored = scores === null ? '' : `; ${scores} scores`;
  io.out.write(`reindexed ${records} records; ${files} files in runs/ are as the history says${scored}\n`);
  return 0;
}
