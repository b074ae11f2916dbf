// What is kept, in the forms that other programs read: JSONL, CSV, JUnit as chunks of text, Inspect as a folder of logs.
import type { StoreReader } from '../../cache/store.ts';
import { asksOutcome, type Filter } from '../../core/task.ts';
import { flatten } from '../../exchange/exported.ts';
import { csvLines, jsonLines } from '../../exchange/write-flat.ts';
import { CommandError } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import { namesOnly, outcomeWords } from '../open/filters.ts';
import { refuseWithheld } from '../open/withheld.ts';
import { notifyDiagnostics, type World } from '../open/world.ts';
import { findMoment } from '../select/find-records.ts';
import { makeRowFilter } from '../select/row-filter.ts';
import { checkFilter } from '../select/unmatched.ts';
import { exportInspect } from './export-inspect.ts';
import { exportJunit } from './export-junit.ts';
import { type ExportReader, makeExportReader } from './export-reader.ts';
import { exportRows } from './export-rows.ts';

export type ExportInput = {
  readonly experiment: Experiment;
  readonly filter: Filter;
  /** What counts now, what counted after an invocation (its number or name) or at a date, or every record of the history. */
  readonly selection:
    | { readonly kind: 'view' }
    | { readonly kind: 'at'; readonly moment: string }
    | { readonly kind: 'all' };
  readonly form:
    | { readonly kind: 'jsonl' | 'junit'; readonly write: WriteChunks }
    | ({ readonly kind: 'csv'; readonly write: WriteChunks } & CsvForm)
    /** Absolute: one log a variant is written into it. */
    | { readonly kind: 'inspect'; readonly folder: string };
};

/** Takes all of the text before it returns: records are read from the store as they are asked for. */
export type WriteChunks = (chunks: Iterable<string>) => void;

export type CsvForm = {
  /** One of , ; | and tab. */
  readonly delimiter: string;
  /** What a spreadsheet would take for a formula: `guarded` begins with an apostrophe. */
  readonly formulas: 'raw' | 'guarded';
  /** `bom`: begins with a byte order mark. */
  readonly mark: 'bom' | 'none';
};

export type ExportResult = {
  readonly exported: number;
  /** Records that cannot be read: JUnit tells them as errors, all others leave them out. */
  readonly damaged: number;
};

/** @throws CommandError where no record is meant, or a moment cannot be found */
export async function exportResults(world: World, input: ExportInput): Promise<ExportResult> {
  const { experiment, filter, form } = input;
  await refuseWithheld(world, experiment);
  using store = experiment.stores.read();
  notifyDiagnostics(world, store.diagnostics);
  const selection =
    input.selection.kind === 'at'
      ? { kind: 'at' as const, moment: findMoment(store, input.selection.moment) }
      : input.selection;
  const rows = exportRows({ experiment, store, filter, selection });
  if (rows.length === 0) refuseNothing(experiment, store, filter);
  using records = makeExportReader({ experiment, store });
  switch (form.kind) {
    case 'jsonl':
      form.write(jsonLines(records.flat(rows)));
      break;
    case 'csv': {
      const { delimiter, formulas, mark } = form;
      const columns = columnsOf(records, rows);
      form.write(csvLines(records.flat(rows), { columns, formulas, delimiter, mark }));
      break;
    }
    case 'junit':
      form.write(exportJunit({ io: world, experiment, store, filter, selection, rows, records, gate: [] }));
      break;
    case 'inspect':
      exportInspect({ experiment, rows, records, folder: form.folder });
  }
  const damaged = records.damaged();
  return { exported: rows.length - damaged, damaged };
}

function refuseNothing(experiment: Experiment, store: StoreReader, filter: Filter): never {
  const means = makeRowFilter(experiment, namesOnly(filter));
  // What is there of cells that the manifest does not hold is no slip of the pen.
  const isNamed = (): boolean => {
    for (const row of store.everyRecord()) if (means(row)) return true;
    return false;
  };
  checkFilter(experiment, filter, isNamed);
  throw new CommandError(
    asksOutcome(filter)
      ? `there is no record to export: no cell in scope is ${outcomeWords(filter)}`
      : 'there is no record to export; `npx expgraph status` tells what is there',
  );
}

/** Every record has the same columns: the first that can be read tells them. */
function columnsOf(records: ExportReader, rows: Parameters<ExportReader['read']>[0]): readonly string[] {
  for (const record of records.read(rows)) return Object.keys(flatten(record, records.scorers));
  return [];
}
