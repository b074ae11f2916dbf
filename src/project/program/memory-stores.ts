// Stores that live as long as the program does: for tests, and for experiments whose history nobody needs.
import { makeMemoryStore } from '../../cache/memory.ts';
import type { ScoreStore, Store } from '../../cache/store.ts';
import type { ScoreRecord } from '../../core/record.ts';
import type { MakeStores, Stores } from '../open/stores.ts';

/** One history per experiment folder; whoever writes waits for whoever does. */
export function memoryStores(): MakeStores {
  const known = new Map<string, Stores>();
  return ({ root }) => {
    const stores = known.get(root) ?? makeStores();
    known.set(root, stores);
    return stores;
  };
}

function makeStores(): Stores {
  const draws = makeMemoryStore({ others: () => scores.invocations() });
  const scores: Store<ScoreRecord> = makeMemoryStore<ScoreRecord>({ others: () => draws.invocations() });
  const refreshScores: ScoreStore['refreshScores'] = () => [];
  const scoreStore: ScoreStore = Object.create(scores, {
    refreshScores: { value: refreshScores },
    [Symbol.dispose]: { value: () => {} },
  }) as ScoreStore;
  let last: Promise<void> = Promise.resolve();
  return {
    read: () => keptOpen(draws),
    hasScores: () => scores.invocations().length > 0,
    readScores: () => keptOpen(scores),
    writeScores: () => scoreStore,
    async writeUnlocked() {
      const before = last;
      let release = (): void => {};
      last = new Promise((resolve) => {
        release = resolve;
      });
      await before;
      return keptOpen(draws, release);
    },
  };
}

/** Closing it gives the turn back, and keeps what is kept. Getters stay what they are: `history` is a snapshot. */
function keptOpen<S extends object>(store: S, release: () => void = () => {}): S {
  return Object.create(store, { [Symbol.dispose]: { value: release } }) as S;
}
