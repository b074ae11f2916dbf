// What a run leaves on the screen: the table, the totals in one sentence, where the files are, what to try next. Pure.

import { fitNames } from '../../core/names.ts';
import type { Endings, RunSummary, ScoresSummary, SummaryRow } from '../../core/summary.ts';
import { displayWidth, sanitizeLine } from '../../core/text.ts';
import { makeColors } from '../../text/colors.ts';
import {
  formatAmount,
  formatCount,
  formatDuration,
  formatDurationPair,
  formatMoney,
} from '../../text/format.ts';
import { commandLines, nextSteps, type ScopeWords, showStep, WHOLE_SCOPE } from '../../text/next.ts';
import { inShard, nothingInScope, ofShard } from '../../text/shard-words.ts';
import { type Column, type Row, renderTable, type TextOptions } from '../../text/table.ts';
import { SEPARATOR, wrapParts, wrapWords } from '../../text/wrap.ts';
import { outSentence, untimedWords } from '../words/batch-words.ts';
import { langsmithSentence } from './langsmith.ts';
import { limitsSentence } from './limits-found.ts';
import { notPassedSentence, notPassedText } from './not-passed.ts';
import { scoresSentence, scoresText } from './scores.ts';
import { withheldText } from './withheld.ts';

/** What `run --quiet` prints on stdout: what it comes to. */
export function runSummaryEnd(
  summary: RunSummary,
  options: TextOptions & { readonly scope?: ScopeWords },
): string {
  const judged = summary.scores ? [scoresSentence(summary.scores)] : [];
  const { scope = WHOLE_SCOPE } = options;
  const bad = summary.not_passed
    ? [notPassedSentence(summary.not_passed, { scope, of: summary.scope.tasks })]
    : [];
  const kept = summary.withheld ? [withheldText(summary.withheld, options).trimEnd()] : [];
  return `${[...endLines(summary, options), ...judged, ...bad, ...kept].join('\n')}\n`;
}

/** Everything that `run` prints on stdout. */
export function runSummaryText(
  summary: RunSummary,
  options: TextOptions & {
    readonly scope?: ScopeWords;
    /** What it says of the gate, made elsewhere; empty = there is none. */
    readonly gate?: string;
  },
): string {
  const { scope = WHOLE_SCOPE, gate = '' } = options;
  const lines = endLines(withoutLater(summary), options);
  const blocks = [
    ...(summary.variants.length === 0 ? [] : [summaryTable(summary, options)]),
    `${lines.join('\n')}\n`,
    ...(summary.scores ? [scoresText(toldOnce(summary.scores, summary.why), options)] : []),
    ...troubleBlocks(summary, { ...options, scope, of: summary.scope.tasks }),
    ...(gate === '' ? [] : [gate]),
    ...(summary.files.length === 0 ? [] : [filesText(summary.files, options.columns)]),
    summary.withheld
      ? withheldText(summary.withheld, options)
      : commandLines(nextSteps(summary, scope), options),
  ];
  return blocks.join('\n');
}

/** Of an account that refused answers and judges, what was found last. */
function withoutLater(summary: RunSummary): RunSummary {
  const { limits_found = [], scores, ...rest } = summary;
  const later = new Set(scores?.limits_found?.map(({ lane }) => lane));
  const found = limits_found.filter(({ lane }) => !later.has(lane));
  return { ...rest, ...(scores ? { scores } : {}), ...(found.length === 0 ? {} : { limits_found: found }) };
}

/** What stopped both is said where the run is summed up. */
function toldOnce(scores: ScoresSummary, why: string | null): ScoresSummary {
  const isTold = why !== null && scores.why !== null && why.startsWith(scores.why);
  return isTold ? { ...scores, why: null } : scores;
}

/** Cells that did not come out as wished, and those that nobody could judge: each with its reason. */
export function troubleBlocks(
  summary: Pick<RunSummary, 'not_passed' | 'scores'>,
  options: TextOptions & { readonly scope: ScopeWords; readonly of: number },
): readonly string[] {
  const { not_passed, scores } = summary;
  const score = {
    command: `npx expgraph score${options.scope.named}`,
    does: 'asks again who failed to judge',
  };
  return [
    ...(not_passed
      ? [notPassedText(not_passed, { ...options, what: 'not passed', command: showStep(options.scope) })]
      : []),
    ...(scores?.not_judged
      ? [notPassedText(scores.not_judged, { ...options, what: 'not judged', command: score })]
      : []),
  ];
}

