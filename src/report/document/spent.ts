// What the answers took: tokens, money, time. What is not known is said, and never counted as nothing. Pure.
import { formatMetric } from '../../analysis/compare/numbers.ts';
import { meanOf, quantileOf } from '../../analysis/statistics/intervals.ts';
import { formatCount, formatDurationPair, formatMoney } from '../../text/format.ts';
import type { Row } from '../../text/layout.ts';
import { untimedWords } from '../words/batch-words.ts';
import type { DocumentBlock } from './document.ts';
import { type DrawFacts, hasAnswer, type ScenarioFacts } from './facts.ts';

export function spentBlocks(scenarios: readonly ScenarioFacts[]): readonly DocumentBlock[] {
  const variants = [...new Set(scenarios.flatMap(({ arms }) => arms.map(({ variant }) => variant)))];
  const rows = variants.map((variant): Row => {
    const draws = scenarios
      .flatMap(({ arms }) => arms.filter((arm) => arm.variant === variant).flatMap(({ runs }) => runs))
      .filter(hasAnswer);
    const costs = known(draws, ({ costUsd }) => costUsd);
    const times = known(draws, ({ latencyMs }) => latencyMs).toSorted((a, b) => a - b);
    const isWhole = costs.length === draws.length;
    return {
      kind: 'cells',
      cells: [
        variant,
        formatCount(draws.length),
        meanWords(draws, ({ inputTokens }) => inputTokens),
        meanWords(draws, ({ outputTokens }) => outputTokens),
        costs.length === 0 ? 'unknown' : `${formatMetric('cost', meanOf(costs))}${of(costs, draws)}`,
        isWhole && draws.length > 0 ? formatMoney(costs.reduce((sum, one) => sum + one, 0)) : 'unknown',
        times.length === 0
          ? '-'
          : `${formatDurationPair(quantileOf(times, 0.5), quantileOf(times, 0.95))}${of(times, draws)}`,
      ],
    };
  });
  return [
    {
      kind: 'table',
      head: 'Tokens, cost and latency of an answer',
      columns: [
        { head: 'arm' },
        { head: 'answers', align: 'right' },
        { head: 'tokens in, mean', align: 'right' },
        { head: 'out, mean', align: 'right' },
        { head: 'cost, mean', align: 'right' },
        { head: 'cost of all', align: 'right' },
        { head: 'latency p50/p95', align: 'right' },
      ],
      rows,
    },
    ...untimedBlock(scenarios),
  ];
}

/** In one sentence what the latencies of the table leave out. */
function untimedBlock(scenarios: readonly ScenarioFacts[]): readonly DocumentBlock[] {
  const draws = scenarios.flatMap(({ arms }) => arms.flatMap(({ runs }) => runs)).filter(hasAnswer);
  const unknown = draws.filter(({ latencyMs }) => latencyMs === null).length;
  if (unknown === 0) return [];
  const sentences = [untimedWords({ unknown, of: draws.length })];
  return [{ kind: 'sentences', head: null, tone: 'weak', sentences }];
}

function known(draws: readonly DrawFacts[], pick: (draw: DrawFacts) => number | null): readonly number[] {
  return draws.flatMap((draw) => pick(draw) ?? []);
}

function meanWords(draws: readonly DrawFacts[], pick: (draw: DrawFacts) => number | null): string {
  const values = known(draws, pick);
  return values.length === 0 ? '-' : `${formatCount(meanOf(values))}${of(values, draws)}`;
}

/** Of fewer than all, of how many. */
function of(values: readonly number[], draws: readonly DrawFacts[]): string {
  return values.length === draws.length ? '' : ` (of ${formatCount(values.length)})`;
}
