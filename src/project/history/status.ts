// How much of an experiment is there: row by row of variant and run, with what stands behind the numbers.
import type { History } from '../../core/history.ts';
import type { StatusSummary } from '../../core/summary.ts';
import { type Plan, rowId } from '../../core/task.ts';
import type { UntilSummary } from '../../core/until.ts';
import { type Interleaving, interleavingOf } from '../../report/run/interleaving.ts';
import type { StatusDetails } from '../../report/run/status.ts';
import { presentAccounts } from '../open/account-digest.ts';
import { openExperiment } from '../open/experiment.ts';
import { type FilterOptions, makeFilter } from '../open/filters.ts';
import { readLimits } from '../open/limits-file.ts';
import { type IsSimulated, makeIsSimulated } from '../open/simulated.ts';
import { withheldOfAll } from '../open/withheld.ts';
import { ALL_ARMS, unnamed } from '../open/without-arms.ts';
import { notifyDiagnostics, type World } from '../open/world.ts';
import type { stageDue } from '../run/until-stages.ts';
import { forcedLeft } from '../select/forced.ts';
import { importedRows } from '../select/imported-rows.ts';
import { batchesOut, keysOut, readOut } from '../select/out-batches.ts';
import { unendedNote } from '../select/paid.ts';
import { planExperiment } from '../select/plan-experiment.ts';
import { makeRowFilter } from '../select/row-filter.ts';
import { statusDetails } from './status-details.ts';

export type StatusInput = FilterOptions & {
  /** The manifest; relative to the working folder of the world. */
  readonly file: string;
};

export type ExperimentStatus = {
  /** Counts of cells; `complete`: each one in scope has a completed record of its present key. */
  readonly status: StatusSummary;
  /** How the draws of the newest invocation lie among each other in time; null = it drew too few to tell. */
  readonly interleaving: Interleaving | null;
  /** Where the manifest says when runs are enough (`until:`); else null. */
  readonly until: UntilSummary | null;
};

/** @throws ManifestError on a manifest with mistakes, CommandError where a filter matches nothing */
export async function readStatus(world: World, input: StatusInput): Promise<ExperimentStatus> {
  const { details: _, ...status } = await statusWith(world, input, () => null);
  return status;
}

/** With what was edited, why tasks failed and how far the judging is: reads some hundred records for it. */
export function readStatusDetails(
  world: World,
  input: StatusInput,
): Promise<ExperimentStatus & { readonly details: StatusDetails }> {
  return statusWith(world, input, statusDetails);
}

async function statusWith<Details>(
  outside: World,
  input: StatusInput,
  detailsOf: (input: Parameters<typeof statusDetails>[0]) => Details,
): Promise<ExperimentStatus & { readonly details: Details }> {
  const filter = makeFilter(input);
  const experiment = await openExperiment(outside, input.file);
  const withheld = await withheldOfAll(outside, experiment, filter);
  const names = experiment.manifest.variants.map(({ name }) => name);
  const world = withheld ? unnamed(outside, names) : outside;
  using store = experiment.stores.read();
  notifyDiagnostics(world, [...store.diagnostics, ...unendedNote(store, 'not-held')]);
  notifyDiagnostics(world, await forcedLeft('not-held', { experiment, store }));
  const imported = [...importedRows(store).values()].filter(makeRowFilter(experiment, filter)).length;
  const elsewhere = (): boolean => imported > 0;
  const plan = await planExperiment({ experiment, store, filter, force: false, elsewhere });
  const isSimulated = makeIsSimulated(experiment, store);
  const newest = store.newestStarts();
  const status = summarizeStatus({ plan, history: store.history, isSimulated, imported });
  if (withheld)
    return {
      status: { ...status, rows: pooledRows(status.rows), withheld },
      interleaving: null,
      until: null,
      details: detailsOf({ experiment, store, plan }),
    };
  const out = readOut({ root: experiment.root, store });
  const batches = batchesOut(out, keysOut(out, plan, false));
  const limits = presentAccounts(readLimits(experiment.root), experiment);
  return {
    status: {
      ...status,
      ...(limits.length === 0 ? {} : { limits }),
      ...(batches.length === 0 ? {} : { batches }),
    },
    interleaving: newest && interleavingOf(newest.invocation, newest.starts),
    until: await untilOf({ experiment, store, filter }),
    details: detailsOf({ experiment, store, plan }),
  };
}

/** Nothing of it is loaded where the manifest does not say when runs are enough. */
async function untilOf(project: Parameters<typeof stageDue>[0]): Promise<UntilSummary | null> {
  if (project.experiment.manifest.until === undefined) return null;
  return (await import('../run/until-stages.ts')).stageDue(project).look;
}

type StatusRow = {
  -readonly [Name in keyof StatusSummary['rows'][number]]: StatusSummary['rows'][number][Name];
};

/** One row a run. */
function pooledRows(rows: StatusSummary['rows']): StatusSummary['rows'] {
  const pooled = new Map<number, StatusRow>();
  for (const { run, variant: _, ...counts } of rows) {
    const row = pooled.get(run);
    if (row === undefined) pooled.set(run, { variant: ALL_ARMS, run, ...counts });
    else for (const name of COUNTS) row[name] += counts[name];
  }
  return [...pooled.values()];
}

const COUNTS = ['scenarios', 'completed', 'stale', 'failed', 'missing'] as const;

/** A failed record of the present key is failed; a record of another key is stale; else the cell is missing. */
function summarizeStatus(input: {
  readonly plan: Plan;
  readonly history: History;
  readonly isSimulated: IsSimulated;
  readonly imported: number;
}): StatusSummary {
  const { plan, history, isSimulated, imported } = input;
  let played = 0;
  const rows = new Map<string, StatusRow>();
  for (const task of plan.tasks) {
    const id = rowId(task);
    let row = rows.get(id);
    if (!row) {
      const { variant, run } = task;
      row = { variant, run, scenarios: 0, completed: 0, stale: 0, failed: 0, missing: 0 };
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
    if (who && isSimulated(who)) played++;
  }
  const list = [...rows.values()];
  return {
    experiment: plan.experiment,
    ...(plan.shard === undefined ? {} : { shard: plan.shard }),
    complete: list.every((row) => row.completed === row.scenarios),
    simulated: played > 0,
    played,
    imported,
    rows: list,
  };
}
