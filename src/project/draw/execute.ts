// THE ONE PLACE that wires implementations: store, executor, lanes, simulation and loop for one invocation.
import type { Store } from '../../cache/store.ts';
import type { Interrupts } from '../../cli/terminal/signals.ts';
import { digestOf } from '../../core/canonical.ts';
import type { Harness } from '../../core/harness.ts';
import type { Provider, Scenario } from '../../core/manifest.ts';
import type { Outcome } from '../../core/outcome.ts';
import { answersIn, playedAddress, playedBy } from '../../core/played-by.ts';
import { priceIn } from '../../core/price.ts';
import type { InvocationRecord, RunMetadata } from '../../core/record.ts';
import { type Redact, redactFields } from '../../core/redact.ts';
import { type Filter, type Plan, rowId, type Task } from '../../core/task.ts';
import { triedLast } from '../../planner/order.ts';
import { boundOf } from '../../run/limits/budget.ts';
import { makeTokenGuess } from '../../run/limits/tokens.ts';
import type { LoopResult, RunInput, TaskContext } from '../../run/run.ts';
import { emptyResult } from '../../run/tally.ts';
import { makeOrder } from '../../variants/request.ts';
import type { Traces } from '../langsmith/traces.ts';
import type { Emit } from '../open/emit.ts';
import { type Experiment, priceOf, providerOf, scenarioOf } from '../open/experiment.ts';
import { recordedFilter } from '../open/filters.ts';
import { watchVariants } from '../open/inputs-watch.ts';
import type { Provenance } from '../open/provenance.ts';
import type { Io } from '../open/world.ts';
import { makeWrittenAt } from '../open/written-at.ts';
import { accountsOf, batchedTasks, callLaneOf, callLimits, laneOf, MAX_BATCHED } from '../plan/accounts.ts';
import { goneOnFrom } from '../select/paid.ts';
import { beyondBudget } from './budget-check.ts';
import { keepMemoryFlat } from './flat-memory.ts';
import { tellLessons } from './lessons.ts';
import { spoolsOf, tellWaiting, unlessAborted } from './program-end.ts';
import { tellNoticed } from './ran-unheld.ts';
import { recording } from './recording.ts';

export type Invocation = {
  readonly io: Io;
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
};

/** What the command line allows this invocation beside the manifest. */
export type InvocationLimits = {
  readonly maxNew: number | null;
  /** How long a provider that does not answer is waited for; null = as usual. */
  readonly patienceMs: number | null;
  /** From now; `text` as the user wrote it. */
  readonly deadline: { readonly afterMs: number; readonly text: string } | null;
};

/** Runs what the plan holds. Loads executor, SDK and simulation only now: a null run needs none of them. */
export async function execute(invocation: Invocation): Promise<LoopResult> {
  const { experiment, plan, io } = invocation;
  const { execution } = experiment.manifest;
  const beyond = beyondBudget(invocation);
  if (beyond !== null) {
    const { needsUsd, why } = beyond;
    const budget_usd = execution.budgetUsd!;
    invocation.emit({ kind: 'budget-reached', spent_usd: 0, budget_usd, needs_usd: needsUsd, why });
    return { ...emptyResult(), stopped: { kind: 'budget-reached', why } };
  }
  const [{ makeExecutor }, { makeLane }, { runLoop }] = await Promise.all([
    import('../../executor/index.ts'),
    import('../../run/limits/lanes.ts'),
    import('../../run/run.ts'),
  ]);
  using _memory = keepMemoryFlat(io.clock);
  const providers = providersOf(experiment, plan);
  await using sims = await startSims(providers, io);
  const accounts = accountsOf(experiment, plan);
  const witness = watchVariants(experiment.manifest);
  await using executor = await makeExecutor({
    workers: workersFor(io, { tasks: plan.pending.length, workers: execution.workers }),
    // A lane that does not answer lends its places to others, so more may be in flight than the loop counts.
    capacity: Math.min(
      execution.concurrency * accounts.size + batchedTasks(experiment, plan),
      plan.pending.length,
    ),
    env: io.env,
    clock: io.clock,
    kinds: [...new Set([...accounts.values()].map(({ kind }) => kind))],
    witness,
    ...recording(invocation),
    waiting: tellWaiting(invocation.emit, io.clock),
    spools: spoolsOf(invocation),
  });
  const most = execution.concurrency;
  const lanes = new Map(
    [...accounts].map(([name, { limits, isBatch }]) => [
      name,
      makeLane(name, {
        ...{ limits, most: isBatch ? MAX_BATCHED : most },
        isPatient: invocation.limits.patienceMs !== null,
      }),
    ]),
  );
  const { maxNew, deadline, patienceMs } = invocation.limits;
  const input: RunInput = {
    plan: { ...plan, pending: triedLast(plan.pending, invocation.store.tried()) },
    invocation: invocation.record.invocation,
    store: invocation.store,
    executor,
    lanes,
    laneOf: (task) => laneOf(experiment, task.variant),
    makeCallLane: (name) => makeLane(name, { limits: callLimits(experiment, name), most }),
    contextOf: makeContexts(invocation, sims.urls),
    concurrency: execution.concurrency + batchedTasks(experiment, plan),
    retries: execution.retries,
    budgetUsd: execution.budgetUsd,
    spentUsd: invocation.spentUsd,
    maxNew,
    ...(patienceMs === null ? {} : { patienceMs }),
    writtenAt: makeWrittenAt(io, experiment),
    deadline: deadline && { afterMs: deadline.afterMs, why: `--deadline ${deadline.text} reached` },
    inputsChanged: (task, since) => witness.moved(task.variant, since),
    inputsNow: witness.now,
    noticed: tellNoticed({ io, experiment, emit: invocation.emit }),
    learned: tellLessons(invocation.emit, (task) => providerOf(experiment, task.variant).name),
    clock: io.clock,
    random: io.random,
    emit: invocation.emit,
    clean: makeClean(experiment.redact),
    traced: (attempt) => invocation.traces?.traced(attempt) ?? null,
    stop: invocation.interrupts.stop,
    abort: invocation.interrupts.abort,
  };
  // Awaited here: executor and simulation live until the loop has ended.
  const result = await runLoop(input);
  await unlessAborted(executor.ending?.(), invocation.interrupts.abort);
  return result;
}

