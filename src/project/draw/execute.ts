// THE ONE PLACE that wires implementations: store, executor, lanes, simulation and loop for one invocation.
import type { Store } from '../../cache/store.ts';
import { batchPrice } from '../../core/batch.ts';
import { digestOf } from '../../core/canonical.ts';
import type { Harness } from '../../core/harness.ts';
import type { Provider, Scenario } from '../../core/manifest.ts';
import { answersIn, playedAddress, playedBy } from '../../core/played-by.ts';
import { priceIn } from '../../core/price.ts';
import type { InvocationRecord, RunMetadata } from '../../core/record.ts';
import { type Filter, type Plan, rowId, type Task } from '../../core/task.ts';
import type { Spare } from '../../executor/threads.ts';
import { boundOf } from '../../run/limits/budget.ts';
import { makeTokenGuess } from '../../run/limits/tokens.ts';
import type { LoopResult, TaskContext } from '../../run/run.ts';
import { emptyResult } from '../../run/tally.ts';
import { makeOrder } from '../../variants/request.ts';
import type { Traces } from '../langsmith/traces.ts';
import type { Emit } from '../open/emit.ts';
import { type Experiment, listPriceOf, providerOf, scenarioOf } from '../open/experiment.ts';
import { watchVariants } from '../open/inputs-watch.ts';
import type { Interrupts } from '../open/interrupts.ts';
import type { World } from '../open/world.ts';
import { accountsOf, batchLane, callLaneOf, callLimits, laneOf } from '../plan/accounts.ts';
import { goneOnFrom } from '../select/paid.ts';
import { allCells } from '../select/plan-experiment.ts';
import { leftOut, storeOf, withBatches } from './batch-layer.ts';
import { type BatchWork, openBatches } from './batches.ts';
import { beyondBudget } from './budget-check.ts';
import { keepingFiles } from './kept-files.ts';
import { runLayer } from './layer.ts';
import { spoolsOf, tellWaiting } from './program-end.ts';
import { tellNoticed } from './ran-unheld.ts';
import { recording } from './recording.ts';

export type Invocation = {
  readonly io: World;
  readonly experiment: Experiment;
  readonly plan: Plan;
  readonly filter: Filter;
  readonly store: Store;
  readonly record: InvocationRecord;
  readonly emit: Emit;
  readonly interrupts: Interrupts;
  readonly limits: InvocationLimits;
  /** By the same command before. */
  readonly spentUsd: number;
  /** It begins no conversation anew that a broken-off one has paid for. */
  readonly goesOn: boolean;
  /** null = nothing is traced. */
  readonly traces: Traces | null;
  /** A thread that loads already. */
  readonly spare: Spare | null;
};

/** What the command line allows this invocation beside the manifest. */
export type InvocationLimits = {
  readonly maxNew: number | null;
  /** How long a provider that does not answer is waited for; null = as usual. */
  readonly patienceMs: number | null;
  /** Whether answers of batches are waited for, or only that these are out; left out = answers are. */
  readonly batches?: 'answered' | 'sent';
  /** From now; `text` as the user wrote it. */
  readonly deadline: { readonly afterMs: number; readonly text: string } | null;
};

/** Draws what the plan holds. */
export async function execute(invocation: Invocation): Promise<LoopResult> {
  const { io, experiment, plan, store, emit, limits } = invocation;
  const beyond = beyondBudget(invocation);
  if (beyond !== null) {
    const { needsUsd, why } = beyond;
    const budget_usd = experiment.manifest.execution.budgetUsd!;
    emit({ kind: 'budget-reached', spent_usd: 0, budget_usd, needs_usd: needsUsd, why });
    return { ...emptyResult(), stopped: { kind: 'budget-reached', why } };
  }
  const { deadline } = limits;
  const { pending } = plan;
  await using batches = openBatches({
    ...invocation,
    pending,
    clock: io.clock,
    until: limits.batches ?? 'answered',
  });
  const isBatched = (task: Task): boolean => batches !== null && batches.orderOf(task, 1) !== null;
  const strays = new Map(batches?.strays.map(({ task, context }) => [task, context]));
  const lane = (task: Task): string =>
    strays.get(task)?.lane ??
    (isBatched(task)
      ? batchLane(providerOf(experiment, task.variant).name)
      : laneOf(experiment, task.variant));
  const kept = batches === null ? store : { ...storeOf(store), ...batches.store };
  const result = await runLayer({
    io,
    experiment,
    plan,
    store: kept,
    emit,
    invocation: invocation.record.invocation,
    interrupts: invocation.interrupts,
    providers: providersOf(experiment, plan),
    accounts:
      batches === null ? accountsOf(experiment, plan) : withBatches(invocation, { lane, isBatched, strays }),
    witness: watchVariants(experiment.manifest),
    armOf: ({ variant }) => variant,
    providerOf: ({ variant }) => providerOf(experiment, variant),
    laneOf: lane,
    strays: [...strays.keys()],
    callLimits: (lane) => callLimits(experiment, lane),
    contexts: (urls) => {
      const contextOf = makeContexts(invocation, urls, batches);
      return (task) => strays.get(task) ?? contextOf(task);
    },
    executor: {
      ...recording(invocation),
      ...(batches === null ? {} : { batches: batches.settings }),
      waiting: tellWaiting(emit, io.clock),
      spools: spoolsOf(invocation),
      spare: invocation.spare,
    },
    keeping: keepingFiles(invocation),
    spentUsd: invocation.spentUsd,
    maxNew: limits.maxNew,
    patienceMs: limits.patienceMs,
    deadline: deadline && { afterMs: deadline.afterMs, why: `--deadline ${deadline.text} reached` },
    noticed: tellNoticed({ io, experiment, emit }),
    knowsKey: (key) => [...allCells(experiment)].some((cell) => cell.key === key),
    traced: (attempt) => (strays.has(attempt.task) ? null : (invocation.traces?.traced(attempt) ?? null)),
  });
  return batches === null
    ? result
    : leftOut(result, { batches, strays, plan, until: limits.batches ?? 'answered' });
}

