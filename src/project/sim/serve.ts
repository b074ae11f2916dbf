// The simulation alone, for other tools, for tests and for load: served until an end is asked for.
import type { SimSettings } from '../../core/manifest.ts';
import { startSim } from '../../sim/server/sim.ts';
import { CommandError } from '../open/command-error.ts';
import type { World } from '../open/world.ts';

type Sim = Awaited<ReturnType<typeof startSim>>;

export type SimEnd = ReturnType<Sim['stats']>;

/**
 * @param input.port 0 = a free one
 * @param input.onStart called once, when it answers, with its address
 * @returns what it counted, once it is closed
 * @throws CommandError where it cannot listen
 */
export async function serveSim(
  world: Pick<World, 'interrupts'>,
  input: { readonly settings: SimSettings; readonly port: number; readonly onStart: (url: string) => void },
): Promise<SimEnd> {
  const sim = await start(input);
  using interrupts = world.interrupts.listen(() => {});
  input.onStart(sim.url);
  if (!interrupts.stop.aborted) {
    await new Promise<void>((resolve) => {
      interrupts.stop.addEventListener('abort', () => resolve(), { once: true });
    });
  }
  const stats = sim.stats();
  await sim.close();
  return stats;
}

async function start({
  settings,
  port,
}: {
  readonly settings: SimSettings;
  readonly port: number;
}): Promise<Sim> {
  try {
    return await startSim({ settings, port });
  } catch (cause) {
    throw new CommandError(`could not listen on port ${port}: ${(cause as Error).message}`);
  }
}
