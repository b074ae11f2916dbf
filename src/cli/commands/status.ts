// expgraph status: the completeness matrix.

import type { History } from '../../core/history.ts';
import type { StatusSummary } from '../../core/summary.ts';
import { type Plan, rowId } from '../../core/task.ts';
import { jsonLine } from '../../core/text.ts';
import type { UntilSummary } from '../../core/until.ts';
import { statusDetails } from '../../project/history/status-details.ts';
import { openExperiment } from '../../project/open/experiment.ts';
import { type FilterOptions, makeFilter, scopeWords } from '../../project/open/filters.ts';
import { type IsSimulated, makeIsSimulated } from '../../project/open/simulated.ts';
import { notifyDiagnostics } from '../../project/open/world.ts';
import type { stageDue } from '../../project/run/until-stages.ts';
import { forcedLeft } from '../../project/select/forced.ts';
import { importedRows } from '../../project/select/imported-rows.ts';
import { unendedNote } from '../../project/select/paid.ts';
import { planExperiment } from '../../project/select/plan-experiment.ts';
import { makeRowFilter } from '../../project/select/row-filter.ts';
import { interleavingOf } from '../../report/run/interleaving.ts';
import { statusTable } from '../../report/run/status.ts';
import type { Io } from '../io.ts';

export async function statusCommand(
  io: Io,
  options: FilterOptions & { readonly file: string; readonly json?: boolean },
): Promise<number> {
  const filter = makeFilter(options);
  const experiment = await openExperiment(io, options.file);
  using store = experiment.stores.read();
  notifyDiagnostics(io, [...store.diagnostics, ...unendedNote(store, 'not-held')]);
  notifyDiagnostics(io, await forcedLeft('not-held', { experiment, store }));
  const imported = [...importedRows(store).values()].filter(makeRowFilter(experiment, filter)).length;
  const plan = await planExperiment({
    experiment,
    store,
    filter,
    force: false,
    elsewhere: () => imported > 0,
  });
  const isSimulated = makeIsSimulated(experiment, store);
  const status = summarizeStatus({ plan, history: store.history, isSimulated, imported });
  const newest = store.newestStarts();
  const interleaving = newest && interleavingOf(newest.invocation, newest.starts);
  const until = await untilOf({ experiment, store, filter });
  if (options.json) io.out.write(jsonLine({ ...status, interleaving, ...(until ? { until } : {}) }));
  else {
    const details = statusDetails({ experiment, store, plan });
    const as = { columns: io.out.columns(), colors: io.out.colors, scope: scopeWords(filter, io) };
    io.out.write(statusTable(status, { ...as, interleaving, details }));
    if (until) io.out.write(`\n${(await import('../../report/words/until-words.ts')).untilText(until, as)}`);
  }
  return status.complete ? 0 : 1;
}

/** Nothing of it is loaded where the manifest does not say when runs are enough. */
async function untilOf(at: Parameters<typeof stageDue>[0]): Promise<UntilSummary | null> {
  if (at.experiment.manifest.until === undefined) return null;
  return (await import('../../project/run/until-stages.ts')).stageDue(at).look;
}

/** A failed record of the present key is failed; a record of another key is stale; else the cell is missing. */
function summarizeStatus(at: {
  readonly plan: Plan;
  readonly history: History;
  readonly isSimulated: IsSimulated;
  readonly imported: number;
}): StatusSummary {
  const { plan, history } = at;
  let played = 0;
  const rows = new Map<
    string,
    { -readonly [name in keyof StatusSummary['rows'][number]]: StatusSummary['rows'][number][name] }
  >();
  for (const task of plan.tasks) {
    const id = rowId(task);
    let row = rows.get(id);
    if (!row) {
      row = {
        variant: task.variant,
        run: task.run,
        scenarios: 0,
        completed: 0,
        stale: 0,
        failed: 0,
        missing: 0,
      };
      rows.set(id, row);
    }
    row.scenarios++;
    const head = history.byKey(task.key);
    // What counts for a key was answered by whoever the key names; another record says by whom.
    const stale = head ? undefined : history.byCell(task);
    if (head) row[head.status]++;
    else if (stale) row.stale++;
    else row.missing++;
    const who = head ? task : stale;
    if (who && at.isSimulated(who)) played++;
  }
  const list = [...rows.values()];
  return {
    experiment: plan.experiment,
    complete: list.every((row) => row.completed === row.scenarios),
    simulated: played > 0,
    played,
    imported: at.imported,
    rows: list,
  };
}