function endLines(summary: RunSummary, options: TextOptions): readonly string[] {
  const colors = makeColors(options.colors);
  const totals = wrapParts(totalsSentence(summary), options.columns);
  const lines = [summary.complete && summary.failed === 0 ? colors.good(totals) : colors.warning(totals)];
  if (summary.why !== null) lines.push(colors.error(`Stopped: ${sanitizeLine(summary.why)}`));
  if (summary.batches) {
    const out = `${outSentence(summary.batches)}; npx expgraph run fetches what is done.`;
    lines.push(colors.warning(wrapWords(out, { columns: options.columns, indent: '  ' })));
  }
  if (summary.endings) lines.push(colors.warning(endingsSentence(summary.endings)));
  const untimed = untimedSentence(summary.variants);
  if (untimed !== null)
    lines.push(colors.dim(wrapWords(untimed, { columns: options.columns, indent: '  ' })));
  if (summary.simulated)
    lines.push(colors.warning(wrapWords(SIMULATION, { columns: options.columns, indent: '  ' })));
  if (summary.limits_found) lines.push(colors.dim(limitsSentence(summary.limits_found, options)));
  if (summary.langsmith) lines.push(colors.dim(langsmithSentence(summary.langsmith)));
  return lines;
}

/** null where every answer has a latency. */
function untimedSentence(rows: readonly SummaryRow[]): string | null {
  const unknown = rows.reduce((sum, row) => sum + (row.latency_unknown ?? 0), 0);
  if (unknown === 0) return null;
  const of = rows.reduce((sum, row) => sum + row.completed, 0);
  return untimedWords({ unknown, of });
}

/** `3 answers were cut at a limit of tokens, 1 was filtered` */
export function endingsSentence({ cut, filtered, thought_only }: Endings): string {
  const parts = [
    { count: cut, what: 'cut at a limit of tokens (max_output_tokens)' },
    { count: filtered, what: 'filtered' },
    { count: thought_only, what: 'nothing but reasoning, which is kept as the text' },
  ].filter(({ count }) => count > 0);
  const said = parts.map(({ count, what }, i) => {
    const who = i === 0 ? formatAmount(count, 'answer') : formatCount(count);
    return `${who} ${count === 1 ? 'was' : 'were'} ${what}`;
  });
  return `${said.join(', ')}.`;
}

export function summaryTable(summary: RunSummary, options: TextOptions): string {
  const rows: Row[] = summary.variants.map((row) => ({
    kind: 'cells',
    cells: summaryCells(row),
    tone: row.failed > 0 ? 'bad' : 'plain',
  }));
  rows.push({ kind: 'rule' }, { kind: 'cells', cells: totalCells(summary.variants), tone: 'strong' });
  return renderTable({ columns: COLUMNS, rows }, options);
}

/** What was done now, and what it took. */
export function totalsSentence(summary: RunSummary): string {
  const { scope, executed, cached, failed, missing } = summary;
  const { shard } = scope;
  if (scope.tasks === 0) return nothingInScope(shard);
  if (executed === 0 && summary.complete && failed === 0 && summary.why === null) {
    return `Everything${ofShard(shard)} is up to date: 0 executed, ${formatCount(cached)} cached, in ${formatDuration(summary.duration_ms)}.`;
  }
  const counts = [
    `${formatCount(executed)} executed`,
    `${formatCount(cached)} cached`,
    `${formatCount(failed)} failed`,
    `${formatCount(missing)} missing`,
  ];
  const took = [
    `${inShard(shard)}${formatAmount(scope.tasks, 'task')}: ${counts.join(', ')} in ${formatDuration(summary.duration_ms)}`,
  ];
  if (summary.attempts > 0) {
    const cost = costWords(summary);
    took.push(formatAmount(summary.retries, 'retry'), tokensWords(summary), cost);
  }
  return took.join(SEPARATOR);
}

function tokensWords({ usage, usage_unknown }: RunSummary): string {
  if (usage === null) return 'tokens unknown';
  const tokens = formatAmount(usage.total_tokens, 'token');
  return usage_unknown === undefined ? tokens : `at least ${tokens}`;
}

