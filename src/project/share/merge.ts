// Results of other stores become results of this one: behind the lock, each united, then index and views brought up to date.
import { unite } from '../../cache/union/unite.ts';
import type { United } from '../../core/united.ts';
import { openExperiment } from '../open/experiment.ts';
import { takeStoreLock } from '../open/lock.ts';
import type { World } from '../open/world.ts';
import { keyOfRecord } from '../select/plan-experiment.ts';
import { bringUp } from './bring-up.ts';
import { type OtherStore, openOthers, refuseMissing } from './other-store.ts';

export type MergeInput = {
  /** The manifest; relative to the working folder of the world. */
  readonly file: string;
  /** Folders and tars, relative to it as well. */
  readonly others: readonly string[];
  /** Only say what would come: no lock is taken, and nothing is written. */
  readonly dryRun: boolean;
  /** Wait for whoever has the store, however long that takes. */
  readonly wait: boolean;
  /** What others are told of who holds the store. */
  readonly argv: readonly string[];
};

/** What came of one of them, or would. */
export type MergedStore = United & {
  /** As it was named. */
  readonly other: string;
  /** Batches that are out from there: they are not taken, whoever posted them fetches their answers. */
  readonly batches: number;
};

export type Merged = { readonly experiment: string; readonly stores: readonly MergedStore[] };

/** @throws CommandError where one is no store of this experiment, or ours is in use: then nothing was taken of any */
export async function mergeStores(world: World, input: MergeInput): Promise<Merged> {
  refuseMissing(input.others, world.cwd);
  const experiment = await openExperiment(world, input.file);
  const { root, manifest } = experiment;
  const open = { cwd: world.cwd, name: manifest.name };
  const told = (stores: readonly MergedStore[]): Merged => ({ experiment: manifest.name, stores });
  if (input.dryRun) {
    using others = await openOthers(input.others, { ...open, root: null });
    return told(others.stores.map((store) => mergedStore(store, unite({ ...from(store, root), dry: true }))));
  }
  const { argv, wait } = input;
  using lock = await takeStoreLock({ io: world, experiment, argv, wait });
  using others = await openOthers(input.others, { ...open, root });
  bringUp(world, experiment, { hold: lock, views: 'leave' });
  const stores = others.stores.map((store) =>
    mergedStore(store, unite({ ...from(store, root), check: () => lock.check() })),
  );
  // How many runs were begun hangs on what is there now; its warnings were told.
  const now = await openExperiment({ ...world, notify() {} }, input.file);
  bringUp(world, now, { hold: lock, views: 'refresh' });
  return told(stores);
}

function from(store: OtherStore, root: string): Parameters<typeof unite>[0] {
  return { root, from: store.root, keyOf: keyOfRecord };
}

function mergedStore({ shown, leftOut, batches }: OtherStore, united: United): MergedStore {
  const entries = leftOut.map(({ name, why }) => ({ what: name, why }));
  return { ...united, leftOut: [...entries, ...united.leftOut], other: shown, batches };
}

/** `conflict`: something says one thing here and another there, or is damaged there. */
export function howMerged({ stores }: Merged): 'whole' | 'left-out' | 'conflict' {
  if (stores.some(({ conflicts, damaged }) => conflicts.length + damaged.length > 0)) return 'conflict';
  return stores.some(({ leftOut }) => leftOut.length > 0) ? 'left-out' : 'whole';
}
