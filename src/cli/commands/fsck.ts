// expgraph fsck: checks the store from the ground. Without --repair it takes no lock and writes nothing.
import path from 'node:path';
import { jsonLine } from '../../core/text.ts';
import { checkStore, isSound } from '../../project/keep/check-store.ts';
import { EXIT } from '../../project/open/command-error.ts';
import { openExperiment } from '../../project/open/experiment.ts';
import { fsckJson, fsckText } from '../../report/records/fsck.ts';
import type { Io } from '../io.ts';

export type FsckOptions = {
  readonly file: string;
  readonly json?: boolean;
  readonly repair?: boolean;
  readonly dryRun?: boolean;
  readonly wait?: boolean;
  readonly argv: readonly string[];
};

export async function fsckCommand(io: Io, options: FsckOptions): Promise<number> {
  const { argv, wait = false } = options;
  const experiment = await openExperiment(io, options.file);
  const repair = options.repair === true && !options.dryRun;
  const report = await checkStore(io, { experiment, repair, wait, argv });
  const hasRemote = experiment.manifest.remote !== undefined;
  const shown = (file: string): string => path.relative(io.cwd, file);
  io.out.write(options.json ? jsonLine(fsckJson(report, shown)) : fsckText(report, { shown, hasRemote }));
  return isSound(report) ? EXIT.complete : EXIT.store;
}
