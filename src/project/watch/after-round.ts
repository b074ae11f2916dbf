// The tables that watch shows when a round is over: what is there, and, as soon as it can be compared, how the arms compare.
import type { RunSummary } from '../../core/summary.ts';
import type { Filter } from '../../core/task.ts';
import { meansVariant } from '../../core/variant-names.ts';
import { plainTable } from '../../report/watch/watch.ts';
import { sheetText } from '../../text/sheet-text.ts';
import type { Experiment } from '../open/experiment.ts';
import type { World } from '../open/world.ts';

export type RoundOver = {
  readonly io: World;
  readonly experiment: Experiment;
  readonly filter: Filter;
  /** Of the run that was, or of what is there where nothing had to run. */
  readonly summary: RunSummary;
  /** Of where the table is shown. */
  readonly options: { readonly columns: number; readonly colors: boolean };
};

/** The store is not locked any more. Ends with a line end, or is empty. */
export async function afterRound(of: RoundOver): Promise<string> {
  const compared = canCompare(of) ? await comparison(of) : null;
  return compared ?? plainTable(of.summary, of.options);
}

/** Two arms, all of their cells, and somebody who judges them. */
function canCompare({ experiment, summary, filter }: RoundOver): boolean {
  const { variants, scorers } = experiment.manifest;
  const names = variants.map(({ name }) => name);
  const arms = names.filter(meansVariant(filter.variant, names));
  return scorers.length > 0 && arms.length > 1 && summary.complete;
}

/** The tables of `expgraph compare`, and its first sentences; null where it would refuse. */
async function comparison({ experiment, filter, options }: RoundOver): Promise<string | null> {
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
      ...{ experiment, store, book: bookOfToday(experiment), filter },
      ...{ patterns: filter.variant, metric: 'score', by: null, moments: [] },
      allowed: { incomplete: false, mixedModels: false },
    }),
  );
  if (isRefused(compared)) return null;
  const blocks = compareSheet(compared);
  const firstWords = blocks.findIndex(({ kind }) => kind === 'sentences');
  // The rest stands in `expgraph compare`, where there is time to read it.
  return sheetText(blocks.slice(0, firstWords < 0 ? undefined : firstWords + 1), options);
}
