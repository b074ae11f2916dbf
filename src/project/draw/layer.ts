// Drawing and judging are one layer, run twice: the same executor, lanes, budget, retries and loop; other orders and records.
import type { Hold, StoreReader } from '../../cache/store.ts';
import type { Witness } from '../../core/input-moments.ts';
import type { Limits, Provider } from '../../core/manifest.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { AnyRecord } from '../../core/record.ts';
import { type Redact, redactFields } from '../../core/redact.ts';
import type { Plan, Task } from '../../core/task.ts';
import type { Executor } from '../../executor/executor.ts';
import type { ExecutorSettings } from '../../executor/index.ts';
import { triedLast } from '../../planner/order.ts';
import type { Lane } from '../../run/limits/lanes.ts';
import { makeOpenLane } from '../../run/limits/open-lane.ts';
import type { LoopResult, RunInput, TaskContext } from '../../run/run.ts';
import type { Emit } from '../open/emit.ts';
import type { Experiment } from '../open/experiment.ts';
import type { Interrupts } from '../open/interrupts.ts';
import type { World } from '../open/world.ts';
import { makeWrittenAt } from '../open/written-at.ts';
import { callProvider, type LaneAccount, MAX_BATCHED } from '../plan/accounts.ts';
import { debugged } from './debugged.ts';
import { keepMemoryFlat } from './flat-memory.ts';
import { knownOfOrders } from './known-of-orders.ts';
import { makeLaneHints } from './lane-hints.ts';
import { tellLessons } from './lessons.ts';
import { unlessAborted } from './program-end.ts';
import { startSims } from './sims.ts';
import { spokenTo } from './spoken.ts';

/** What both halves of an invocation are given alike. */
export type LayerRun = {
  readonly io: World;
  readonly experiment: Experiment;
  readonly invocation: string;
  readonly emit: Emit;
  readonly interrupts: Interrupts;
  /** Of the invocation's budget, spent before. */
  readonly spentUsd: number;
  readonly deadline: RunInput['deadline'];
  /** How long a provider that does not answer is waited for; null = as usual. */
  readonly patienceMs: number | null;
};

/** In what drawing and judging differ. */
export type Layer = LayerRun & {
  readonly plan: Plan;
  readonly store: RunInput['store'] &
    Pick<StoreReader, 'history' | 'ofCell' | 'countOf' | 'paidCalls'> &
    Pick<StoreReader<AnyRecord>, 'read'> & { readonly hold: Hold; tried(): ReadonlySet<string> };
  readonly providers: readonly Provider[];
  /** By lane, of every task that is pending. */
  readonly accounts: ReadonlyMap<string, LaneAccount>;
  readonly witness: Witness;
  /** The arm of a task as the witness knows it. */
  readonly armOf: (task: Task) => string;
  readonly providerOf: (task: Task) => Provider;
  readonly laneOf: (task: Task) => string;
  /** @param urls addresses of the simulations that run for this, by provider */
  readonly contexts: (urls: ReadonlyMap<string, string>) => (task: Task) => TaskContext;
  readonly executor: Partial<ExecutorSettings>;
  /** The same with each file of an input kept before an order that shows it is done; left out = there are none. */
  readonly keeping?: ((executor: Executor) => Executor) | undefined;
  readonly noticed: RunInput['noticed'];
  /** Whether anything of the experiment asks for it, in this plan or in another; left out = of judgements. */
  readonly knowsKey?: (key: string) => boolean;
} & Pick<RunInput, 'recordOf' | 'freeLanes' | 'givenUp' | 'maxNew' | 'traced'> & {
    /** Limits of a lane that is only known when calls come in it; left out = there are none. */
    readonly callLimits?: (lane: string) => Limits;
    /** Tasks that are in no plan, and what they need: answers that nobody asks for any more, and that are paid. */
    readonly strays?: readonly Task[];
  };

