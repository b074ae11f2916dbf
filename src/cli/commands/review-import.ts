// expgraph review import: verdicts that were made elsewhere.
import { jsonLine } from '../../core/text.ts';
import { EXIT } from '../../project/open/command-error.ts';
import { openExperiment } from '../../project/open/experiment.ts';
import { importVerdicts } from '../../project/review/import-verdicts.ts';
import { importedText } from '../../report/review/import.ts';
import type { Io } from '../io.ts';

export type ReviewImportOptions = {
  readonly file: string;
  readonly files: readonly string[];
  readonly review?: string;
  readonly json?: boolean;
};

export async function reviewImportCommand(io: Io, options: ReviewImportOptions): Promise<number> {
  const { files, review = null, json = false } = options;
  const experiment = await openExperiment(io, options.file);
  const imported = await importVerdicts(io, { experiment, files, review });
  io.out.write(json ? jsonLine(imported) : importedText(imported));
  return EXIT.complete;
}