function providersOf(experiment: Experiment, { pending }: Plan): readonly Provider[] {
  const variants = new Set(pending.map((task) => task.variant));
  return [...new Set([...variants].map((variant) => providerOf(experiment, variant)))];
}

function makeContexts(
  invocation: Invocation,
  urls: ReadonlyMap<string, string>,
  batches: BatchWork | null,
): (task: Task) => TaskContext {
  const { experiment } = invocation;
  const { timeoutMs } = experiment.manifest.execution;
  const metadataOf = makeMetadata(invocation);
  const guess = makeTokenGuess();
  // Nearly always empty, and asking the index for each task is a tenth of what a cheap call costs here.
  const tried = invocation.store.tried();
  return (task) => {
    const { variant, parts } = experiment.variants.get(task.variant)!;
    const declared = providerOf(experiment, task.variant);
    const scenario = scenarioOf(experiment, task.scenario);
    const address = addressOf({ declared, urls, task, scenario });
    const { key, run } = task;
    const inBatch = batches?.orderOf(task, 1) ?? null;
    const listed = listPriceOf(experiment, task.variant);
    const price = inBatch && listed ? batchPrice(listed) : listed;
    const scenarioPart = parts.scenarios[experiment.scenarioIndex.get(task.scenario)!]!;
    const context: TaskContext = {
      lane: inBatch ? batchLane(declared.name) : laneOf(experiment, task.variant),
      provider: declared.name,
      address: address ?? declared.baseUrl,
      price,
      priceOf: (model) => priceIn(declared, model),
      callLane: (host) => callLaneOf(experiment, task.variant, host),
      order: (attempt, done) => {
        const trace = invocation.traces?.orderTrace(task, attempt);
        const provider = declared;
        const order = makeOrder({
          variant,
          provider,
          address,
          scenario,
          run,
          key,
          attempt,
          timeoutMs,
          trace,
          done,
        });
        const batch = inBatch && batches!.orderOf(task, attempt);
        return batch ? { ...order, batch } : order;
      },
      paidTurns: () =>
        !tried.has(key)
          ? []
          : goneOnFrom(invocation.store, { task, force: invocation.record.force && !invocation.goesOn }),
      estimatedTokens: guess.of,
      learnTokens: guess.learn,
      boundOf: (size, model) => {
        const own = (model && priceIn(declared, model)) || price;
        return boundOf({ arm: task.variant, size, price: own });
      },
      parts: [parts.variant, parts.engine, scenarioPart],
      slug: variant.slug,
      metadata: () => metadataOf(task),
    };
    return batches?.remember(task, context) ?? context;
  };
}

/** Of a simulation that was started for this; one that has a part to play for the cell plays it at an address of its own. */
function addressOf(input: {
  readonly declared: Provider;
  readonly urls: ReadonlyMap<string, string>;
  readonly task: Task;
  readonly scenario: Scenario;
}): string | undefined {
  const { declared, task, scenario } = input;
  const url = input.urls.get(declared.name);
  if (url === undefined) return undefined;
  const script = playedBy(declared.played, task);
  if (script === null) return url;
  const said = typeof scenario.input === 'string' ? [] : scenario.input.map(({ role }) => role);
  return playedAddress(url, { script, answered: answersIn(said) });
}

function makeMetadata(invocation: Invocation): (task: Task) => Omit<RunMetadata, 'n' | 'c'> {
  const { experiment, record, plan } = invocation;
  const counts = new Map<string, number>();
  for (const task of plan.pending) {
    const id = rowId(task);
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return (task) => {
    const { variant, parts } = experiment.variants.get(task.variant)!;
    return {
      type: 'run_metadata',
      v: 1,
      experiment: record.experiment,
      invocation: record.invocation,
      variant: variant.name,
      run: task.run,
      model: isTest(variant) ? '' : variant.model,
      provider: variant.provider,
      temperature: isTest(variant) ? null : variant.temperature,
      system: isTest(variant) ? null : variant.system,
      // What a program or a test sends is its own affair: its records say it, as far as it tells.
      ...(variant.harness && variant.harness.kind !== 'module'
        ? { unknown: ['model', 'temperature', 'system'] as const }
        : {}),
      tools_digest: digestOf(variant.tools),
      variant_digest: parts.variant.digest,
      manifest_digest: record.manifest_digest,
      git: record.git,
      started_at: record.started_at,
      filter: record.filter,
      expgraph: record.expgraph,
      node: record.node,
      scenarios: counts.get(rowId(task)) ?? 0,
    };
  };
}

function isTest({ harness }: { readonly harness: Harness | null }): boolean {
  return harness?.kind === 'pytest';
}