/** Runs what the plan holds. Loads executor, SDK and simulation only now: a null run needs none of them. */
export async function runLayer(layer: Layer): Promise<LoopResult> {
  const { io, experiment, accounts, witness, providerOf, callLimits, strays = [] } = layer;
  const plan =
    strays.length === 0 ? layer.plan : { ...layer.plan, pending: [...layer.plan.pending, ...strays] };
  const { execution } = experiment.manifest;
  const [makeExecutor, { makeLane }, { runLoop }] = await Promise.all([
    io.makeExecutor ?? import('../../executor/index.ts').then((table) => table.makeExecutor),
    import('../../run/limits/lanes.ts'),
    import('../../run/run.ts'),
  ]);
  using _memory = keepMemoryFlat(io);
  await using sims = await startSims(layer.providers, io);
  const accountOf = (task: Task): LaneAccount | undefined => accounts.get(layer.laneOf(task));
  const batched = plan.pending.filter((task) => accountOf(task)?.isBatch).length;
  const open = plan.pending.filter((task) => accountOf(task)?.isOpen).length;
  await using bare = await makeExecutor({
    workers: workersFor(io, { tasks: plan.pending.length, workers: execution.workers }),
    // A lane that does not answer lends its places to others, so more may be in flight than the loop counts.
    capacity: Math.min(execution.concurrency * accounts.size + batched, plan.pending.length),
    env: io.env,
    folder: experiment.manifest.folder,
    clock: io.clock,
    spoken: spokenTo(layer.providers),
    kinds: [...new Set([...accounts.values()].flatMap(({ kind, isOpen }) => (isOpen ? [] : [kind])))],
    witness,
    ...(io.makeExecutor === undefined ? {} : { known: knownOfOrders(layer, plan) }),
    ...layer.executor,
  });
  const executor = debugged(layer.keeping?.(bare) ?? bare, io);
  const most = execution.concurrency;
  const isPatient = layer.patienceMs !== null;
  const { invocation, store } = layer;
  const known = { io, experiment, invocation, hold: store.hold, emit: layer.emit, makeLane };
  using hints = makeLaneHints(known);
  const { emit } = layer;
  const tasksOf = (lane: string): number => plan.pending.filter((task) => layer.laneOf(task) === lane).length;
  const lanes = new Map(
    [...accounts].map(([name, { limits, provider, isBatch, isLocal, isOpen }]) => {
      if (isOpen) return [name, makeOpenLane(name)];
      const more = { most: isBatch ? MAX_BATCHED : most, isPatient, isLocal };
      return [name, hints.lane(name, { limits, provider, tasks: () => tasksOf(name), more })];
    }),
  );
  const makeCallLane = (name: string): Lane =>
    hints.lane(name, {
      limits: callLimits!(name),
      provider: callProvider(experiment, name),
      tasks: () => null,
      more: { most },
    });
  const { recordOf, freeLanes, givenUp, patienceMs } = layer;
  // Awaited here: executor and simulation live until the loop has ended.
  const result = await runLoop({
    plan: { ...plan, pending: triedLast(plan.pending, store.tried()) },
    invocation,
    store,
    executor,
    lanes,
    laneOf: layer.laneOf,
    contextOf: layer.contexts(sims.urls),
    concurrency: execution.concurrency + batched - open,
    retries: execution.retries,
    budgetUsd: execution.budgetUsd,
    spentUsd: layer.spentUsd,
    maxNew: layer.maxNew,
    deadline: layer.deadline,
    writtenAt: makeWrittenAt(io, experiment),
    inputsChanged: (task, since) => witness.moved(layer.armOf(task), since, task.scenario),
    inputsNow: witness.now,
    noticed: layer.noticed,
    learned: tellLessons(emit, (task) => providerOf(task).name),
    clock: io.clock,
    random: io.random,
    emit,
    clean: makeClean(experiment.redact),
    traced: layer.traced,
    stop: layer.interrupts.stop,
    abort: layer.interrupts.abort,
    ...(recordOf ? { recordOf } : {}),
    ...(freeLanes ? { freeLanes } : {}),
    ...(givenUp ? { givenUp } : {}),
    ...(patienceMs === null ? {} : { patienceMs }),
    ...(callLimits ? { makeCallLane } : {}),
  });
  await unlessAborted(executor.ending?.(), layer.interrupts.abort);
  return { ...result, limitsFound: hints.end() };
}

/** One worker a sixteen tasks: a rerun of six cells does not wait for two threads to load. */
export function workersFor(
  { isOneThread = false }: Pick<World, 'isOneThread'>,
  { tasks, workers }: { readonly tasks: number; readonly workers: number },
): number {
  return isOneThread ? 0 : Math.min(workers, Math.ceil(tasks / 16));
}

/** Answers and errors with a secret in them are rare: one search in the text, and a copy only then. */
export function makeClean(redact: Redact): (outcome: Outcome) => Outcome {
  return (outcome) =>
    redactFields(outcome, { fields: ['completion', 'failure', 'requestId', 'turns', 'log'], redact });
}