function providersOf(experiment: Experiment, plan: Plan, tasks: readonly Task[] = plan.pending): Provider[] {
  const variants = new Set(tasks.map((task) => task.variant));
  return [...new Set([...variants].map((variant) => providerOf(experiment, variant)))];
}

/** One worker a sixteen tasks: a rerun of six cells does not wait for two threads to load. */
export function workersFor(
  { isOneThread = false }: Pick<Io, 'isOneThread'>,
  { tasks, workers }: { readonly tasks: number; readonly workers: number },
): number {
  return isOneThread ? 0 : Math.min(workers, Math.ceil(tasks / 16));
}

/** Starts a simulation for each sim provider that names no address of its own. */
export async function startSims(
  providers: readonly Provider[],
  { isOneThread = false }: Pick<Io, 'isOneThread'>,
): Promise<AsyncDisposable & { readonly urls: ReadonlyMap<string, string> }> {
  const wanted = providers.filter((provider) => provider.type === 'sim' && provider.baseUrl === null);
  if (wanted.length === 0) return { urls: new Map(), [Symbol.asyncDispose]: async () => {} };
  const start = isOneThread
    ? (await import('../../sim/server/sim.ts')).startSim
    : (await import('../../sim/server/host.ts')).startSimInThread;
  const started = await Promise.all(
    wanted.map(async (provider) => ({
      name: provider.name,
      sim: await start({ settings: provider.sim, scripts: provider.played?.scripts ?? [] }),
    })),
  );
  return {
    urls: new Map(started.map(({ name, sim }) => [name, sim.url])),
    async [Symbol.asyncDispose]() {
      await Promise.all(started.map(({ sim }) => sim.close()));
    },
  };
}

function makeContexts(
  invocation: Invocation,
  urls: ReadonlyMap<string, string>,
): (task: Task) => TaskContext {
  const { experiment } = invocation;
  const { timeoutMs } = experiment.manifest.execution;
  const metadataOf = makeMetadata(invocation);
  const guess = makeTokenGuess();
  return (task) => {
    const { variant, parts } = experiment.variants.get(task.variant)!;
    const declared = providerOf(experiment, task.variant);
    const scenario = scenarioOf(experiment, task.scenario);
    const provider = { ...declared, baseUrl: addressOf({ declared, urls, task, scenario }) };
    const { key, run } = task;
    const price = priceOf(experiment, task.variant);
    const scenarioPart = parts.scenarios[experiment.scenarioIndex.get(task.scenario)!]!;
    return {
      lane: laneOf(experiment, task.variant),
      provider: declared.name,
      price,
      priceOf: (model) => priceIn(declared, model),
      callLane: (host) => callLaneOf(experiment, task.variant, host),
      order: (attempt, done) => {
        const trace = invocation.traces?.orderTrace(task, attempt);
        const { folder } = experiment.manifest;
        return makeOrder({ variant, provider, scenario, run, key, attempt, timeoutMs, folder, trace, done });
      },
      paidTurns: () =>
        goneOnFrom(invocation.store, { task, force: invocation.record.force && !invocation.goesOn }),
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
  };
}

/** A simulation that has a part to play for the cell plays it at an address of its own. */
function addressOf(at: {
  readonly declared: Provider;
  readonly urls: ReadonlyMap<string, string>;
  readonly task: Task;
  readonly scenario: Scenario;
}): string | null {
  const { declared, task, scenario } = at;
  const url = at.urls.get(declared.name);
  if (url === undefined) return declared.baseUrl;
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

/** The record of an invocation as it begins. */
export function startRecord(at: {
  readonly invocation: string;
  readonly experiment: Experiment;
  readonly filter: Filter;
  readonly force: boolean;
  readonly argv: readonly string[];
  readonly provenance: Provenance;
  readonly startedAt: string;
}): InvocationRecord {
  const { printable, name } = at.experiment.manifest;
  const usage = { input_tokens: 0, output_tokens: 0, total_tokens: 0 };
  return {
    type: 'invocation',
    v: 1,
    invocation: at.invocation,
    experiment: name,
    argv: [...at.argv],
    filter: recordedFilter(at.filter),
    force: at.force,
    manifest: { ...printable },
    manifest_digest: digestOf(printable),
    ...at.provenance,
    started_at: at.startedAt,
    ended_at: null,
    how: 'running',
    exit_code: null,
    totals: {
      tasks: 0,
      executed: 0,
      cached: 0,
      failed: 0,
      missing: 0,
      attempts: 0,
      retries: 0,
      usage,
      cost_usd: null,
      duration_ms: 0,
    },
  };
}

/** Answers and errors with a secret in them are rare: one search in the text, and a copy only then. */
export function makeClean(redact: Redact): (outcome: Outcome) => Outcome {
  return (outcome) =>
    redactFields(outcome, { fields: ['completion', 'failure', 'requestId', 'turns', 'log'], redact });
}
