// expgraph init --from-promptfoo, --from-inspect, --from-data: a file of another tool becomes an experiment.
import path from 'node:path';
import { experimentFromFile, type Origin } from '../../project/init/from-file.ts';
import { fromFileText } from '../../report/setup/init-from.ts';
import type { Io } from '../io.ts';

export type FromFileOptions = { readonly real?: boolean; readonly dryRun?: boolean };

/** Writes nothing if any of its files is there already, or what it would write has a mistake. */
export async function initFromFile(
  io: Io,
  given: { readonly folder: string; readonly from: Origin; readonly file: string },
  { real = false, dryRun = false }: FromFileOptions,
): Promise<number> {
  const folder = path.resolve(io.cwd, given.folder);
  const made = await experimentFromFile(io, {
    from: given.from,
    file: path.resolve(io.cwd, given.file),
    folder,
    dryRun,
    answers: real ? 'real' : 'simulated',
    again: ` --from-${given.from} ${given.file}`,
  });
  const shown = folder === io.cwd ? null : path.relative(io.cwd, folder) || folder;
  io.out.write(fromFileText(made, { folder: shown, dryRun }));
  return 0;
}
