// The table of executors. Everything is imported when it is asked for: reading results loads no pool and no SDK.
import type { Clock } from '../core/clock.ts';
import type { Env } from '../core/env.ts';
import type { Recording } from '../core/exchange.ts';
import { NOTHING_MOVES, type Witness } from '../core/input-moments.ts';
import type { Order } from '../core/order.ts';
import type { Outcome } from '../core/outcome.ts';
import type { PaidCall } from '../core/paid.ts';
import type { SpokenTo } from '../core/providers/table.ts';
import type { Cell } from '../core/task.ts';
import type { BatchSettings } from './batched.ts';
import type { Executor, TellWaiting } from './executor.ts';
import type { PoolExecutor } from './pool.ts';
import type { Spools } from './pytest.ts';
import { type Kind, makeRoutedExecutor } from './route.ts';
import type { Spare } from './threads.ts';

export type ExecutorSettings = {
  /** Threads; 0 = in this thread. */
  readonly workers: number;
  /** Orders in flight at once, over all threads. */
  readonly capacity: number;
  /** Where workers read the keys. */
  readonly env: Env;
  /** The manifest's, absolute: orders name files from there. */
  readonly folder: string;
  readonly clock: Clock;
  /** Who will be spoken to: threads load ahead what that takes; left out = not known. */
  readonly spoken?: readonly SpokenTo[];
  /** Who does the work of the orders that will come. */
  readonly kinds: readonly Kind[];
  /** Of the files that the orders are made of: whoever holds what they were is replaced. */
  readonly witness?: Witness;
  /** Some of the orders' clients are recorded. `exchanges`: where that is kept to be given again. */
  readonly proxy?: Recording;
  /** Some of the orders go in batches. */
  readonly batches?: BatchSettings;
  readonly waiting?: TellWaiting;
  /** A thread for models that loads already. */
  readonly spare?: Spare | null;
  /** Only where tests do the work. */
  readonly spools?: Spools;
  /** What is known of orders beside what stands in them, for whoever spreads them. */
  readonly known?: KnownOfOrders;
};

export type KnownOfOrders = {
  /** Tasks that they are made for. */
  readonly tasks: number;
  /** Whose lane it was admitted by. */
  readonly providerOf: (order: Order) => string;
  /** Records that there are of its key. */
  readonly drawnBefore: (order: Order) => number;
  /** Calls for its key that earlier invocations paid. */
  readonly paidBefore: (order: Order) => readonly PaidCall[];
  /** Keeps what was paid for and nobody asks for any more. Resolves with false where somebody may still ask for it. */
  readonly keepLate: (late: LateAnswer) => Promise<boolean>;
  /** Of judgements, or of draws. */
  readonly isScores: boolean;
};

export type LateAnswer = {
  readonly key: string;
  readonly cell: Cell;
  readonly attempt: number;
  readonly model: string;
  readonly outcome: Outcome;
};

export type MakeExecutor = (settings: ExecutorSettings) => Promise<Executor>;

export async function makeExecutor(settings: ExecutorSettings): Promise<Executor> {
  const inner = await makeInner(settings);
  const { env, folder, clock, batches } = settings;
  if (batches === undefined) return inner;
  const { makeBatchedExecutor } = await import('./batched.ts');
  return makeBatchedExecutor({ inner, env, folder, clock, ...batches });
}

async function makeInner(settings: ExecutorSettings): Promise<Executor> {
  const model = settings.kinds.includes('model') ? await MAKERS.model(settings) : null;
  if (model && settings.kinds.length === 1) return model;
  const { capacity, env, folder, clock, proxy } = settings;
  const inner = makeRoutedExecutor({ capacity, model, make: (kind) => MAKERS[kind](settings) });
  if (proxy === undefined) return inner;
  const { makeProxiedExecutor } = await import('./proxied.ts');
  return makeProxiedExecutor({ inner, env, folder, clock, ...proxy });
}

const MAKERS: { readonly [kind in Kind]: (settings: ExecutorSettings) => Promise<Executor> } = {
  model: (settings) => (settings.workers === 0 ? inline(settings) : pool(settings)),
  module: apart,
  // A process is a place of its own already: in this thread it can be ended whatever happens.
  command: inline,
  rule: async (settings) => (await import('./rules.ts')).makeRulesExecutor(settings),
  pytest: async (settings) =>
    (await import('./pytest.ts')).makePytestExecutor({
      witness: NOTHING_MOVES,
      waiting: () => {},
      spools: null,
      ...settings,
    }),
};

async function inline({
  capacity,
  env,
  folder,
  clock,
  witness = NOTHING_MOVES,
}: ExecutorSettings): Promise<Executor> {
  const [{ makeInlineExecutor }, { makePerform }] = await Promise.all([
    import('./inline.ts'),
    import('../worker/perform.ts'),
  ]);
  return makeInlineExecutor({ perform: makePerform({ env, clock, folder, witness }), capacity, clock });
}

async function pool(settings: ExecutorSettings): Promise<Executor> {
  const { makePoolExecutor } = await import('./pool.ts');
  return makePoolExecutor(settings);
}

/** Of own code: each takes some twenty megabytes. */
const MAX_THREADS = 32;
/** Of one thread, where own code shares it: whoever places orders keeps to what the manifest says. */
const MAX_IN_THREAD = 1_000;
/** Young space of each: the first do most of the work, the others wait for a model as a rule. */
const YOUNG_MB = 16;
const YOUNG_OF_OTHERS_MB = 4;
const OWN_THREAD_URL = new URL('../worker/own-thread-main.ts', import.meta.url);

async function apart(settings: ExecutorSettings): Promise<Executor> {
  const [{ makePoolExecutor }, { makeApartExecutor }, { availableParallelism }] = await Promise.all([
    import('./pool.ts'),
    import('./apart.ts'),
    import('node:os'),
  ]);
  const processors = availableParallelism();
  const { capacity, env, folder, clock, spoken, witness = NOTHING_MOVES } = settings;
  const makeOne = (others: number): PoolExecutor =>
    makePoolExecutor({
      workers: 1,
      capacity: MAX_IN_THREAD,
      env,
      folder,
      clock,
      ...(spoken === undefined ? {} : { spoken }),
      threadUrl: OWN_THREAD_URL,
      youngMb: others < 2 * processors ? YOUNG_MB : YOUNG_OF_OTHERS_MB,
    });
  return makeApartExecutor({
    ...{ capacity, threads: MAX_THREADS, makeOne, clock, witness, processors },
  });
}
