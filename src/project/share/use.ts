// Whether a command shares results, without a word of how: nothing of it is loaded where the manifest has no remote.
import type { Hold } from '../../cache/store.ts';
import type { SharedSummary } from '../../core/summary.ts';
import type { Experiment } from '../open/experiment.ts';
import type { World } from '../open/world.ts';

/** `no`: the remote is left alone; `pull`: nothing is given to it. */
export type RemoteUse = 'no' | 'pull' | 'both';

export type Around = {
  /** Before the index of the store is opened. */
  pull(hold: Hold): Promise<void>;
  /** Once all is kept. */
  push(hold: Hold): Promise<void>;
  /** For --json; undefined = the manifest has no remote, or it was left alone. */
  summary(): SharedSummary | undefined;
};

const NOTHING: Around = { pull: async () => {}, push: async () => {}, summary: () => undefined };

export async function openAround(world: World, experiment: Experiment, use: RemoteUse): Promise<Around> {
  const { remote } = experiment.manifest;
  if (!remote || use === 'no' || experiment.stores.writeUnlocked !== null) return NOTHING;
  return (await import('./around.ts')).aroundRun(world, { experiment, remote, use });
}

/** Before a plan is looked at: what others made counts. Somebody who has the store has it taken already, or will. */
export async function pullToLook(world: World, experiment: Experiment): Promise<void> {
  if (!experiment.manifest.remote) return;
  await (await import('./look.ts')).pullIfFree(world, experiment);
}
