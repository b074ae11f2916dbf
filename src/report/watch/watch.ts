// What a round of watch says: what was saved, what that made stale, what it costs, and what was left alone. Pure.
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { Estimate } from '../../core/estimate.ts';
import type { RunSummary } from '../../core/summary.ts';
import type { Plan, Task } from '../../core/task.ts';
import { sanitizeLine } from '../../core/text.ts';
import { makeColors } from '../../text/colors.ts';
import { formatAmount, formatCount, formatMoney } from '../../text/format.ts';
import { WHOLE_SCOPE } from '../../text/next.ts';
import type { Block } from '../../text/sheet.ts';
import { sheetText } from '../../text/sheet-text.ts';
import type { TextOptions } from '../../text/table.ts';
import { wrapWords } from '../../text/wrap.ts';
import { gateSentences } from '../compare/gate-sheet.ts';
import { estimateLine } from '../run/estimate.ts';
import { notPassedSentence } from '../run/not-passed.ts';
import { type ScoresAhead, scoresAheadText } from '../run/scores-ahead.ts';
import { SIMULATION, summaryTable, totalsSentence } from '../run/summary.ts';
import { explainText } from '../words/explain.ts';

/** `tool-interface · 14:03:22 · saved: scenarios/ambiguous.yaml` */
export function roundHead(
  round: { readonly experiment: string; readonly time: string; readonly what: string },
  { columns, colors }: TextOptions,
): string {
  const { bold, dim } = makeColors(colors);
  const [name, ...rest] = wrapWords(`${round.experiment} · ${round.time} · ${sanitizeLine(round.what)}`, {
    columns,
    indent: '  ',
  }).split('\n');
  return `${[bold(name!), ...rest.map(dim)].join('\n')}\n`;
}

/** More files than these are counted. */
const MAX_SAVED = 4;

/** Why a round began. */
export function startedWords({
  saved,
  retry,
}: {
  readonly saved: readonly string[];
  readonly retry: boolean;
}): string {
  return saved.length > 0 ? savedWords(saved) : retry ? 'run again' : 'watch';
}

export function savedWords(files: readonly string[]): string {
  const shown = files.slice(0, MAX_SAVED).join(', ');
  return `saved: ${shown}${files.length > MAX_SAVED ? ` and ${files.length - MAX_SAVED} more` : ''}`;
}

/** Lines of reasons; `plan --explain` has all of them. */
const MAX_REASON_LINES = 12;

/** What is to be run and why, and what it is going to take. */
export function roundPlanText(
  input: {
    readonly plan: Plan;
    readonly leftOut: number;
    readonly estimate: Estimate;
    readonly scores?: ScoresAhead | null;
    /** Of the terminal that it is drawn on: reasons leave room for the progress below them. */
    readonly rows?: number;
  },
  options: TextOptions,
): string {
  const { plan, leftOut } = input;
  const { scores: ahead = null } = input;
  const scores = ahead !== null && ahead.pending + ahead.upcoming > 0 ? scoresAheadText(ahead) : '';
  const left = leftOut === 0 ? '' : `${wrapWords(leftOutWords(leftOut), { ...options, indent: '  ' })}\n`;
  if (plan.pending.length === 0) return `${nothingWords(plan, leftOut)}\n${scores}${left}`;
  const chosen = new Set(plan.pending);
  const tasks = plan.tasks.filter((task) => chosen.has(task));
  const reasons = cutLines(explainText({ ...plan, tasks }, options), input.rows);
  const counts = wrapWords(countsWords(plan, tasks), { ...options, indent: '  ' });
  const { bold } = makeColors(options.colors);
  return `${counts.split('\n').map(bold).join('\n')}\n${reasons}${estimateLine(input.estimate, options)}${scores}${left}`;
}

export function nothingWords(plan: Plan, leftOut: number): string {
  if (plan.tasks.length === 0) return 'Nothing to do: no task is in scope.';
  const done = plan.tasks.length - leftOut;
  return leftOut > 0
    ? `Nothing to run: ${formatAmount(done, 'task')} up to date.`
    : `Everything is up to date: ${formatAmount(done, 'task')}, nothing to run.`;
}

export function leftOutWords(leftOut: number): string {
  const [it, has] = leftOut === 1 ? ['it', 'it has'] : ['them', 'they have'];
  return `${formatAmount(leftOut, 'task')} failed before and ${leftOut === 1 ? 'is' : 'are'} left out until ${has} changed; Enter, or npx expgraph run --failed, runs ${it} again.`;
}

