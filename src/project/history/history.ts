// Every record of the cells that are meant, oldest first, each with what changed since the one before it.
import { cellId, type Filter } from '../../core/task.ts';
import { cellsInScope } from '../../planner/plan.ts';
import type { HistoryRow } from '../../report/records/history.ts';
import type { Experiment } from '../open/experiment.ts';
import { type FilterOptions, makeFilter, namesOnly } from '../open/filters.ts';
import { openToRead } from '../open/read.ts';
import { refuseWithheld } from '../open/withheld.ts';
import type { World } from '../open/world.ts';
import { makeCellFilter } from '../select/cell-filter.ts';
import { cellMatches } from '../select/find-records.ts';
import { historyRows } from '../select/history-rows.ts';
import { nothingFound } from './shown-records.ts';

export type HistoryInput = FilterOptions & {
  /** The manifest; relative to the working folder of the world. */
  readonly file: string;
  /** A glob over scenario, variant, variant/scenario or variant/scenario/run; left out: every cell. */
  readonly pattern?: string;
};

export type CellHistory = {
  readonly experiment: string;
  /** Costs in USD, latencies in milliseconds, tokens as the provider counted them; null = not known. */
  readonly rows: readonly HistoryRow[];
  /** How many cells these are the records of. */
  readonly cells: number;
};

/**
 * The records of cells over time, also of those that the manifest does not ask for any more.
 * @throws ManifestError on a manifest with mistakes, CommandError where the pattern means no cell
 */
export async function readHistory(world: World, input: HistoryInput): Promise<CellHistory> {
  const filter = makeFilter(input);
  using reading = await openToRead(world, input.file);
  const { experiment, store } = reading;
  await refuseWithheld(world, experiment);
  const { pattern } = input;
  const isMeant = await makeCellFilter({ experiment, store, filter });
  const rows = historyRows(
    { experiment, store },
    (row) => (pattern === undefined || cellMatches(pattern, row)) && isMeant(row),
  );
  if (pattern !== undefined && rows.length === 0 && !isCell(pattern, experiment, filter)) {
    throw nothingFound({ experiment, filter }, pattern);
  }
  return { experiment: experiment.manifest.name, rows, cells: new Set(rows.map(cellId)).size };
}

/** A slip of the pen is no empty history; a cell that was not drawn yet has one. */
function isCell(pattern: string, { manifest, parts }: Experiment, filter: Filter): boolean {
  const wanted = { variants: parts, scenarios: manifest.scenarios, filter: namesOnly(filter) };
  for (const cell of cellsInScope(wanted)) if (cellMatches(pattern, cell)) return true;
  return false;
}
