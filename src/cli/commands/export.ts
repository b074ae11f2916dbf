// expgraph export: what is kept, in the forms that other programs read.
import path from 'node:path';
import { replaceFile } from '../../cache/disk/durable.ts';
import { sanitizeBlock, sanitizeLine } from '../../core/text.ts';
import { type ExportInput, exportResults, type WriteChunks } from '../../project/exchange/export.ts';
import { CommandError, EXIT } from '../../project/open/command-error.ts';
import { openExperiment } from '../../project/open/experiment.ts';
import { type FilterOptions, makeFilter } from '../../project/open/filters.ts';
import type { Io } from '../io.ts';

export type ExportOptions = FilterOptions & {
  readonly file: string;
  readonly format: ExportInput['form']['kind'];
  readonly output: string;
  readonly at?: string;
  readonly all?: boolean;
  readonly raw?: boolean;
  readonly bom?: boolean;
  readonly delimiter?: string;
};

export async function exportCommand(io: Io, options: ExportOptions): Promise<number> {
  const { format, output, at: moment } = options;
  const form = formOf(io, options);
  const experiment = await openExperiment(io, options.file);
  const { exported, damaged } = await exportResults(io, {
    experiment,
    filter: makeFilter(options),
    selection: moment === undefined ? { kind: options.all ? 'all' : 'view' } : { kind: 'at', moment },
    form,
  });
  if (damaged > 0)
    io.err.write(
      `expgraph: ${damaged} damaged records are ${format === 'junit' ? 'told as errors' : 'left out'}; \`npx expgraph fsck\` lists them\n`,
    );
  if (output !== '-') io.err.write(`exported ${exported} records to ${sanitizeLine(output)}\n`);
  return damaged > 0 ? EXIT.incomplete : EXIT.complete;
}

/** @throws CommandError on options that exclude each other */
function formOf(io: Io, options: ExportOptions): ExportInput['form'] {
  const { format, output, at, all, raw, bom, delimiter } = options;
  if (at !== undefined && all) throw new CommandError('--at and --all exclude each other');
  if (format === 'inspect' && output === '-')
    throw new CommandError('--format inspect writes several files: name a folder with -o');
  if (format !== 'csv' && (raw || bom || delimiter !== undefined))
    throw new CommandError('--raw, --bom and --delimiter are of --format csv');
  const file = path.resolve(io.cwd, output);
  if (format === 'inspect') return { kind: format, folder: file };
  const write: WriteChunks = (chunks) => {
    if (output !== '-') replaceFile(file, chunks);
    // On a screen nobody parses it: what would move the cursor is shown.
    else for (const chunk of chunks) io.out.raw(io.out.isTerminal ? sanitizeBlock(chunk) : chunk);
  };
  if (format !== 'csv') return { kind: format, write };
  const csv = { formulas: raw ? 'raw' : 'guarded', mark: bom ? 'bom' : 'none' } as const;
  return { kind: format, write, delimiter: delimiterOf(delimiter), ...csv };
}

const DELIMITERS: readonly string[] = [',', ';', '|', '\t'];

function delimiterOf(given: string | undefined): string {
  if (given === undefined) return ',';
  const named = given === 'tab' || given === '\\t' ? '\t' : given;
  if (DELIMITERS.includes(named)) return named;
  throw new CommandError('--delimiter is one of , ; | and tab: no other is known to every reader');
}
