// What a run of a cell shows beside its mark, and a whole cell in words: for screen readers, and for the line under the list.

import type { Mark, RunMark } from '../../screens/matrix.ts';
import { MARKS } from '../../screens/matrix.ts';
import { formatAmount, formatCount, formatDuration, formatMoney } from '../../text/format.ts';
import { MARK_WORDS } from '../parts/mark.tsx';
import type { Show } from './address.ts';

/** More runs than this are summed up: nobody reads forty marks. */
export const MAX_RUNS = 10;

/** px of one run in a cell, with room for the shape before a number that did not pass. */
export const RUN_WIDTH: Readonly<Record<Show, number>> = {
  marks: 30,
  score: 46,
  tokens: 56,
  latency: 68,
  cost: 76,
};

/** Short, without a unit where the switch above says which. `` = there is none. */
export function runValue(run: RunMark, show: Show): string {
  switch (show) {
    case 'marks':
      return run.answer === null ? '' : String(run.answer);
    case 'score':
      return run.score === null ? '' : run.score.toFixed(2);
    case 'tokens':
      return run.tokens === null ? '' : shortCount(run.tokens);
    case 'latency':
      return run.latencyMs === null ? '' : formatDuration(run.latencyMs);
    case 'cost':
      return run.costUsd === null ? '' : cellMoney(run.costUsd);
    default:
      return show satisfies never;
  }
}

/** One call costs so little that four digits behind the point say nothing of it: `$0.00013`. */
function cellMoney(usd: number): string {
  return usd > 0 && usd < 0.01
    ? `$${Number(usd.toPrecision(2)).toFixed(6).replace(/0+$/, '')}`
    : formatMoney(usd);
}

/** `12,345`; from a hundred thousand on `123k`. */
function shortCount(count: number): string {
  if (count < 100_000) return formatCount(count);
  return count < 10_000_000 ? `${Math.round(count / 1000)}k` : `${Math.round(count / 1_000_000)}M`;
}

/** Of many runs: how many answers; or the mean of what is known. */
export function sumValue(runs: readonly RunMark[], show: Show): string {
  if (show === 'marks') {
    const kinds = answersIn(runs);
    return kinds > 1 ? `≠${kinds}` : '';
  }
  const known = runs.filter((run) => runValue(run, show) !== '');
  if (known.length === 0) return '';
  const mean = (of: (run: RunMark) => number | null) =>
    known.reduce((sum, run) => sum + (of(run) ?? 0), 0) / known.length;
  const middle: RunMark = {
    run: 0,
    mark: 'passed',
    answer: null,
    score: mean(({ score }) => score),
    tokens: Math.round(mean(({ tokens }) => tokens)),
    latencyMs: mean(({ latencyMs }) => latencyMs),
    costUsd: mean(({ costUsd }) => costUsd),
  };
  return `⌀ ${runValue(middle, show)}`;
}

export function countMarks(runs: readonly RunMark[]): readonly (readonly [Mark, number])[] {
  return MARKS.map((mark) => [mark, runs.filter((run) => run.mark === mark).length] as const).filter(
    ([, count]) => count > 0,
  );
}

/** `run 3 did not pass, answer 2, score 0.00, 812 tokens, 134 ms, $0.0001`. */
export function runWords(run: RunMark): string {
  return [
    `run ${run.run} ${MARK_WORDS[run.mark]}`,
    ...(run.answer === null ? [] : [`answer ${run.answer}`]),
    ...(run.score === null ? [] : [`score ${run.score.toFixed(2)}`]),
    ...(run.tokens === null ? [] : [formatAmount(run.tokens, 'token')]),
    ...(run.latencyMs === null ? [] : [formatDuration(run.latencyMs)]),
    ...(run.costUsd === null ? [] : [cellMoney(run.costUsd)]),
  ].join(', ');
}

/** `2 passed, 1 did not pass, 2 different answers`, and of what is shown the values by run. */
export function cellWords(runs: readonly RunMark[], show: Show): string {
  if (runs.length === 0) return 'nothing is asked for';
  if (runs.length === 1) return runWords(runs[0]!);
  const marks = countMarks(runs).map(([mark, count]) => `${count} ${MARK_WORDS[mark]}`);
  const kinds = answersIn(runs);
  const answers = kinds > 1 ? [`${kinds} different answers`] : kinds === 1 ? ['one answer'] : [];
  const values =
    show === 'marks' ? [] : [`${show} ${runs.map((run) => runValue(run, show) || 'unknown').join(', ')}`];
  return [...marks, ...answers, ...values].join(', ');
}

function answersIn(runs: readonly RunMark[]): number {
  return new Set(runs.flatMap(({ answer }) => (answer === null ? [] : [answer]))).size;
}
