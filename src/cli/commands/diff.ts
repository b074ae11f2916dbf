// expgraph diff: two moments of the history, cell by cell.

import { openReader } from '../../cache/reader.ts';
import type { RecordRow, StoreReader } from '../../cache/store.ts';
import { jsonLine } from '../../core/text.ts';
import { type DiffRow, type DiffSide, diffTable } from '../../report/diff.ts';
import { diffJson } from '../../report/json.ts';
import { makeCellFilter } from '../cell-filter.ts';
import { openExperiment, printDiagnostics } from '../experiment.ts';
import { type FilterOptions, makeFilter } from '../filters.ts';
import type { Io } from '../io.ts';
import { findMoment } from '../select.ts';
import { pairsBetween } from '../states.ts';
import { bookOfToday, openJudge } from '../verdict.ts';

export async function diffCommand(
  io: Io,
  options: FilterOptions & {
    readonly file: string;
    readonly json?: boolean;
    readonly a: string;
    readonly b: string;
  },
): Promise<number> {
  const filter = makeFilter(options);
  const experiment = await openExperiment(io, options.file);
  using store = openReader(experiment.root);
  printDiagnostics(io, store.diagnostics);
  const judge = openJudge(bookOfToday(experiment));
  const before = findMoment(store, options.a);
  const after = findMoment(store, options.b);
  const isMeant = await makeCellFilter({ experiment, store, filter });
  const pairs = pairsBetween(store, { before, after }).filter((pair) =>
    isMeant((pair.after ?? pair.before)!),
  );
  const rows = pairs.map((pair): DiffRow => {
    // Bodies are read only where something is shown of them.
    const same = pair.before?.id === pair.after?.id;
    const side = (row: RecordRow | null): DiffSide | null =>
      row ? { ...sideOf(store, row, same), ...judge(row) } : null;
    return { ...pair.cell, before: side(pair.before), after: side(pair.after) };
  });
  const labels = { before: before.label, after: after.label };
  if (options.json) {
    io.out.write(jsonLine({ experiment: experiment.manifest.name, ...diffJson(rows, labels) }));
  } else {
    io.out.write(diffTable(rows, { columns: io.out.columns(), colors: io.out.colors, labels }));
  }
  return 0;
}

const EXCERPT_CHARS = 200;

function sideOf(store: StoreReader, row: RecordRow, same: boolean): Omit<DiffSide, 'score' | 'passed'> {
  const { key, status, outputDigest, servedModel } = row;
  return { key, status, outputDigest, servedModel, excerpt: same ? '' : excerptOf(store, row) };
}

/** The text, or the calls where there is no text. */
function excerptOf(store: StoreReader, row: RecordRow): string {
  if (row.archive !== null) return '(archived)';
  const read = store.read(row);
  if (read.kind === 'err') return '(damaged)';
  const { output, attempts } = read.value;
  if (!output) return beginningOf(attempts.at(-1)?.error?.message ?? '');
  const calls = output.tool_calls.map((call) => `${call.name}(${JSON.stringify(call.arguments)})`).join(' ');
  return beginningOf(calls === '' ? output.text : calls);
}

/** A copy: a slice would hold on to the whole answer, and there may be 100,000 of them. */
function beginningOf(text: string): string {
  return JSON.parse(JSON.stringify(text.slice(0, EXCERPT_CHARS))) as string;
}
