// What each screen of the page is given.
import type { ExperimentScreen } from '../../screens/experiment.ts';
import type { ReadonlySignal } from './preact.ts';
import type { Source } from './source.ts';

export type ScreenProps = {
  readonly source: Source;
  readonly query: URLSearchParams;
  readonly experiment: ExperimentScreen;
  /** Moves when the history does. */
  readonly revision: ReadonlySignal<string>;
};
