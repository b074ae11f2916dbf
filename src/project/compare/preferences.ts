// The pairs of a comparison: of each arm, what judges made of its answers beside those of the arm that they name.

import type { Arm, CompareInput } from '../../analysis/compare/input.ts';
import { type Preference, preferencesOf } from '../../analysis/compare/preference.ts';
import type { StoreReader } from '../../cache/store.ts';
import type { ScoreBook } from '../../core/scoring.ts';
import type { Filter } from '../../core/task.ts';
import type { Experiment } from '../open/experiment.ts';
import { importedRows } from '../select/imported-rows.ts';
import { judgedOf } from '../select/judged-row.ts';
import { cellsToday } from './cells.ts';

export function gatherPreferences(input: {
  readonly experiment: Experiment;
  readonly store: StoreReader;
  readonly book: ScoreBook;
  readonly arms: readonly Pick<Arm, 'variant'>[];
  readonly filter: Filter;
  readonly cluster: CompareInput['cluster'];
  readonly isFirstDraws: boolean;
  readonly allowIncomplete: boolean;
}): readonly Preference[] {
  const { experiment, store, book, cluster, allowIncomplete } = input;
  const variants = input.arms.map(({ variant }) => variant);
  const found = cellsToday({ ...input, variants, imported: importedRows(store) });
  const inputs = (book.pairs ?? []).flatMap((scorer) => {
    const judge = experiment.manifest.scorers.find(({ name }) => name === scorer);
    const against = judge?.kind === 'judge' ? judge.pairwise?.against : undefined;
    if (against === undefined) return [];
    return variants
      .filter((variant) => variant !== against)
      .map((variant) => {
        const here = found.get(variant)!;
        const cells = here.flatMap(({ scenario, run, row, lack }) => {
          const said = book.of({ variant, scenario, run, ...judgedOf(row) });
          const one = said.find((score) => score.scorer === scorer);
          if (one === undefined) return [];
          const isThere = row !== null && (lack === null || lack === 'archived') && one.missing === null;
          return [{ scenario, score: isThere ? one.score : null, label: isThere ? one.label : null }];
        });
        return { scorer, against, variant, cells, simulated: here.some(({ simulated }) => simulated) };
      });
  });
  return preferencesOf(inputs, { cluster, allowIncomplete });
}
