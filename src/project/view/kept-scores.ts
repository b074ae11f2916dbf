// The scores of an experiment, opened once for all revisions of a viewer: while a judge is at work its index lags, and to open it anew
// each time would be to copy all of it.
import type { StoreReader } from '../../cache/store.ts';
import type { ScoreRecord } from '../../core/record.ts';
import type { Experiment } from '../open/experiment.ts';

export type KeptScores = Disposable & {
  /** The experiment with scores that whoever opens them may close as always. */
  of(experiment: Experiment): Experiment;
  /** Scores were added. */
  refresh(): void;
  /** A moment later there are more. */
  isBehind(): boolean;
};

export function keepScores(): KeptScores {
  let current: { readonly root: string; readonly store: StoreReader<ScoreRecord> } | null = null;
  /** What a revision before may be reading still. */
  const before: StoreReader<ScoreRecord>[] = [];

  function read({ root, stores }: Experiment): StoreReader<ScoreRecord> {
    if (current?.root !== root) {
      if (current !== null) before.push(current.store);
      current = { root, store: stores.readScores() };
    }
    return borrowed(current.store);
  }

  return {
    of: (experiment) => ({
      ...experiment,
      stores: { ...experiment.stores, readScores: () => read(experiment) },
    }),
    refresh() {
      if (current === null || current.store.refresh()) return;
      before.push(current.store);
      current = null;
    },
    isBehind: () => current?.store.isBehind() ?? false,
    [Symbol.dispose]() {
      for (const store of before) store[Symbol.dispose]();
      current?.store[Symbol.dispose]();
    },
  };
}

/** The same store; closing it leaves it open. */
function borrowed(store: StoreReader<ScoreRecord>): StoreReader<ScoreRecord> {
  return Object.create(store, { [Symbol.dispose]: { value: () => {} } }) as StoreReader<ScoreRecord>;
}
