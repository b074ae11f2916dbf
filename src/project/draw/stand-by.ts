// The thread that asks models loads while the store is locked and read, on a processor that has nothing else to do: the first
// call would wait for it.
import { existsSync } from 'node:fs';
import type { Plan } from '../../core/task.ts';
import type { Spare } from '../../executor/threads.ts';
import type { Experiment } from '../open/experiment.ts';
import type { World } from '../open/world.ts';

export type StandBy = Spare & {
  /** Nothing was ever drawn: whatever the plan will say, models are asked. */
  ifFresh(): Promise<void>;
  ifPending(plan: Plan): Promise<void>;
};

/** Opens none before it is certain that there is work, and one at most. */
export function makeStandBy(io: World, { manifest, root, stores }: Experiment): StandBy {
  const { variants, folder } = manifest;
  const asks = new Set(
    variants.filter(({ harness, mcp }) => harness === null && mcp === null).map(({ name }) => name),
  );
  const isUseless =
    io.makeExecutor !== undefined || io.isOneThread === true || manifest.execution.workers === 0;
  let isOpened = false;
  let spare: Spare | null = null;
  const open = async (): Promise<void> => {
    if (isUseless || isOpened) return;
    isOpened = true;
    const { openSpare } = await import('../../executor/threads.ts');
    spare = openSpare({ env: io.env, clock: io.clock, folder });
  };
  return {
    async ifFresh() {
      if (asks.size > 0 && stores.writeUnlocked === null && !existsSync(root)) await open();
    },
    async ifPending({ pending }) {
      if (pending.some(({ variant }) => asks.has(variant))) await open();
    },
    take: (settings) => spare?.take(settings) ?? null,
    async [Symbol.asyncDispose]() {
      await spare?.[Symbol.asyncDispose]();
    },
  };
}
