// An experiment and what is kept of it, opened together by whoever only reads.
import type { StoreReader } from '../../cache/store.ts';
import { type Experiment, openExperiment } from './experiment.ts';
import { notifyDiagnostics, type World } from './world.ts';

export type Reading = Disposable & { readonly experiment: Experiment; readonly store: StoreReader };

/** No lock is taken: the store is read as it stands at this moment. @throws ManifestError once its mistakes are notified. */
export async function openToRead(world: World, file: string): Promise<Reading> {
  const experiment = await openExperiment(world, file);
  const store = experiment.stores.read();
  notifyDiagnostics(world, store.diagnostics);
  return { experiment, store, [Symbol.dispose]: () => store[Symbol.dispose]() };
}
