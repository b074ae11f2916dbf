// What `plan` prints: a row per variant x run with what is cached and what is pending for which reason. Pure.
import type { BatchOut } from '../../core/batch-facts.ts';
import type { Estimate } from '../../core/estimate.ts';
import { type Plan, rowId, type Task } from '../../core/task.ts';
import { sanitizeLine } from '../../core/text.ts';
import { makeColors } from '../../text/colors.ts';
import { formatAmount, formatCount } from '../../text/format.ts';
import { inShard, nothingInScope, ofShard } from '../../text/shard-words.ts';
import { type Column, type Row, renderTable, type TextOptions } from '../../text/table.ts';
import { TWINS_HINT, twinsSentence } from '../../text/twins.ts';
import { wrapWords } from '../../text/wrap.ts';
import { outSentence } from '../words/batch-words.ts';
import { askedAgainSentence, drawnAgain } from '../words/drawn-again.ts';
import { explainText } from '../words/explain.ts';
import { estimateText } from './estimate.ts';

export type PlanTextOptions = TextOptions & {
  /** `each`: which part of the stale tasks changed, from what to what. */
  readonly explain: 'counts' | 'each';
  /** Keys of tasks that are out in batches: they are not run, but fetched. */
  readonly out?: ReadonlySet<string>;
  readonly batches?: readonly BatchOut[];
};

export function planTable(
  plan: Plan,
  given: { readonly estimate: Estimate; readonly budgetNote?: string | null } & PlanTextOptions,
): string {
  const colors = makeColors(given.colors);
  if (plan.tasks.length === 0) return `${nothingInScope(plan.shard)}\n`;
  const explained = given.explain === 'each' ? explainText(plan, given) : '';
  const blocks = [
    countsTable(plan, given),
    explained,
    `${colors.bold(sentence(plan, given.out?.size ?? 0))}\n${plan.pending.length === (given.out?.size ?? 0) ? '' : estimateText(given.estimate, given)}`,
    notesText(
      [
        ...againWords(plan),
        ...outWords(given.batches),
        ...(given.budgetNote ? [given.budgetNote] : []),
        ...plan.twins.map(twinsWords),
      ],
      given,
    ),
  ];
  return blocks.filter((block) => block !== '').join('\n');
}

type CountName = 'tasks' | 'cached' | 'shared' | 'out' | 'pending' | 'new' | 'stale' | 'failed' | 'forced';
type Counts = { [name in CountName]: number };

/** The other columns are there where they have something to say: names need the room. */
const ALWAYS: readonly CountName[] = ['tasks', 'cached', 'pending'];

function countsTable(plan: Plan, options: PlanTextOptions): string {
  const total = zero();
  const groups = new Map<string, { readonly name: readonly string[]; readonly counts: Counts }>();
  for (const task of plan.tasks) {
    const id = rowId(task);
    const group = groups.get(id) ?? { name: [task.variant, String(task.run)], counts: zero() };
    groups.set(id, group);
    count(group.counts, task, options.out);
    count(total, task, options.out);
  }
  const heads = (Object.keys(total) as CountName[]).filter(
    (head) => ALWAYS.includes(head) || total[head] > 0,
  );
  const cellsOf = (counts: Counts): readonly string[] =>
    heads.map((head) => (counts[head] === 0 ? '.' : formatCount(counts[head])));
  const columns: readonly Column[] = [
    { head: 'variant', shrinksTo: 20, cut: 'names' },
    ...['run', ...heads].map((head): Column => ({ head, align: 'right' })),
  ];
  const rows: Row[] = [...groups.values()].map(({ name, counts }) => ({
    kind: 'cells',
    cells: [...name, ...cellsOf(counts)],
    tone: counts.pending === 0 ? 'weak' : 'plain',
  }));
  rows.push({ kind: 'rule' }, { kind: 'cells', cells: ['total', '', ...cellsOf(total)], tone: 'strong' });
  return renderTable({ columns, rows }, options);
}

function zero(): Counts {
  return { tasks: 0, cached: 0, shared: 0, out: 0, pending: 0, new: 0, stale: 0, failed: 0, forced: 0 };
}

function count(counts: Counts, { state, key }: Task, out?: ReadonlySet<string>): void {
  counts.tasks++;
  if (state.kind === 'pending' && out?.has(key)) {
    counts.out++;
    return;
  }
  counts[state.kind]++;
  if (state.kind === 'pending') counts[state.reason.kind]++;
}

function sentence(plan: Plan, out: number): string {
  const { tasks, pending, cached, shared } = plan.counts;
  const { shard } = plan;
  if (pending === 0)
    return `Everything${ofShard(shard)} is up to date: ${formatAmount(tasks, 'task')}, nothing to run.`;
  const others = [
    ...(out > 0 ? [`${formatCount(out)} out in batches`] : []),
    ...(cached > 0 ? [`${formatCount(cached)} cached`] : []),
    ...(shared > 0 ? [`${formatCount(shared)} shared with an equal task`] : []),
  ];
  return [
    `${inShard(shard)}${formatAmount(tasks, 'task')}: ${formatCount(pending - out)} to run`,
    ...others,
  ].join(', ');
}

function outWords(batches: readonly BatchOut[] = []): readonly string[] {
  if (batches.length === 0) return [];
  return [`${outSentence(batches)}; run fetches them, and they are not paid again`];
}

/** Whoever edited nothing and is to pay again is told why. */
function againWords(plan: Plan): readonly string[] {
  const said = askedAgainSentence(drawnAgain(plan));
  return said === null ? [] : [said];
}

/** Equal content is drawn once; who wants two draws says so with a salt. */
function twinsWords(pair: Plan['twins'][number]): string {
  return `${twinsSentence(pair)}; ${TWINS_HINT}`;
}

function notesText(notes: readonly string[], options: TextOptions): string {
  return notes
    .map((note) => `${wrapWords(`note: ${sanitizeLine(note)}.`, { ...options, indent: '  ' })}\n`)
    .join('');
}
