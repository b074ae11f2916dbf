// What scorers say, as a table: one line a scorer and variant. Pure.
import type { ScoreRow, ScoresSummary } from '../../core/summary.ts';
import { sanitizeLine } from '../../core/text.ts';
import { makeColors } from '../../text/colors.ts';
import { formatAmount, formatCount, formatMoney } from '../../text/format.ts';
import { orderWords } from '../../text/preference-words.ts';
import { type Column, renderTable, type TextOptions } from '../../text/table.ts';
import { wrapWords } from '../../text/wrap.ts';
import { votesText } from '../words/agreement.ts';
import { limitsSentence } from './limits-found.ts';
import { splitText } from './split-votes.ts';
import { unreadText } from './unread.ts';

const COLUMNS: readonly Column[] = [
  { head: 'scorer', shrinksTo: 10, cut: 'names' },
  { head: 'variant', shrinksTo: 12, cut: 'names' },
  { head: 'answers', align: 'right' },
  { head: 'passed', align: 'right' },
  { head: 'mean score', align: 'right' },
  { head: 'missing', align: 'right' },
];

export function scoresText(summary: ScoresSummary, options: TextOptions): string {
  const colors = makeColors(options.colors);
  const rows = summary.rows.map(({ scorer, variant, cells, passed, decided, mean, missing }) => ({
    kind: 'cells' as const,
    cells: [
      sanitizeLine(scorer),
      sanitizeLine(variant),
      formatCount(cells),
      passed === null ? '-' : `${formatCount(passed)} of ${formatCount(decided)}`,
      mean === null ? '-' : mean.toFixed(3),
      formatCount(missing),
    ],
    tone: missing > 0 ? ('bad' as const) : ('plain' as const),
  }));
  const sentence = scoresSentence(summary);
  const line = summary.how === 'complete' ? colors.good(sentence) : colors.warning(sentence);
  const why = summary.why === null ? '' : `${colors.error(`Stopped: ${sanitizeLine(summary.why)}`)}\n`;
  const taken = [...new Set(summary.rows.flatMap(({ scorer, precomputed }) => (precomputed ? scorer : [])))];
  const mark =
    taken.length === 0
      ? ''
      : `${taken.map(sanitizeLine).join(', ')}: as the answers came with it; nothing was judged here.\n`;
  const silent = summary.rows
    .flatMap((row) => silentWords(row) ?? [])
    .map((words) => `${wrapWords(words, { columns: options.columns, indent: '  ' })}\n`);
  const table = rows.length === 0 ? '' : `${renderTable({ columns: COLUMNS, rows }, options)}\n`;
  const votes = votesText(summary.agreement ?? [], options.columns);
  const split = splitText(summary.votes ?? [], options.columns);
  const unread = unreadText(summary.unread ?? [], options.columns);
  const found = summary.limits_found ? `${colors.dim(limitsSentence(summary.limits_found, options))}\n` : '';
  return `${table}${mark}${silent.join('')}${votes}${split}${orders(summary, options)}${unread}${line}\n${why}${found}`;
}

/** A label alone is no number: a mean of the rest may be a mean of the easier ones. null = numbers of all, or of none. */
function silentWords({ scorer, variant, cells, missing, scored }: ScoreRow): string | null {
  const judged = cells - missing;
  if (scored === 0 || scored === judged) return null;
  return `${sanitizeLine(scorer)} gives ${formatAmount(judged - scored, 'answer')} of ${sanitizeLine(variant)} no number: its mean is of the other ${formatCount(scored)}.`;
}

/** Judges of pairs that went by the place of an answer. */
function orders({ rows }: ScoresSummary, { columns }: TextOptions): string {
  return rows
    .filter(({ followed_order = 0 }) => followed_order > 0)
    .map(({ scorer, variant, followed_order = 0, cells, missing }) => {
      const said = orderWords({ variant, followed: followed_order, pairs: cells - missing });
      return `${wrapWords(`${sanitizeLine(scorer)}, ${said}`, { columns, indent: '  ' })}\n`;
    })
    .join('');
}

export function scoresSentence(summary: ScoresSummary): string {
  const { tasks, executed, cached, failed, missing, retries } = summary;
  const parts = [
    `${formatAmount(tasks, 'score')}: ${formatCount(executed)} judged, ${formatCount(cached)} cached`,
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
    ...(missing > 0 ? [`${formatCount(missing)} missing`] : []),
    ...(retries > 0 ? [formatAmount(retries, 'retry')] : []),
  ];
  const cost =
    summary.usage.total_tokens === 0
      ? ''
      : ` · ${formatCount(summary.usage.total_tokens)} tokens · ${formatMoney(summary.cost_usd)}`;
  return `${parts.join(', ')}${cost}`;
}

/** How much has no answer yet, and the command that draws it; '' where all has one. */
export function undrawnSentence(undrawn: number, scope: string): string {
  if (undrawn === 0) return '';
  const cells = undrawn === 1 ? '1 cell has' : `${undrawn} cells have`;
  return `${cells} no answer for today's manifest yet: npx expgraph run${scope} draws what is missing.\n`;
}
