// Where verdicts are looked up: by scorer, scenario and the digest of the output that was judged.
import type { StoreReader } from '../cache/store.ts';
import type { ScoreBook } from '../core/scoring.ts';
import type { Experiment } from './experiment.ts';

/** Of an experiment without scorers: an empty book. */
export function openScoreBook(_at: {
  readonly experiment: Experiment;
  readonly store: StoreReader;
}): ScoreBook {
  return { scorers: [], of: () => [] };
}
