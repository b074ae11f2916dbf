// Whether a command shares results, without a word of how: nothing of it is loaded where the manifest has no remote.
import type { Experiment } from '../open/experiment.ts';
import type { World } from '../open/world.ts';
import type { Around, RemoteUse } from './sharing.ts';

const NOTHING: Around = { pull: async () => {}, push: async () => {}, summary: () => undefined };

export async function openAround(world: World, experiment: Experiment, use: RemoteUse): Promise<Around> {
  const { remote } = experiment.manifest;
  if (!remote || use === 'no' || experiment.stores.writeUnlocked !== null) return NOTHING;
  return (await import('./around.ts')).aroundRun(world, { experiment, remote, use });
}

/** Before a plan is looked at: what others made counts. Somebody who has the store has it taken already, or will. */
export async function pullToLook(world: World, experiment: Experiment): Promise<void> {
  const { remote } = experiment.manifest;
  if (!remote || experiment.stores.writeUnlocked !== null) return;
  await (await import('./around.ts')).pullIfFree(world, { experiment, remote });
}
