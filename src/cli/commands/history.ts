// expgraph history: what changed when and which cells it touched; of few cells every record, oldest first.

import { cellId, type Filter } from '../../core/task.ts';
import { jsonLine } from '../../core/text.ts';
import { cellsInScope } from '../../planner/plan.ts';
import { nothingFound } from '../../project/history/shown-records.ts';
import { type Experiment, openExperiment } from '../../project/open/experiment.ts';
import { type FilterOptions, makeFilter, namesOnly, scopeWords } from '../../project/open/filters.ts';
import { notifyDiagnostics } from '../../project/open/world.ts';
import { makeCellFilter } from '../../project/select/cell-filter.ts';
import { cellMatches } from '../../project/select/find-records.ts';
import { historyRows } from '../../project/select/history-rows.ts';
import { historyJson } from '../../report/json.ts';
import { type HistoryRow, historyEnd, historyTable } from '../../report/records/history.ts';
import { historyGroups, historyGroupsText } from '../../report/records/history-groups.ts';
import type { Io } from '../io.ts';

/** So many cells are read one by one; of more the changes are what somebody looks for. */
const FEW_CELLS = 6;

export async function historyCommand(
  io: Io,
  options: FilterOptions & {
    readonly file: string;
    readonly json?: boolean;
    readonly all?: boolean;
    readonly pattern?: string;
  },
): Promise<number> {
  const filter = makeFilter(options);
  const experiment = await openExperiment(io, options.file);
  using store = experiment.stores.read();
  notifyDiagnostics(io, store.diagnostics);
  const { pattern } = options;
  const isMeant = await makeCellFilter({ experiment, store, filter });
  const rows = historyRows(
    { experiment, store },
    (row) => (pattern === undefined || cellMatches(pattern, row)) && isMeant(row),
  );
  const isUnknown = pattern !== undefined && rows.length === 0 && !isCell(pattern, { experiment, filter });
  if (isUnknown) throw nothingFound({ experiment, filter }, pattern);
  if (options.json) {
    const json = { experiment: experiment.manifest.name, records: historyJson(rows) };
    io.out.write(jsonLine(json));
    return 0;
  }
  const as = { columns: io.out.columns(), colors: io.out.colors, scope: scopeWords(filter, io) };
  const isWhole = options.all || cellsOf(rows) <= FEW_CELLS;
  io.out.write(
    isWhole
      ? historyTable(rows, as)
      : `${historyGroupsText(historyGroups(rows), as)}\n${historyEnd(rows, { ...as, isGrouped: true })}`,
  );
  return 0;
}

/** A slip of the pen is no empty history; a cell that was not drawn yet has one. */
function isCell(pattern: string, at: { readonly experiment: Experiment; readonly filter: Filter }): boolean {
  const { manifest, parts } = at.experiment;
  const wanted = { variants: parts, scenarios: manifest.scenarios };
  for (const cell of cellsInScope({ ...wanted, filter: namesOnly(at.filter) }))
    if (cellMatches(pattern, cell)) return true;
  return false;
}

function cellsOf(rows: readonly HistoryRow[]): number {
  return new Set(rows.map(cellId)).size;
}
