// One invocation of a random experiment through the real planner, loop and store, with an executor that plays a script.
import type { Store } from '../../src/cache/store.ts';
import type { Key } from '../../src/core/brand.ts';
import type { Manifest } from '../../src/core/manifest.ts';
import type { Order } from '../../src/core/order.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import { type Filter, NO_FILTER, type Plan, type Task } from '../../src/core/task.ts';
import { sampleKey } from '../../src/planner/key.ts';
import { cellsInScope, plan } from '../../src/planner/plan.ts';
import { makeLane } from '../../src/run/limits/lanes.ts';
import { type LoopResult, runLoop } from '../../src/run/run.ts';
import { fingerprint } from '../../src/variants/fingerprint.ts';
import { makeOrder } from '../../src/variants/request.ts';
import { handClock } from './clock.ts';
import type { ModelExperiment } from './graph-model.ts';
import { manifest, PROVIDER, SCENARIO, VARIANT } from './manifests.ts';
import { invocationRecord, metadata } from './records.ts';

/** `good` answers, `bad` fails for good, `flaky` fails once and answers then, `down` never answers. */
export type Fate = 'good' | 'bad' | 'flaky' | 'down';
const RETRIES = 2;
const STARTED = '2026-01-02T03:04:05.000Z';

export type Played = {
  readonly plan: Plan;
  /** Every order in the order of execution. */
  readonly orders: readonly Order[];
  readonly result: LoopResult;
};

export function manifestOf(experiment: ModelExperiment): Manifest {
  const provider = (name: string, host: string) => ({
    ...PROVIDER,
    name,
    baseUrl: `https://${host}.example/v1`,
  });
  const variants = experiment.variants.map(({ name, system, provider, runs }) => ({
    ...VARIANT,
    ...{ name, slug: name, system, provider, runs, template: '{{input}}' },
  }));
  const scenarios = experiment.scenarios.map((scenario) => ({ ...SCENARIO, ...scenario, tags: [] }));
  const providers = { left: provider('left', 'left'), right: provider('right', 'right') };
  return manifest({ more: { variants, scenarios, providers, inputs: [] } });
}

/** Plans and, where anything is pending, runs. Interrupts once `stopAfter` orders were given out. */
export async function play(at: {
  readonly store: Store;
  readonly manifest: Manifest;
  readonly filter: Filter;
  readonly force: boolean;
  readonly fateOf: (order: Order) => Fate;
  /** Of a good answer. */
  readonly textOf: (order: Order) => string;
  readonly stopAfter: number;
}): Promise<Played> {
  const { store, manifest } = at;
  const parts = fingerprint(manifest);
  const planned = plan({
    experiment: 'made',
    variants: parts,
    scenarios: manifest.scenarios,
    filter: at.filter,
    force: at.force,
    seed: 7,
    history: store.history,
    content: store.part,
  });
  const orders: Order[] = [];
  const nothing = { results: new Map(), stopped: null } as unknown as LoopResult;
  if (planned.pending.length === 0) return { plan: planned, orders, result: nothing };
  const invocation = store.nextInvocation(new Date(STARTED));
  store.begin(invocationRecord(invocation));
  const clock = handClock();
  const stop = new AbortController();
  const variantOf = (task: Task) => manifest.variants.findIndex(({ name }) => name === task.variant);
  let done = false;
  const running = runLoop({
    plan: planned,
    invocation,
    store,
    executor: {
      capacity: 8,
      async execute(order) {
        orders.push(order);
        if (orders.length === at.stopAfter) stop.abort();
        return outcomeOf({ order, fate: at.fateOf(order), text: at.textOf(order) });
      },
      abandon: () => {},
    },
    lanes: new Map(['left', 'right'].map((name) => [name, makeLane(name, { limits: NO_LIMITS, most: 4 })])),
    laneOf: (task) => manifest.variants[variantOf(task)]!.provider,
    contextOf(task) {
      const at = variantOf(task);
      const variant = manifest.variants[at]!;
      const scenarioAt = manifest.scenarios.findIndex(({ id }) => id === task.scenario);
      const scenario = manifest.scenarios[scenarioAt]!;
      const provider = manifest.providers[variant.provider]!;
      const { variant: variantPart, engine, scenarios } = parts[at]!;
      return {
        lane: variant.provider,
        provider: variant.provider,
        price: null,
        order: (attempt) =>
          makeOrder({ variant, provider, scenario, run: task.run, key: task.key, attempt, timeoutMs: 1000 }),
        paidTurns: () => [],
        estimatedTokens: () => 0,
        learnTokens: () => {},
        boundOf: () => ({ arm: '', inputUsd: 0, outputUsd: 0, guessUsd: 0 }),
        parts: [variantPart, engine, scenarios[scenarioAt]!],
        slug: variant.slug,
        metadata: () => metadata(task, invocation),
      };
    },
    concurrency: 4,
    retries: RETRIES,
    budgetUsd: null,
    maxNew: null,
    deadline: null,
    inputsChanged: () => null,
    inputsNow: () => 0,
    noticed: () => null,
    learned: () => {},
    traced: () => null,
    clock,
    random: () => 0.5,
    emit: () => {},
    clean: (outcome) => outcome,
    stop: stop.signal,
    abort: new AbortController().signal,
  }).finally(() => {
    done = true;
  });
  running.catch(() => {});
  while (!done) {
    await clock.runUntil(() => done);
    // The store on files has real timers of its own.
    if (!done) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const result = await running;
  await store.end(invocationRecord(invocation, 'complete'));
  return { plan: planned, orders, result };
}

const NO_LIMITS = { concurrency: null, requestsPerMinute: null, tokensPerMinute: null };

/** Today's cells as the view wants them. */
export function viewCellsOf(of: Manifest): readonly {
  readonly variant: string;
  readonly scenario: string;
  readonly run: number;
  readonly slug: string;
  readonly category: string | null;
  readonly key: Key;
}[] {
  const filter = NO_FILTER;
  return [...cellsInScope({ variants: fingerprint(of), scenarios: of.scenarios, filter })].map(
    ({ variant, scenario, run, category, parts }) => ({
      ...{ variant, scenario, run, category },
      slug: variant,
      key: sampleKey(parts, run),
    }),
  );
}

/** What becomes of a task in the end, however many attempts it takes; null = it was interrupted before. */
export function endOf(
  fate: Fate,
  at: { readonly attempts: number; readonly stopped: boolean },
): 'completed' | 'failed' | null {
  const needed = { good: 1, bad: 1, flaky: 2, down: RETRIES + 1 }[fate];
  if (at.attempts < needed) {
    if (!at.stopped) throw new Error(`${at.attempts} attempts of a task that is ${fate}`);
    return null;
  }
  return fate === 'good' || fate === 'flaky' ? 'completed' : 'failed';
}

function outcomeOf(at: { readonly order: Order; readonly fate: Fate; readonly text: string }): Outcome {
  const timing = { startedAt: STARTED, durationMs: 1, requestId: null, limits: null };
  const answers = at.fate === 'good' || (at.fate === 'flaky' && at.order.attempt === 2);
  if (!answers) {
    const kind = at.fate === 'bad' ? 'bad-request' : 'network';
    return { kind: 'failure', failure: { kind, status: null, message: 'no', retryAfterMs: null }, ...timing };
  }
  const completion = {
    ...{ text: at.text, toolCalls: [], messages: [], finishReason: 'stop', refusal: null },
    ...{ usage: null, servedModel: null, systemFingerprint: null },
  };
  return { kind: 'success', completion, ...timing };
}
