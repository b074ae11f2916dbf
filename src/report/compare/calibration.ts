// A scorer held against people, as a page: how far they agree, where they do not, and from which score on an answer would pass
// as people have it. Pure.
import type { Calibration } from '../../core/calibration.ts';
import { sanitizeLine } from '../../core/text.ts';
import { makeColors } from '../../text/colors.ts';
import { formatAmount, formatCount, formatPercent } from '../../text/format.ts';
import { type Column, renderTable, type TextOptions } from '../../text/table.ts';
import { wrapWords } from '../../text/wrap.ts';
import { coefficientWords, estimateWords } from '../words/agreement.ts';

export function calibrationText(one: Calibration, options: TextOptions): string {
  const say = (text: string): string => `${wrapWords(text, { columns: options.columns, indent: '  ' })}\n`;
  const colors = makeColors(options.colors);
  const name = sanitizeLine(one.scorer);
  const sources = one.sources.map(sanitizeLine).join(' and ');
  const lines = [
    colors.bold(`${name} against people`),
    '\n',
    say(
      `${formatAmount(one.labels, 'label')} (${sources}) on ${formatAmount(one.answers, 'answer')}: ${formatCount(one.compared)} compared, of ${formatAmount(one.scenarios, 'scenario')}${lacks(one)}.`,
    ),
  ];
  if (one.agreement === null) return lines.join('');
  const { raw } = one.agreement;
  const interval =
    raw.low === null || raw.high === null ? '' : `, ${percents(raw.low, raw.high)} over scenarios`;
  lines.push(
    say(
      `They agree on ${formatCount(one.agree)} of ${formatCount(one.compared)} (${formatPercent(one.agree, one.compared)}${interval}): ${coefficientWords(one.agreement)}.`,
    ),
  );
  if (one.humans !== null) {
    lines.push(say(humanWords(one.humans)));
  }
  lines.push('\n', confusionTable(one, options));
  lines.push(thresholdWords(one, say));
  lines.push(differing(one, options));
  return lines.join('');
}

/** Of fewer answers a coefficient says nothing. */
const LEAST_ANSWERS = 5;

function humanWords(humans: NonNullable<Calibration['humans']>): string {
  const { answers, raters, raw } = humans;
  const more =
    answers < LEAST_ANSWERS
      ? '.'
      : `, ${coefficientWords(humans)}. No scorer can be expected to agree with them better than that.`;
  return `People among themselves, ${formatCount(raters)} on ${formatAmount(answers, 'answer')}: agreement ${estimateWords(raw)}${more}`;
}

function lacks(one: Calibration): string {
  const parts = [
    [one.not_judged, 'without a verdict of the scorer'],
    [one.undecided, 'that people are evenly split on'],
    [one.out_of_scope, 'that the scorer is not about'],
    [one.gone, 'whose answer is not in the history'],
  ] as const;
  return parts.map(([count, words]) => (count === 0 ? '' : `; ${formatCount(count)} ${words}`)).join('');
}

function percents(low: number, high: number): string {
  return `${formatPercent(low, 1)} to ${formatPercent(high, 1)}`;
}

function confusionTable({ categories, confusion }: Calibration, options: TextOptions): string {
  const columns: readonly Column[] = [
    { head: 'people say', shrinksTo: 10, cut: 'names' },
    ...categories.map((name): Column => ({ head: `scorer: ${sanitizeLine(name)}`, align: 'right' })),
  ];
  const rows = categories.map((name, i) => ({
    kind: 'cells' as const,
    cells: [sanitizeLine(name), ...confusion[i]!.map(formatCount)],
    tone: 'plain' as const,
  }));
  return renderTable({ columns, rows }, options);
}

function thresholdWords({ threshold }: Calibration, say: (text: string) => string): string {
  if (threshold === null) return '';
  const { now, fitted, of, agree_now, agree_fitted, agree_left_out } = threshold;
  if (fitted === now) return say(`pass_at: ${now} fits these labels as well as any other threshold.`);
  return say(
    `pass_at: ${fitted} would agree on ${formatCount(agree_fitted)} of ${formatCount(of)}, where ${now} agrees on ${formatCount(agree_now)}. It is fitted to these labels: with each scenario judged by what the others come to, ${formatCount(agree_left_out)}.`,
  );
}

function differing({ differ, compared, agree }: Calibration, options: TextOptions): string {
  if (differ.length === 0) return '';
  const more = compared - agree - differ.length;
  const head = more === 0 ? 'They differ on' : `They differ on ${formatCount(compared - agree)}; the first`;
  const lines = differ.map(({ where, human, scorer, scenario, reason }) => {
    const of = where.includes(scenario) ? '' : ` (${sanitizeLine(scenario)})`;
    const why = reason === null ? '' : `: ${sanitizeLine(reason)}`;
    const text = `${sanitizeLine(where)}${of}: people ${sanitizeLine(human)}, scorer ${sanitizeLine(scorer)}${why}`;
    return `  ${wrapWords(text, { columns: options.columns - 2, indent: '    ' })}\n`;
  });
  return `\n${head}:\n${lines.join('')}`;
}
