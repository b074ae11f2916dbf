// expgraph gc: records that nobody would miss go into an archive. Off until somebody says yes.
import path from 'node:path';
import { jsonLine, sanitizeLine } from '../../core/text.ts';
import {
  archiveRecords,
  type GcPlan,
  isEmptyPlan,
  planGc,
  readCutoff,
  readKeep,
  restoreArchive,
  totalsOf,
} from '../../project/keep/collect-garbage.ts';
import { CommandError, EXIT } from '../../project/open/command-error.ts';
import { openExperiment } from '../../project/open/experiment.ts';
import { archivedLine, gcJson, gcTable, restoredLine } from '../../report/records/gc.ts';
import type { Io } from '../io.ts';
import { ask } from '../terminal/ask.ts';

export type GcCommandOptions = {
  readonly file: string;
  readonly olderThan?: string;
  readonly keep?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly wait?: boolean;
  readonly restore?: string;
  readonly argv: readonly string[];
};

export async function gcCommand(io: Io, options: GcCommandOptions): Promise<number> {
  const { argv, wait = false, json = false, dryRun = false, restore } = options;
  const limits = { olderThan: readCutoff(options.olderThan, io.clock.now()), keep: readKeep(options.keep) };
  const experiment = await openExperiment(io, options.file);
  const input = { experiment, argv, wait, ...limits };
  const about = (plan: GcPlan, archive: string | null) => {
    return { experiment: experiment.manifest.name, ...limits, archive, totals: totalsOf(plan) };
  };
  const print = (plan: GcPlan, archive: string | null): void => {
    const size = { columns: io.out.columns(), colors: io.out.colors };
    io.out.write(json ? jsonLine(gcJson(plan, about(plan, archive))) : gcTable(plan, size));
  };
  const archiveAll = async (agreed: GcPlan | null): Promise<number> => {
    const { plan, archive } = await archiveRecords(io, { ...input, agreed });
    if (agreed === null) print(plan, archive);
    if (archive === null || json) return EXIT.complete;
    const where = path.relative(io.cwd, path.join(experiment.root, 'archive', archive));
    io.out.write(archivedLine(about(plan, archive), where));
    return EXIT.complete;
  };

  if (restore !== undefined && dryRun) {
    throw new CommandError(
      'gc --restore has no dry run: it only adds what the archive holds; npx expgraph fsck counts what is in archives',
    );
  }
  if (restore !== undefined) {
    const restored = await restoreArchive(io, { ...input, archive: restore });
    const { archive, records, problems } = restored;
    if (!json) for (const problem of problems) io.err.write(`expgraph: ${sanitizeLine(problem)}\n`);
    io.out.write(json ? jsonLine({ restored: archive, records, problems }) : restoredLine(restored));
    return problems.length === 0 ? EXIT.complete : EXIT.store;
  }
  if (options.yes && !dryRun) return archiveAll(null);
  const plan = planGc(input);
  print(plan, null);
  if (isEmptyPlan(plan) || json || dryRun) return EXIT.complete;
  const answer = await ask('Type yes to archive them: ');
  if (answer.kind === 'answered' && answer.text.trim() === 'yes') return archiveAll(plan);
  const hint = answer.kind === 'nobody' ? '; npx expgraph gc --yes does it' : '';
  io.out.write(`${answer.kind === 'left' ? '\n' : ''}Nothing was done${hint}.\n`);
  return answer.kind === 'left' ? EXIT.interrupted : EXIT.complete;
}
