// expgraph export: what is kept, in the forms that other programs read.

import path from 'node:path';
import { replaceFile } from '../../cache/disk/durable.ts';
import type { StoreReader } from '../../cache/store.ts';
import { asksOutcome } from '../../core/task.ts';
import { sanitizeBlock, sanitizeLine } from '../../core/text.ts';
import { flatten } from '../../exchange/exported.ts';
import { csvLines, jsonLines } from '../../exchange/write-flat.ts';
import { exportInspect } from '../../project/exchange/export-inspect.ts';
import { exportJunit } from '../../project/exchange/export-junit.ts';
import { type ExportReader, makeExportReader } from '../../project/exchange/export-reader.ts';
import { exportRows } from '../../project/exchange/export-rows.ts';
import { CommandError, EXIT } from '../../project/open/command-error.ts';
import { openExperiment } from '../../project/open/experiment.ts';
import { type FilterOptions, makeFilter, namesOnly, outcomeWords } from '../../project/open/filters.ts';
import { notifyDiagnostics } from '../../project/open/world.ts';
import { findMoment } from '../../project/select/find-records.ts';
import { makeRowFilter } from '../../project/select/row-filter.ts';
import { checkFilter } from '../../project/select/unmatched.ts';
import type { Io } from '../io.ts';

export type ExportOptions = FilterOptions & {
  readonly file: string;
  readonly format: 'csv' | 'jsonl' | 'junit' | 'inspect';
  readonly output: string;
  readonly at?: string;
  readonly all?: boolean;
  readonly raw?: boolean;
  readonly bom?: boolean;
  readonly delimiter?: string;
};

export async function exportCommand(io: Io, options: ExportOptions): Promise<number> {
  const { format, output } = options;
  const delimiter = checkOptions(options);
  const experiment = await openExperiment(io, options.file);
  using store = experiment.stores.read();
  notifyDiagnostics(io, store.diagnostics);
  const selection =
    options.at !== undefined
      ? ({ kind: 'at', moment: findMoment(store, options.at) } as const)
      : ({ kind: options.all ? 'all' : 'view' } as const);
  const filter = makeFilter(options);
  const rows = exportRows({ experiment, store, filter, selection });
  if (rows.length === 0) {
    checkFilter(experiment, filter, () => isNamed(store, makeRowFilter(experiment, namesOnly(filter))));
    if (asksOutcome(filter))
      throw new CommandError(`there is no record to export: no cell in scope is ${outcomeWords(filter)}`);
    throw new CommandError('there is no record to export; `npx expgraph status` tells what is there');
  }
  using records = makeExportReader({ experiment, store });
  const write = (chunks: Iterable<string>, file = output): void => {
    if (file !== '-') replaceFile(path.resolve(io.cwd, file), chunks);
    // On a screen nobody parses it: what would move the cursor is shown.
    else for (const chunk of chunks) io.out.raw(io.out.isTerminal ? sanitizeBlock(chunk) : chunk);
  };
  const of = { io, experiment, store, filter, selection, rows, records };
  if (format === 'jsonl') write(jsonLines(records.flat(rows)));
  else if (format === 'csv') {
    const formulas = options.raw ? 'raw' : 'guarded';
    const mark = options.bom ? 'bom' : 'none';
    write(csvLines(records.flat(rows), { columns: columnsOf(records, rows), formulas, delimiter, mark }));
  } else if (format === 'junit') write(exportJunit({ ...of, gate: [] }));
  else exportInspect({ ...of, folder: path.resolve(io.cwd, output) });
  const damaged = records.damaged();
  if (damaged > 0)
    io.err.write(
      `expgraph: ${damaged} damaged records are ${format === 'junit' ? 'told as errors' : 'left out'}; \`npx expgraph fsck\` lists them\n`,
    );
  if (output !== '-') io.err.write(`exported ${rows.length - damaged} records to ${sanitizeLine(output)}\n`);
  return damaged > 0 ? EXIT.incomplete : EXIT.complete;
}

/** What is there of cells that the manifest does not hold is no slip of the pen. */
function isNamed(store: StoreReader, means: ReturnType<typeof makeRowFilter>): boolean {
  for (const row of store.everyRecord()) if (means(row)) return true;
  return false;
}

/** @returns the character between the fields of CSV @throws CommandError on options that exclude each other */
function checkOptions({ format, output, at, all, raw, bom, delimiter }: ExportOptions): string {
  if (at !== undefined && all) throw new CommandError('--at and --all exclude each other');
  if (format === 'inspect' && output === '-')
    throw new CommandError('--format inspect writes several files: name a folder with -o');
  if (format !== 'csv' && (raw || bom || delimiter !== undefined))
    throw new CommandError('--raw, --bom and --delimiter are of --format csv');
  if (delimiter === undefined) return ',';
  const named = delimiter === 'tab' || delimiter === '\\t' ? '\t' : delimiter;
  if (!DELIMITERS.includes(named))
    throw new CommandError('--delimiter is one of , ; | and tab: no other is known to every reader');
  return named;
}

const DELIMITERS: readonly string[] = [',', ';', '|', '\t'];

/** Every record has the same columns: the first that can be read tells them. */
function columnsOf(records: ExportReader, rows: Parameters<ExportReader['read']>[0]): readonly string[] {
  for (const record of records.read(rows)) return Object.keys(flatten(record, records.scorers));
  return [];
}
