// Takes what is new at the remote for somebody who only looks, where nobody has the store.

import { hostname } from 'node:os';
import { lockStore } from '../../cache/files.ts';
import type { Experiment } from '../open/experiment.ts';
import type { World } from '../open/world.ts';
import { openAround } from './use.ts';

export async function pullIfFree(world: World, experiment: Experiment): Promise<void> {
  const holder = {
    pid: process.pid,
    host: hostname(),
    command: 'expgraph plan',
    since: world.clock.now().toISOString(),
  };
  const locked = lockStore({ root: experiment.root, holder });
  if (locked.kind === 'err') return;
  using lock = locked.value;
  await (await openAround(world, experiment, 'pull')).pull(lock);
}
