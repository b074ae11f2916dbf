// How the arms compare when a round is over, as soon as they can be compared.
import type { RunSummary } from '../../core/summary.ts';
import type { Filter } from '../../core/task.ts';
import { meansVariant } from '../../core/variant-names.ts';
import type { Block } from '../../text/sheet.ts';
import type { Experiment } from '../open/experiment.ts';

export type RoundOver = {
  readonly experiment: Experiment;
  readonly filter: Filter;
  /** Of the run that was, or of what is there where nothing had to run. */
  readonly summary: RunSummary;
};

/**
 * The tables of `expgraph compare`, and its first sentences; null where it would refuse. The rest stands in `expgraph compare`,
 * where there is time to read it. The store is not locked any more.
 */
export async function compareRound(round: RoundOver): Promise<readonly Block[] | null> {
  if (!canCompare(round)) return null;
  const { experiment, filter } = round;
  const [{ compareArms }, { isRefused }, { compareSheet }, { gatherComparison }, { bookOfToday }] =
    await Promise.all([
      import('../../analysis/compare/compare.ts'),
      import('../../analysis/compare/result.ts'),
      import('../../report/compare/sheet.ts'),
      import('../compare/arms.ts'),
      import('../select/verdict.ts'),
    ]);
  using store = experiment.stores.read();
  const compared = compareArms(
    gatherComparison({
      experiment,
      store,
      book: bookOfToday(experiment),
      filter,
      patterns: filter.variant,
      metric: 'score',
      by: null,
      moments: [],
      allowed: { incomplete: false, mixedModels: false },
    }),
  );
  if (isRefused(compared)) return null;
  const blocks = compareSheet(compared);
  const firstWords = blocks.findIndex(({ kind }) => kind === 'sentences');
  return blocks.slice(0, firstWords < 0 ? undefined : firstWords + 1);
}

/** Two arms, all of their cells, and somebody who judges them. */
function canCompare({ experiment, summary, filter }: RoundOver): boolean {
  const { variants, scorers } = experiment.manifest;
  const names = variants.map(({ name }) => name);
  const arms = names.filter(meansVariant(filter.variant, names));
  return scorers.length > 0 && arms.length > 1 && summary.complete;
}
