// How far an invocation is that goes on now: of the cells that are shown, those that it means. Counted while the cells are walked.

import { hasJustEnded, readHolder } from '../../cache/disk/lock.ts';
import type { MeasuredRow, StoreReader } from '../../cache/store.ts';
import { isSameInvocation, orderOf } from '../../core/invocation-id.ts';
import type { Cell } from '../../core/task.ts';
import type { ExperimentScreen } from '../../screens/experiment.ts';
import type { Experiment } from '../open/experiment.ts';
import { makeFilter } from '../open/filters.ts';
import { makeRowFilter } from '../select/row-filter.ts';

export type Unended = {
  readonly invocation: string;
  readonly startedAt: string;
  readonly done: number;
  readonly total: number;
};

export type Tally = {
  /** Each record that there is, before the first cell. */
  seeRow(row: MeasuredRow): void;
  /** @param isDone a completed record answers it */
  seeCell(cell: Cell & { readonly category: string | null; readonly key: string }, isDone: boolean): void;
  result(): Unended;
};

/** null where the newest invocation has ended. */
export function startTally(experiment: Experiment, store: StoreReader): Tally | null {
  const newest = store.newestInvocation();
  const order = newest?.how === 'running' ? orderOf(newest.invocation) : null;
  if (newest === undefined || order === null) return null;
  const { filter, force, invocation, started_at: startedAt } = newest;
  const means = makeRowFilter(experiment, makeFilter({ ...filter, runs: (filter.runs ?? []).map(String) }));
  const drawn = new Set<string>();
  let done = 0;
  let left = 0;
  return {
    seeRow(row) {
      if (isSameInvocation(row, order)) drawn.add(row.key);
    },
    seeCell(cell, isDone) {
      if (drawn.has(cell.key)) done++;
      else if ((force || !isDone) && means(cell)) left++;
    },
    result: () => ({ invocation, startedAt, done, total: done + left }),
  };
}

/** Whoever has the lock is there, and had it when the invocation began; else it was killed. */
export function runningNow({ root }: Experiment, unended: Unended | null): ExperimentScreen['running'] {
  if (unended === null) return null;
  const holder = readHolder(root);
  if (holder === null || hasJustEnded(holder) || holder.since > unended.startedAt) return null;
  const { invocation, done, total } = unended;
  return { invocation, done, total };
}
