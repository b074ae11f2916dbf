// What batches change of a layer: lanes of their own, a store that learns what is kept, and a loop that may end while they are out.
import type { Store } from '../../cache/store.ts';
import type { Plan, Task } from '../../core/task.ts';
import type { LoopResult, TaskContext } from '../../run/run.ts';
import { formatCount } from '../../text/format.ts';
import { type Experiment, providerOf } from '../open/experiment.ts';
import { accountsOf, batchAccount, type LaneAccount } from '../plan/accounts.ts';
import type { BatchWork } from './batches.ts';

/** Of all that is pending and of what nobody asks for any more. */
export function withBatches(
  { experiment, plan }: { readonly experiment: Experiment; readonly plan: Plan },
  of: {
    readonly lane: (task: Task) => string;
    readonly isBatched: (task: Task) => boolean;
    readonly strays: ReadonlyMap<Task, TaskContext>;
  },
): ReadonlyMap<string, LaneAccount> {
  const calls = plan.pending.filter((task) => !of.isBatched(task));
  const accounts = new Map(accountsOf(experiment, { ...plan, pending: calls }));
  for (const task of plan.pending) {
    if (of.isBatched(task)) accounts.set(of.lane(task), batchAccount(providerOf(experiment, task.variant)));
  }
  for (const { lane } of of.strays.values()) {
    // Who it was asked of may be in no manifest any more.
    if (!accounts.has(lane)) accounts.set(lane, batchAccount(anyProvider(experiment)));
  }
  return accounts;
}

function anyProvider({ manifest }: Experiment): LaneAccount['provider'] {
  return Object.values(manifest.providers)[0]!;
}

/** What a layer asks of a store, as functions of their own. */
export function storeOf(
  store: Store,
): Pick<Store, 'hold' | 'tried' | 'history' | 'ofCell' | 'countOf' | 'paidCalls' | 'read'> {
  const { hold, history } = store;
  return {
    hold,
    history,
    tried: () => store.tried(),
    ofCell: (cell, key) => store.ofCell(cell, key),
    countOf: (key) => store.countOf(key),
    paidCalls: (key) => store.paidCalls(key),
    read: (row) => store.read(row),
  };
}

/** A loop that was not to wait has not failed: its cells are out. What nobody asked for is in no count of tasks. */
export function leftOut(
  result: LoopResult,
  of: {
    readonly batches: BatchWork;
    readonly strays: ReadonlyMap<Task, TaskContext>;
    readonly plan: Plan;
    readonly until: 'answered' | 'sent';
  },
): LoopResult {
  const asked = new Set(of.plan.pending.map(({ key }) => key as string));
  const strays = new Set([...of.strays.keys()].map(({ key }) => key as string));
  const results = new Map([...result.results].filter(([key]) => asked.has(key) || !strays.has(key)));
  const count = of.batches.asked();
  if (of.until === 'answered' || count === 0 || result.stopped !== null) return { ...result, results };
  const cells = `${formatCount(count)} ${count === 1 ? 'cell is' : 'cells are'} out in batches`;
  return { ...result, results, stopped: { kind: 'in-batches', why: `${cells} (--send-only)` } };
}