function costWords({ cost_usd, cost_usd_at_least, local }: RunSummary): string {
  if (cost_usd !== null) return local && cost_usd === 0 ? '$0 (local)' : formatMoney(cost_usd);
  return cost_usd_at_least > 0 ? `at least ${formatMoney(cost_usd_at_least)}` : 'cost unknown';
}

export const SIMULATION =
  'SIMULATION: these answers were played by the built-in simulation; they are no model’s.';

const COLUMNS: readonly Column[] = [
  { head: 'variant', shrinksTo: 20, cut: 'names' },
  { head: 'run', align: 'right' },
  { head: 'scenarios', shortHead: 'scen.', align: 'right' },
  { head: 'completed', shortHead: 'done', align: 'right' },
  { head: 'cached', align: 'right' },
  { head: 'failed', align: 'right' },
  { head: 'retries', align: 'right' },
  { head: 'tokens\nin/out', align: 'right' },
  { head: 'cost', align: 'right' },
  { head: 'latency\np50/p95', align: 'right' },
];

function summaryCells(row: SummaryRow): readonly string[] {
  return [
    row.variant,
    String(row.run),
    formatCount(row.scenarios),
    formatCount(row.completed),
    formatCount(row.cached),
    formatCount(row.failed),
    formatCount(row.retries),
    tokensPair([row]),
    row.completed === 0 ? '-' : formatMoney(row.cost_usd),
    formatDurationPair(row.latency_ms.p50, row.latency_ms.p95),
  ];
}

/** Sums of what is in the table; latencies of several rows have no sum. */
function totalCells(rows: readonly SummaryRow[]): readonly string[] {
  const sum = (pick: (row: SummaryRow) => number): number =>
    rows.reduce((total, row) => total + pick(row), 0);
  const counted = rows.filter((row) => row.completed > 0);
  const costUsd = counted.reduce<number | null>(
    (total, row) => (total === null || row.cost_usd === null ? null : total + row.cost_usd),
    0,
  );
  return [
    'total',
    '',
    formatCount(sum((row) => row.scenarios)),
    formatCount(sum((row) => row.completed)),
    formatCount(sum((row) => row.cached)),
    formatCount(sum((row) => row.failed)),
    formatCount(sum((row) => row.retries)),
    tokensPair(rows),
    counted.length === 0 ? '-' : formatMoney(costUsd),
    '',
  ];
}

/** `1,234/56`; `-` where nobody told, and `≥1,234/56` where some did not. */
function tokensPair(rows: readonly SummaryRow[]): string {
  const told = rows.flatMap(({ usage }) => usage ?? []);
  if (told.length === 0 && rows.length > 0) return '-';
  const input = told.reduce((sum, usage) => sum + usage.input_tokens, 0);
  const output = told.reduce((sum, usage) => sum + usage.output_tokens, 0);
  const isPartly = rows.some(({ usage_unknown }) => usage_unknown !== undefined);
  return `${isPartly ? '≥' : ''}${formatCount(input)}/${formatCount(output)}`;
}

/** More names than this are a listing of a folder, which `ls` does better. */
const MAX_FILES = 12;

/** The folder once, then the names, as many a line as fit. */
function filesText(files: readonly string[], columns: number): string {
  const names = files.map((file) => sanitizeLine(file));
  const folder = commonFolder(names);
  const shown = names.slice(0, MAX_FILES).map((name) => name.slice(folder.length));
  if (names.length > shown.length) shown.push(`and ${formatCount(names.length - shown.length)} more`);
  const fitted = fitNames(shown, columns - 2);
  const lines: string[] = [];
  for (const name of shown) {
    const last = lines.at(-1);
    const joined = `${last}  ${name}`;
    if (last === undefined || displayWidth(joined) > columns) lines.push(`  ${fitted.get(name)}`);
    else lines[lines.length - 1] = joined;
  }
  return `Results: ${folder === '' ? './' : folder}\n${lines.join('\n')}\n`;
}

/** Up to and with the last separator that all names share; a path of Windows has the other one. */
function commonFolder(files: readonly string[]): string {
  const [first = ''] = files;
  const folder = first.slice(0, Math.max(first.lastIndexOf('/'), first.lastIndexOf('\\')) + 1);
  return files.every((file) => file.startsWith(folder)) ? folder : '';
}
