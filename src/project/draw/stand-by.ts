// What the first call would wait for begins early, on processors that have nothing else to do: the thread that asks models loads
// while the store is locked and read, git looks through the repository while the plan is made.
import { existsSync } from 'node:fs';
import type { Plan } from '../../core/task.ts';
import type { Spare } from '../../executor/threads.ts';
import type { Experiment } from '../open/experiment.ts';
import { type Provenance, provenance } from '../open/provenance.ts';
import type { World } from '../open/world.ts';
import { spokenTo } from './spoken.ts';

export type StandBy = Spare & {
  /** Nothing was ever drawn: whatever the plan will say, models are asked. */
  ifFresh(): Promise<void>;
  /** Files of the experiment are as they will be. */
  prepared(): void;
  ifPending(plan: Plan): Promise<void>;
  provenance(): Promise<Provenance>;
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
  let asked: Promise<Provenance> | null = null;
  const askGit = (): Promise<Provenance> => {
    asked ??= provenance(folder);
    return asked;
  };
  const open = async (): Promise<void> => {
    if (isUseless || isOpened) return;
    isOpened = true;
    const { openSpare } = await import('../../executor/threads.ts');
    const spoken = spokenTo(Object.values(manifest.providers));
    spare = openSpare({ env: io.env, clock: io.clock, folder, spoken });
  };
  return {
    async ifFresh() {
      if (asks.size > 0 && stores.writeUnlocked === null && !existsSync(root)) await open();
    },
    prepared() {
      if (isOpened) void askGit();
    },
    async ifPending({ pending }) {
      if (pending.length > 0) void askGit();
      if (pending.some(({ variant }) => asks.has(variant))) await open();
    },
    // Once: a later invocation of the same command asks again.
    provenance() {
      const found = askGit();
      asked = null;
      return found;
    },
    take: (settings) => spare?.take(settings) ?? null,
    async [Symbol.asyncDispose]() {
      await spare?.[Symbol.asyncDispose]();
    },
  };
}
