// A --force that was broken off goes on where it was: what it has drawn is paid for, and is not drawn once more by the same command.
import { readHolder } from '../../cache/disk/lock.ts';
import type { StoreReader } from '../../cache/store.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { History } from '../../core/history.ts';
import { NEVER, orderKey, orderOf } from '../../core/invocation-id.ts';
import type { InvocationRecord } from '../../core/record.ts';
import { asksOutcome, type Filter, NO_FILTER, type Plan, type Task } from '../../core/task.ts';
import { formatCount } from '../../text/format.ts';
import { quoteWord } from '../../text/next.ts';
import type { Experiment } from '../open/experiment.ts';
import { parseShard, recordedFilter } from '../open/filters.ts';
import { planExperiment } from './plan-experiment.ts';

export type Forced = {
  readonly plan: Plan;
  /** Conversations of the broken-off one are gone on with as well. */
  readonly goesOn: boolean;
  readonly notes: readonly Diagnostic[];
};

/** Begins again what went before, whatever that was. */
export const ANEW = '--anew';

/** What `run --force` has still to draw, where the same command was broken off before. */
export function withoutDrawn(
  plan: Plan,
  input: {
    readonly store: Pick<StoreReader, 'invocations' | 'records' | 'history'>;
    readonly filter: Filter;
  },
): Forced {
  const broken = brokenOff(input.store.invocations(), input.filter);
  if (broken.length === 0) return { plan, goesOn: false, notes: [] };
  const meant = new Set(broken.map(({ invocation }) => orderKey(orderOf(invocation) ?? NEVER)));
  const drawn = new Set<string>();
  for (const row of input.store.records())
    if (row.status === 'completed' && meant.has(orderKey(row))) drawn.add(row.key);
  const rest = keepDrawn(plan, { drawn, history: input.store.history });
  const count = plan.pending.length - rest.pending.length;
  const { invocation } = broken[0]!;
  // All of them were: it had come to its end, and this one is another.
  if (rest.pending.length === 0) return { plan, goesOn: false, notes: [] };
  const message = `${formatCount(count)} of ${formatCount(plan.pending.length)} forced tasks were drawn by ${invocation} before it was broken off; the other ${formatCount(rest.pending.length)} go on`;
  const note: Diagnostic = {
    severity: 'note',
    code: 'force-goes-on',
    message,
    location: null,
    related: [],
    hint: `${ANEW} beside --force draws all of them again`,
  };
  return { plan: rest, goesOn: true, notes: count === 0 ? [] : [note] };
}

/** Forced tasks that the newest invocation left: a plain run has nothing to do with them, and that it has not should be no surprise. */
export async function forcedLeft(
  lock: 'held' | 'not-held',
  input: {
    readonly experiment: Experiment;
    readonly store: Pick<
      StoreReader,
      'newestInvocation' | 'invocations' | 'records' | 'history' | 'part' | 'counting' | 'measures' | 'row'
    >;
  },
): Promise<readonly Diagnostic[]> {
  const { experiment, store } = input;
  const newest = store.newestInvocation();
  if (!newest?.force || hasEnded(newest)) return [];
  // It may be at work in another terminal.
  if (newest.how === 'running' && lock === 'not-held' && readHolder(experiment.root) !== null) return [];
  const filter = filterOf(newest);
  // What it meant by what had become of cells nobody can tell any more.
  if (asksOutcome(filter)) return [];
  const plan = await planExperiment({ experiment, store, filter, force: true, elsewhere: () => true });
  const { plan: rest, goesOn } = withoutDrawn(plan, { store, filter });
  if (!goesOn) return [];
  // What was edited since has no older answer: a plain run draws it.
  const isAnswered = ({ key }: Task): boolean => store.history.byKey(key)?.status === 'completed';
  const [left, all] = [rest, plan].map(({ pending }) => pending.filter(isAnswered).length);
  if (left === 0) return [];
  const command = ['npx', 'expgraph', ...newest.argv.filter((word) => word !== ANEW)]
    .map(quoteWord)
    .join(' ');
  return [
    {
      severity: 'note',
      code: 'force-left',
      location: null,
      related: [],
      message: `${formatCount(left!)} of ${formatCount(all!)} forced tasks of ${newest.invocation} were not drawn again: their older answers count`,
      hint: `${command} goes on with them`,
    },
  ];
}

function filterOf({ filter }: InvocationRecord): Filter {
  const { not_passed: notPassed = false, shard, ...rest } = filter;
  return { ...NO_FILTER, ...rest, notPassed, shard: shard === undefined ? null : parseShard(shard) };
}

function hasEnded({ how }: InvocationRecord): boolean {
  return how === 'complete' || how === 'incomplete';
}

/** The same forced command before, newest first, back to one that came to its end. */
function brokenOff(all: readonly InvocationRecord[], filter: Filter): readonly InvocationRecord[] {
  const same = JSON.stringify(recordedFilter(filter));
  const found: InvocationRecord[] = [];
  for (const record of [...all].reverse()) {
    if (!record.force || JSON.stringify(record.filter) !== same) continue;
    if (hasEnded(record)) break;
    found.push(record);
    if (record.argv.includes(ANEW)) break;
  }
  return found;
}

function keepDrawn(
  plan: Plan,
  { drawn, history }: { readonly drawn: ReadonlySet<string>; readonly history: History },
): Plan {
  const tasks = plan.tasks.map((task): Task => {
    const head = task.state.kind === 'cached' || !drawn.has(task.key) ? undefined : history.byKey(task.key);
    return head === undefined ? task : { ...task, state: { kind: 'cached', head } };
  });
  const pending = plan.pending.filter(({ key }) => !drawn.has(key));
  const count = (kind: Task['state']['kind']): number =>
    tasks.reduce((sum, { state }) => sum + (state.kind === kind ? 1 : 0), 0);
  const counts = { cached: count('cached'), pending: pending.length, shared: count('shared') };
  return { ...plan, tasks, pending, counts: { ...plan.counts, ...counts } };
}
