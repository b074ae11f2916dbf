// Simulations of one invocation.
import type { Provider } from '../../core/manifest.ts';
import type { World } from '../open/world.ts';

/** Starts a simulation for each sim provider that names no address of its own. */
export async function startSims(
  providers: readonly Provider[],
  { isOneThread = false }: Pick<World, 'isOneThread'>,
): Promise<AsyncDisposable & { readonly urls: ReadonlyMap<string, string> }> {
  const wanted = providers.filter((provider) => provider.type === 'sim' && provider.baseUrl === null);
  if (wanted.length === 0) return { urls: new Map(), [Symbol.asyncDispose]: async () => {} };
  const { startSimHere, startSimInThread } = await import('../../sim/server/host.ts');
  const start = isOneThread ? startSimHere : startSimInThread;
  const started = await Promise.all(
    wanted.map(async (provider) => ({
      name: provider.name,
      sim: await start(provider.sim, provider.played?.scripts ?? []),
    })),
  );
  return {
    urls: new Map(started.map(({ name, sim }) => [name, sim.url])),
    async [Symbol.asyncDispose]() {
      await Promise.all(started.map(({ sim }) => sim.close()));
    },
  };
}
