// `--metric human.naturalness`: which scorer it names, and which of the metrics it is.
import { METRICS, type Metric } from '../../analysis/compare/input.ts';
import { didYouMean } from '../../core/nearest.ts';
import { CommandError } from '../open/command-error.ts';
import { HUMAN, HUMAN_PASS, isHuman } from '../select/human-scores.ts';

/** `human` alone is every dimension, one after the other. */
export type HumanMetric = typeof HUMAN | `${typeof HUMAN}.${string}`;
export type AskedMetric = Metric | HumanMetric;

export function isAskedMetric(text: string): text is AskedMetric {
  return METRICS.some((one) => one === text) || text === HUMAN || isHuman(text);
}

/** @throws CommandError on what cannot be compared */
export function readMetric({
  metric = 'score',
  scorer = [],
}: {
  readonly metric?: AskedMetric;
  readonly scorer?: readonly string[];
}): { readonly metric: Metric; readonly scorer: readonly string[] } {
  const known = METRICS.find((one) => one === metric);
  if (known !== undefined) return { metric: known, scorer };
  if (!isHuman(metric)) {
    const hint =
      didYouMean(metric, [...METRICS, HUMAN]) ?? `there are ${METRICS.join(', ')} and ${HUMAN}.DIMENSION`;
    throw new CommandError(`${JSON.stringify(metric)} is nothing that can be compared: ${hint}`);
  }
  if (scorer.length > 0)
    throw new CommandError(
      `--metric ${metric} says whose word counts: leave --scorer out, or write --scorer ${metric}`,
    );
  // Whether people would let it pass is yes or no; every dimension is a number from 0 to 1.
  return { metric: metric === HUMAN_PASS ? 'pass' : 'score', scorer: [metric] };
}