/** `6 of 120 tasks to run: baseline 3, applike 3 · 1 scenario` */
function countsWords(plan: Plan, tasks: readonly Task[]): string {
  const byVariant = new Map<string, number>();
  for (const { variant } of tasks) byVariant.set(variant, (byVariant.get(variant) ?? 0) + 1);
  const named = [...byVariant]
    .slice(0, MAX_NAMED)
    .map(([name, n]) => `${sanitizeLine(name)} ${formatCount(n)}`);
  const more = byVariant.size > MAX_NAMED ? ` and ${byVariant.size - MAX_NAMED} more variants` : '';
  const scenarios = new Set(tasks.map(({ scenario }) => scenario)).size;
  const head = `${formatCount(tasks.length)} of ${formatAmount(plan.tasks.length, 'task')} to run`;
  return `${head}: ${named.join(', ')}${more} · ${formatAmount(scenarios, 'scenario')}`;
}

const MAX_NAMED = 6;

function cutLines(text: string, rows = Number.POSITIVE_INFINITY): string {
  const lines = text.split('\n').slice(0, -1);
  const shown = lines.slice(0, Math.min(MAX_REASON_LINES, Math.max(3, Math.floor(rows / 3))));
  if (lines.length > shown.length) shown.push('  ... (npx expgraph plan --explain says all)');
  return shown.map((line) => `${line}\n`).join('');
}

/** Why nothing starts by itself, and what would start it. */
export function consentWords(
  consent:
    | { readonly kind: 'above'; readonly costUsd: number; readonly limitUsd: number }
    | { readonly kind: 'unknown' },
): string {
  return consent.kind === 'above'
    ? `up to ${formatMoney(consent.costUsd)} is above watch.confirm_usd (${formatMoney(consent.limitUsd)})`
    : 'what it costs is not known';
}

/** Lines of a gate; `expgraph compare` has all of them. */
const MAX_BROKEN = 3;

/** What a round leaves on the screen; `totals` where something ran. */
export function roundEndText(
  input: {
    readonly summary: RunSummary;
    readonly table: string;
    readonly totals: 'told' | 'left out';
    /** What commands repeat to mean the same manifest. */
    readonly place?: string;
    /** Lines that follow; each ends with a line end. */
    readonly after?: string;
    /** Of the manifest. */
    readonly warnings?: readonly Diagnostic[];
  },
  options: TextOptions,
): string {
  const { summary, table, after = '', warnings = [] } = input;
  const colors = makeColors(options.colors);
  const blocks = table === '' ? [] : [`\n${table}`];
  if (input.totals === 'told') {
    const paint = summary.complete && summary.failed === 0 ? colors.good : colors.warning;
    const totals = wrapWords(totalsSentence(summary), { ...options, indent: '  ' });
    blocks.push(`${totals.split('\n').map(paint).join('\n')}\n`);
  }
  const broken = (summary.gate ?? []).filter(({ held }) => !held);
  const gate = gateSentences(broken.slice(0, MAX_BROKEN)).map((sentence) => {
    const words = wrapWords(sanitizeLine(capital(sentence)), { ...options, indent: '  ' });
    return words.split('\n').map(colors.error).join('\n');
  });
  if (broken.length > MAX_BROKEN)
    gate.push(colors.error(`  and ${broken.length - MAX_BROKEN} more: npx expgraph compare`));
  const scope = { ...WHOLE_SCOPE, named: input.place ?? '' };
  const bad = summary.not_passed;
  const notPassed = bad && notPassedSentence(bad, { scope, of: summary.scope.tasks });
  const notes = [
    ...gate,
    ...(notPassed ? [colors.warning(notPassed)] : []),
    ...(summary.why === null ? [] : [colors.error(`Stopped: ${sanitizeLine(summary.why)}`)]),
    ...(summary.simulated ? [colors.warning(wrapWords(SIMULATION, { ...options, indent: '  ' }))] : []),
  ];
  const below = warnings.map(({ message }) => `warning: ${sanitizeLine(message)}\n`).join('');
  return `${blocks.join('\n')}${notes.map((note) => `${note}\n`).join('')}${after}${below}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What is there, until there is a comparison to show. */
export function roundTable(
  { summary, comparison }: { readonly summary: RunSummary; readonly comparison: readonly Block[] | null },
  options: TextOptions,
): string {
  if (comparison !== null) return sheetText(comparison, options);
  return summary.variants.length === 0 ? '' : summaryTable(summary, options);
}

/** In place of a run. */
export const HELD = `Not run: the last rounds were each set off by files that were saved while tasks ran. If what runs writes them,
take them out of what counts (inputs, scenarios). Another save, or Enter, runs it.
`;

/** The last line while nothing is to be done. */
export function restWords(
  input: { readonly files: number; readonly hasKeys: boolean },
  { columns, colors }: TextOptions,
): string {
  const leave = input.hasKeys ? 'Enter: run what failed or is left · q: leave' : 'Ctrl-C leaves';
  const words = wrapWords(`Watching ${formatAmount(input.files, 'file')} · ${leave}`, {
    columns,
    indent: '  ',
  });
  return `\n${words.split('\n').map(makeColors(colors).dim).join('\n')}\n`;
}
