// expgraph import: results made elsewhere become history, as one invocation of its own.
import path from 'node:path';
import { jsonLine } from '../../core/text.ts';
import type { ImportFormat } from '../../exchange/imported.ts';
import { importResults } from '../../project/exchange/import.ts';
import { readMapping } from '../../project/exchange/import-mapping.ts';
import { CommandError, EXIT } from '../../project/open/command-error.ts';
import { openExperiment } from '../../project/open/experiment.ts';
import { importJson, importText } from '../../report/exchange/import.ts';
import type { Io } from '../io.ts';

export type ImportOptions = {
  readonly file: string;
  readonly sources: readonly string[];
  readonly format?: ImportFormat;
  readonly map?: readonly string[];
  readonly score?: readonly string[];
  readonly mapping?: string;
  readonly runsFrom: string;
  readonly variant?: string;
  readonly supersede?: boolean;
  readonly nextRuns?: boolean;
  readonly requests?: string;
  readonly skipBad?: boolean;
  readonly dryRun?: boolean;
  readonly offlineRemote?: boolean;
  readonly json?: boolean;
  readonly wait?: boolean;
  readonly argv: readonly string[];
};

export async function importCommand(io: Io, options: ImportOptions): Promise<number> {
  const { sources, format = null, requests = null, argv } = options;
  const { skipBad = false, dryRun = false, wait = false, json = false } = options;
  if (options.supersede && options.nextRuns)
    throw new CommandError('--supersede and --next-runs are two answers to one question: give one of them');
  const taken = options.supersede ? 'supersede' : options.nextRuns ? 'next' : 'refuse';
  const remote = options.offlineRemote ? 'no' : dryRun ? 'pull' : 'both';
  const experiment = await openExperiment(io, options.file);
  const mapping = await readMapping(io, options);
  const result = await importResults(io, {
    ...{ experiment, sources, format, mapping, taken, requests },
    ...{ skipBad, dryRun, findNext: !json, wait, argv, remote },
  });
  const manifest = path.basename(experiment.manifest.file);
  const shown = { columns: io.out.columns(), colors: io.out.colors, manifest };
  const facts = { ...result, dryRun };
  io.out.write(json ? jsonLine(importJson(facts)) : importText(facts, shown));
  return result.kept.stopped ? EXIT.interrupted : EXIT.complete;
}
