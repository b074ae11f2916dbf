// Tracing of one invocation, as the loop sees it: what travels with an order, and what is kept when an attempt is over.
// A trace is on this disk before its record is; whoever uploads it is another process.
import path from 'node:path';
import type { RunEvent } from '../../core/event.ts';
import type { InvocationRecord } from '../../core/record.ts';
import type { Plan, Task } from '../../core/task.ts';
import {
  isSampled,
  type Prices,
  type RecordedTrace,
  type TraceBeside,
  type TraceOrder,
  traceId,
} from '../../core/trace.ts';
import type { TracedAttempt } from '../../run/input.ts';
import { shieldedValues } from '../../tracing/spans/shield.ts';
import { loadShield } from '../../tracing/spans/shield-settings.ts';
import { rootSpan } from '../../tracing/spans/spans.ts';
import { makeSayFeedback, type SayFeedback } from '../../tracing/spool/feedback.ts';
import { openSpool, type Spool } from '../../tracing/spool/spool.ts';
import { exampleId } from '../../tracing/upload/experiment.ts';
import { type Experiment, listPriceOf, providerOf } from '../open/experiment.ts';
import type { World } from '../open/world.ts';
import { copyFeedback } from './copied.ts';
import { describeExperiments } from './describe.ts';
import type { Tracing } from './settings.ts';
import { attemptSeed, factsOf, tagsOf } from './trace-facts.ts';

export type Traces = Disposable & {
  /** undefined = this task is not traced. */
  orderTrace(task: Task, attempt: number): TraceOrder | undefined;
  traced(attempt: TracedAttempt): RecordedTrace | null;
  readonly folder: string;
  kept(): number;
  /** Nothing more comes. */
  end(): void;
};

export type TracesInput = {
  readonly tracing: Tracing;
  readonly experiment: Experiment;
  readonly plan: Plan;
  readonly record: InvocationRecord;
  readonly emit: (event: RunEvent) => void;
  readonly io: World;
  /** There is something to send from now on. */
  readonly onFirst: () => void;
};

