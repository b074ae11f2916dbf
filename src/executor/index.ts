// The table of executors. Everything is imported when it is asked for: reading results loads no pool and no SDK.
import type { Clock } from '../core/clock.ts';
import type { Env } from '../core/env.ts';
import type { Executor } from './executor.ts';

export type ExecutorSettings = {
  /** Threads; 0 = in this thread. */
  readonly workers: number;
  /** Orders in flight at once, over all threads. */
  readonly capacity: number;
  /** Where workers read the keys. */
  readonly env: Env;
  readonly clock: Clock;
};

export async function makeExecutor(settings: ExecutorSettings): Promise<Executor> {
  return settings.workers === 0 ? inline(settings) : pool(settings);
}

async function inline({ capacity, env, clock }: ExecutorSettings): Promise<Executor> {
  const [{ makeInlineExecutor }, { makePerform }] = await Promise.all([
    import('./inline.ts'),
    import('../worker/perform.ts'),
  ]);
  return makeInlineExecutor({ perform: makePerform({ env, clock }), capacity, clock });
}

async function pool(settings: ExecutorSettings): Promise<Executor> {
  const { makePoolExecutor } = await import('./pool.ts');
  return makePoolExecutor(settings);
}
