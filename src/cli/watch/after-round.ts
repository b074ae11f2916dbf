// The table that watch shows when a round is over, and nothing else: another table is another function here.
import type { RunSummary } from '../../core/summary.ts';
import type { Filter } from '../../core/task.ts';
import { plainTable } from '../../report/watch.ts';
import type { Experiment } from '../experiment.ts';
import type { Io } from '../io.ts';

export type RoundOver = {
  readonly io: Io;
  readonly experiment: Experiment;
  readonly filter: Filter;
  /** Of the run that was, or of what is there where nothing had to run. */
  readonly summary: RunSummary;
  /** Of where the table is shown. */
  readonly options: { readonly columns: number; readonly colors: boolean };
};

/** The store is not locked any more. Ends with a line end, or is empty. */
export async function afterRound({ summary, options }: RoundOver): Promise<string> {
  return plainTable(summary, options);
}
