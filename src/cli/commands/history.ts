// expgraph history: every record of the cells that match, oldest first, and what changed between them.

import { type Order, orderOf } from '../../cache/layout.ts';
import { openReader } from '../../cache/reader.ts';
import type { RecordRow, StoreReader } from '../../cache/store.ts';
import { cellId } from '../../core/task.ts';
import { jsonLine } from '../../core/text.ts';
import { type HistoryRow, historyTable } from '../../report/history.ts';
import { historyJson } from '../../report/json.ts';
import { makeCellFilter } from '../cell-filter.ts';
import { type Experiment, openExperiment, printDiagnostics } from '../experiment.ts';
import { type FilterOptions, makeFilter } from '../filters.ts';
import type { Io } from '../io.ts';
import { viewCells } from '../planned.ts';
import { cellMatches } from '../select.ts';
import { makeIsSimulated } from '../simulated.ts';
import { stepsOf } from '../states.ts';
import { bookOfToday, openJudge } from '../verdict.ts';

export async function historyCommand(
  io: Io,
  options: FilterOptions & { readonly file: string; readonly json?: boolean; readonly pattern?: string },
): Promise<number> {
  const filter = makeFilter(options);
  const experiment = await openExperiment(io, options.file);
  using store = openReader(experiment.root);
  printDiagnostics(io, store.diagnostics);
  const { pattern } = options;
  const isMeant = await makeCellFilter({ experiment, store, filter });
  const steps = stepsOf(store, (row) => (pattern === undefined || cellMatches(pattern, row)) && isMeant(row));
  const standingOf = makeStandings(experiment, store);
  const isSimulated = makeIsSimulated(experiment, store);
  const nameOf = invocationNames(store);
  const judge = openJudge(bookOfToday(experiment));
  const rows = steps.map(({ row, since, moved }): HistoryRow => {
    const { variant, scenario, run, key, generation, startedAt, status, attempts } = row;
    const { latencyMs, inputTokens, outputTokens, costUsd, outputDigest, servedModel } = row;
    return {
      ...{ variant, scenario, run, key, generation, startedAt, status, attempts },
      ...{ latencyMs, inputTokens, outputTokens, costUsd, outputDigest, servedModel, moved },
      ...judge(row),
      invocation: nameOf(row),
      changed: since?.changed ?? null,
      standing: standingOf(row),
      simulated: isSimulated(row),
    };
  });
  if (options.json) {
    const json = { experiment: experiment.manifest.name, records: historyJson(rows) };
    io.out.write(jsonLine(json));
  } else {
    io.out.write(historyTable(rows, { columns: io.out.columns(), colors: io.out.colors }));
  }
  return 0;
}

/** A record counts by its key, whatever its names were; a cell that is asked for under another key is stale. */
function makeStandings(
  experiment: Experiment,
  store: StoreReader,
): (row: RecordRow) => HistoryRow['standing'] {
  const cells = [...viewCells(experiment, null)];
  const keys = new Set<string>(cells.map(({ key }) => key));
  const names = new Set(cells.map(cellId));
  return (row) => {
    if (row.archive !== null) return 'archived';
    if (keys.has(row.key)) return store.history.byKey(row.key)?.id === row.id ? 'current' : 'superseded';
    return names.has(cellId(row)) ? 'stale' : 'out-of-scope';
  };
}

function invocationNames(store: StoreReader): (row: RecordRow) => string {
  const names = new Map<string, string>();
  for (const { invocation } of store.invocations()) {
    const order = orderOf(invocation);
    if (order) names.set(orderName(order), invocation);
  }
  return (row) => names.get(orderName(row)) ?? String(row.sequence).padStart(4, '0');
}

/** Two invocations may have one number, where two branches were merged by hand. */
function orderName({ sequence, stamp }: Order): string {
  return `${sequence} ${stamp}`;
}