export async function openTraces(input: TracesInput): Promise<Traces> {
  const { tracing, record, io } = input;
  const folder = path.join(tracing.root, record.invocation);
  let spool: Spool | null = null;
  let kept = 0;
  let isOff = false;
  let said: SayFeedback | null = null;
  const prices = new Map<string, Prices>();

  /** Tracing must not cost a result: what goes wrong here is told once, and the run goes on untraced. */
  function guard(action: () => void): boolean {
    if (isOff) return false;
    try {
      action();
      return true;
    } catch (cause) {
      switchOff(`traces are not kept from here on: ${(cause as Error).message}`);
      return false;
    }
  }

  const experiments = await describe();
  const text = await shieldOfTexts(input);

  async function describe(): Promise<ReadonlyMap<string, string>> {
    if (!tracing.experiments) return new Map();
    const variants = new Set(input.plan.pending.map((task) => task.variant));
    try {
      return await describeExperiments({ ...input, variants });
    } catch (cause) {
      switchOff(`nothing is traced: ${(cause as Error).message}`);
      return new Map();
    }
  }

  function switchOff(message: string): void {
    isOff = true;
    const hint = '`npx expgraph langsmith sync` makes them from the records later';
    input.emit({ kind: 'diagnostic', severity: 'warning', code: 'tracing', message, hint });
  }

  function pricesOf(variant: string): Prices {
    let known = prices.get(variant);
    if (known === undefined) {
      known = tracedPrices(input.experiment, variant);
      prices.set(variant, known);
    }
    return known;
  }

  /** Read when a test first says something. */
  function sayFeedback(): SayFeedback {
    said ??= makeSayFeedback(tracing.root);
    return said;
  }

  function keep(attempt: TracedAttempt, recorded: RecordedTrace): boolean {
    const { task, outcome } = attempt;
    const head = {
      v: 1,
      trace: recorded.langsmith_run_id,
      start: outcome.startedAt,
      project: recorded.project,
      experiment: recorded.experiment ?? null,
      example: recorded.experiment === undefined ? null : exampleId(tracing.dataset, task.scenario),
    } as const;
    return guard(() => {
      if (spool === null) {
        spool = openSpool({ folder });
        input.onFirst();
      }
      if (spool.append(head, spansOf(attempt)) === 'full')
        switchOff('traces are not kept from here on: 2 GB wait');
      else kept++;
    });
  }

  return {
    folder,
    kept: () => kept,
    orderTrace(task, attempt) {
      if (isOff || !isSampled({ ...task, share: tracing.sampling })) return undefined;
      const facts = factsOf({ ...task, attempt }, record);
      const seed = attemptSeed({ ...record, key: task.key, attempt });
      const tags = tagsOf({ ...task, experiment: record.experiment });
      // An experiment is made by who sends: before that a span of somebody else's would make a project of its name.
      const where = experiments.has(task.variant) ? {} : { project: tracing.project };
      const prices = pricesOf(task.variant);
      return { seed, name: task.scenario, tags, facts, shield: tracing.shield, prices, ...where };
    },
    traced(attempt) {
      const { order, outcome, task } = attempt;
      if (order.trace === undefined || isOff) return null;
      const startMs = Date.parse(outcome.startedAt);
      const id = traceId({ startMs, seed: order.trace.seed });
      // Only an answer that counts is a repetition of the experiment; the other attempts are plain traces.
      const counted = attempt.isResult ? experiments.get(task.variant) : undefined;
      const recorded = {
        langsmith_run_id: id,
        project: tracing.project,
        ...(counted === undefined ? {} : { experiment: counted }),
        ...(outcome.beside === undefined ? {} : { harness: besideOf(outcome.beside) }),
      };
      if (!keep(attempt, recorded)) return null;
      if (outcome.beside === undefined) return recorded;
      guard(() =>
        copyFeedback({
          tracing,
          say: sayFeedback(),
          recorded,
          outcome,
          text,
          at: io.clock.now().toISOString(),
        }),
      );
      return recorded;
    },
    end() {
      guard(() => spool?.sync());
    },
    [Symbol.dispose]() {
      spool?.[Symbol.dispose]();
    },
  };
}

/** What travels with each order: of lists the line of its model, and all of them only where code may ask others. */
function tracedPrices(experiment: Experiment, name: string): Prices {
  const { pricing, isLocal, lists } = providerOf(experiment, name);
  const { harness, model } = experiment.variants.get(name)!.variant;
  const price = listPriceOf(experiment, name);
  return {
    pricing: price === null || harness !== null ? pricing : { ...pricing, [model]: price },
    ...(lists === undefined || harness === null ? {} : { lists }),
    ...(isLocal ? { isLocal } : {}),
  };
}

/** Only tests of a harness say something of a trace while it is made; for nothing else the rules are loaded. */
async function shieldOfTexts({ tracing, experiment, io }: TracesInput): Promise<(text: string) => string> {
  const isNeeded = experiment.manifest.variants.some(({ harness }) => harness?.kind === 'pytest');
  if (!isNeeded) return (text) => text;
  return shieldedValues(await loadShield({ env: io.env, shield: tracing.shield })).text;
}

function besideOf({ runId, sessionId, startedAt }: TraceBeside): NonNullable<RecordedTrace['harness']> {
  return {
    run_id: runId,
    ...(sessionId === null ? {} : { session_id: sessionId }),
    ...(startedAt === null ? {} : { started_at: startedAt }),
  };
}

/** A worker that is gone told nothing: then the root says what is known. */
function spansOf({ order, outcome }: TracedAttempt): string {
  if (outcome.spans !== undefined) return outcome.spans;
  const { seed, name, tags, facts } = order.trace!;
  const startMs = Date.parse(outcome.startedAt);
  const error =
    outcome.kind === 'failure' ? `${outcome.failure.kind}: ${outcome.failure.message}` : 'no trace was told';
  const content = { name, type: 'chain', inputs: {}, outputs: {}, facts, seed, tags } as const;
  return JSON.stringify([rootSpan({ ...content, startMs, endMs: startMs + outcome.durationMs, error })]);
}
