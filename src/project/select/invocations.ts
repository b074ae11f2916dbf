// Everything that was run in an experiment, oldest first: draws and judgements of one invocation are one entry.

import { hasJustEnded, readHolder } from '../../cache/disk/lock.ts';
import type { StoreReader } from '../../cache/store.ts';
import { compareNames, invocationSequence, orderKey, orderOf } from '../../core/invocation-id.ts';
import type { InvocationRecord } from '../../core/record.ts';
import type { LogEntry } from '../../report/records/log.ts';
import type { Experiment } from '../open/experiment.ts';

/** Words that a command line may begin its command with; what stands before it are options of the program. */
const COMMANDS = ['run', 'score', 'watch', 'import', 'langsmith', 'gc', 'fsck', 'reindex'];

export type Known = { readonly entry: LogEntry; readonly record: InvocationRecord };

export function readLog(
  store: StoreReader,
  { root, stores }: Pick<Experiment, 'root' | 'stores'>,
): readonly Known[] {
  using scores = stores.readScores();
  const drawn = new Map(store.invocations().map((record) => [record.invocation, record]));
  const judged = new Map(scores.invocations().map((record) => [record.invocation, record]));
  const counts = countsOf(store);
  const all = [...new Set([...drawn.keys(), ...judged.keys()])].sort(compareNames);
  const newest = all.at(-1);
  const holder = readHolder(root);
  return all.map((invocation) => {
    const draw = drawn.get(invocation);
    const judge = judged.get(invocation);
    const record = (draw ?? judge)!;
    const isHeld =
      invocation === newest && holder !== null && !hasJustEnded(holder) && holder.since <= record.started_at;
    const order = orderOf(invocation);
    const rows = order === null ? new Map() : (counts.get(orderKey(order)) ?? new Map());
    const entry = draw
      ? entryOf({ record: draw, isHeld, rows, store, judge })
      : entryOf({ record: { ...judge!, totals: NOTHING }, isHeld, rows, store: null, judge });
    return { entry, record };
  });
}

type Counts = Map<string, { executed: number; failed: number }>;

const NOTHING: InvocationRecord['totals'] = {
  tasks: 0,
  executed: 0,
  cached: 0,
  failed: 0,
  missing: 0,
  attempts: 0,
  retries: 0,
  usage: null,
  cost_usd: 0,
  duration_ms: 0,
};

function entryOf(input: {
  readonly record: InvocationRecord;
  readonly isHeld: boolean;
  readonly rows: Counts;
  /** null = nothing was drawn. */
  readonly store: StoreReader | null;
  readonly judge: InvocationRecord | undefined;
}): LogEntry {
  const { record, judge, rows } = input;
  const { totals } = record;
  const isOpen = record.how === 'running';
  const variants = [...rows].map(([variant, count]) => ({ variant, ...count }));
  const sum = (pick: (one: Counts extends Map<string, infer C> ? C : never) => number): number =>
    variants.reduce((total, one) => total + pick(one), 0);
  // What never said its totals is told by what it left.
  const spent = isOpen && input.store ? input.store.spentBy(record.invocation) : null;
  const scores = judge === undefined ? null : judge.totals;
  return {
    number: invocationSequence(record.invocation) ?? 0,
    invocation: record.invocation,
    started_at: record.started_at,
    ended_at: record.ended_at,
    command: record.imported ? 'import' : (record.argv.find((word) => COMMANDS.includes(word)) ?? 'run'),
    argv: record.argv,
    filter: record.filter,
    how: isOpen ? (input.isHeld ? 'running' : 'killed') : record.how,
    why: record.why ?? null,
    exit_code: record.exit_code,
    tasks: totals.tasks,
    executed: isOpen ? sum(({ executed }) => executed) : totals.executed,
    cached: totals.cached,
    failed: isOpen ? sum(({ failed }) => failed) : totals.failed,
    missing: totals.missing,
    retries: totals.retries,
    total_tokens: (spent ? spent.usage : totals.usage)?.total_tokens ?? null,
    cost_usd: spent ? spent.costUsd : totals.cost_usd,
    cost_usd_at_least: spent ? spent.atLeastUsd : (totals.cost_usd_at_least ?? totals.cost_usd ?? 0),
    duration_ms: durationOf(record, judge),
    git: record.git === null ? null : { commit: record.git.commit, dirty: record.git.dirty },
    expgraph: record.expgraph,
    node: record.node,
    platform: record.platform,
    variants,
    scores: scores && {
      executed: scores.executed,
      failed: scores.failed,
      cost_usd: judge!.how === 'running' ? null : scores.cost_usd,
    },
    ...(record.until ? { until: record.until } : {}),
    imported: record.imported ? { file: record.imported.file, format: record.imported.format } : null,
  };
}

/** From start to end by the clock; null = it never ended. */
function durationOf(record: InvocationRecord, judge: InvocationRecord | undefined): number | null {
  const { totals, started_at, ended_at } = record;
  if (totals.duration_ms > 0) return totals.duration_ms;
  const end = ended_at ?? judge?.ended_at ?? null;
  return end === null ? null : Math.max(0, Date.parse(end) - Date.parse(started_at));
}

function countsOf(store: StoreReader): ReadonlyMap<string, Counts> {
  const counts = new Map<string, Counts>();
  for (const row of store.drawn()) {
    const { variant, executed, failed } = row;
    const id = orderKey(row);
    const own = counts.get(id) ?? new Map<string, { executed: number; failed: number }>();
    counts.set(id, own);
    own.set(variant, { executed, failed });
  }
  return counts;
}
