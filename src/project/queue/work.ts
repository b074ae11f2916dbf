// The use case `worker`: orders of a run come over the queue, and are done here as a run does them, with this machine's keys,
// files and programs.
import { randomBytes } from 'node:crypto';
import { availableParallelism, hostname } from 'node:os';
import { asksModel } from '../../core/asking.ts';
import type { Clock } from '../../core/clock.ts';
import { matchesGlob } from '../../core/glob.ts';
import { armOf } from '../../core/input-moments.ts';
import { startLimit } from '../../core/limit.ts';
import type { Order } from '../../core/order.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { Executor } from '../../executor/executor.ts';
import { makeExecutor } from '../../executor/index.ts';
import type { Kind } from '../../executor/route.ts';
import { ordersOf } from '../../queue/names.ts';
import { type Doing, type GateTools, serveQueue } from '../../queue/serve.ts';
import { type Needs, readNeeds } from '../../queue/words.ts';
import { gateOver } from '../../worker/order-port.ts';
import { makeClean } from '../draw/layer.ts';
import { spokenTo } from '../draw/spoken.ts';
import { CommandError, EXIT } from '../open/command-error.ts';
import { type Experiment, openExperiment } from '../open/experiment.ts';
import { watchScorers, watchVariants } from '../open/inputs-watch.ts';
import { note, type World } from '../open/world.ts';
import { difference, digestOfNeeds, needsOf, queuedProviders } from './needs.ts';
import { openLink } from './open-link.ts';
import { makeOwnOrders } from './own-orders.ts';
import { refuseMissingPrograms } from './programs.ts';
import { readyHere } from './ready.ts';

export type WorkRequest = {
  /** Of the manifest, from the world's folder. */
  readonly file: string;
  readonly url: string;
  /** Orders at one time, of each provider. */
  readonly concurrency: number;
  /** Patterns of names; empty = all. */
  readonly providers: readonly string[];
  /** A worker that is silent for so long is taken for lost. */
  readonly lockMs: number;
  /** It ends when there was nothing to do for so long; null = never. */
  readonly idleMs: number | null;
  readonly onStart: (name: string) => void;
};

export type WorkDone = { readonly exitCode: number; readonly done: number; readonly why: string };

const LOOK_MS = 500;
/** Beyond an order's own limit it gets this long to say so. */
const GRACE_MS = 5_000;

/** @throws CommandError where it cannot begin: no Redis, no package, no key, no program, no provider of that name */
export async function work(io: World, request: WorkRequest): Promise<WorkDone> {
  const opened = await openExperiment(io, request.file, { as: 'run' });
  const providers = takenProviders(opened, request.providers);
  refuseMissingKeys(io, { experiment: opened, providers });
  await using stack = new AsyncDisposableStack();
  const { link, names, onTrouble } = stack.use(await openLink(io, opened, request.url));
  using interrupts = io.interrupts.listen((sentence) => note(io, sentence));
  const experiment = await readyHere(io, {
    ...{ file: request.file, opened, stop: interrupts.stop },
    isRunning: async () => (await link.ask('EXISTS', names.meta)) === 1,
  });
  refuseMissingPrograms(io, { experiment, providers });
  const { manifest } = experiment;
  const needs = needsOf(experiment);
  const digest = digestOfNeeds(needs);
  /** Why nothing is taken here; null = it is. */
  let refusal: string | null = null;
  const executor = await makeExecutor({
    workers: 0,
    capacity: request.concurrency * providers.length,
    env: io.env,
    folder: manifest.folder,
    clock: io.clock,
    spoken: spokenTo(Object.values(manifest.providers).filter(({ name }) => providers.includes(name))),
    kinds: kindsOf(experiment),
  });
  stack.use(executor);
  const name = `${hostname()}-${process.pid}-${randomBytes(2).toString('hex')}`;
  const serving = serveQueue({
    ...{ link, names, name, host: hostname(), pid: process.pid, clock: io.clock },
    ...{ concurrency: request.concurrency, lockMs: request.lockMs, onTrouble },
    queues: new Map(providers.map((provider) => [provider, ordersOf(provider)])),
    doing: doingOf({ executor, experiment, clock: io.clock, lacks: (what) => (refusal ??= what) }),
    fits: (asked) => refusal === null && asked === digest,
    check(text) {
      refusal ??= text === null ? null : wordsOf(text, needs);
      return refusal === null;
    },
  });
  request.onStart(name);
  const why = await over({
    io,
    serving,
    idleMs: request.idleMs,
    stop: interrupts.stop,
    refused: () => refusal !== null,
  });
  executor.startNothing?.();
  interrupts.abort.addEventListener('abort', () => void executor[Symbol.asyncDispose](), { once: true });
  await serving[Symbol.asyncDispose]();
  const { done } = serving.counts();
  if (refusal !== null) throw new CommandError(`this worker takes nothing: ${refusal}`);
  return { exitCode: interrupts.stop.aborted ? EXIT.interrupted : EXIT.complete, done, why };
}

const OTHER_FILES = 'the run was planned with other files, or by another version of expgraph';

/** null = what is needed is here. */
function wordsOf(text: string, here: Needs): string | null {
  const wanted = readNeeds(text);
  return wanted === null ? OTHER_FILES : difference(wanted, here);
}

/** Until it is stopped, refused, or has had nothing to do. */
async function over(input: {
  readonly io: World;
  readonly serving: ReturnType<typeof serveQueue>;
  readonly idleMs: number | null;
  readonly stop: AbortSignal;
  readonly refused: () => boolean;
}): Promise<string> {
  const { clock } = input.io;
  let busyMs = clock.monotonicMs();
  let before = 0;
  for (;;) {
    const { done, busy } = input.serving.counts();
    if (busy > 0 || done !== before) busyMs = clock.monotonicMs();
    before = done;
    if (input.stop.aborted) return 'stopped';
    if (input.refused()) return 'refused';
    if (input.idleMs !== null && clock.monotonicMs() - busyMs >= input.idleMs) return 'idle';
    await new Promise<void>((resolve) => {
      const cancel = clock.after(LOOK_MS, resolve);
      const stop = (): void => {
        cancel();
        resolve();
      };
      input.stop.addEventListener('abort', stop, { once: true });
    });
  }
}

function doingOf(input: {
  readonly executor: Executor;
  readonly experiment: Experiment;
  readonly clock: Clock;
  /** Told of what nothing can be done without here. */
  readonly lacks: (what: string) => void;
}): Doing {
  const { executor, experiment, clock, lacks } = input;
  const { manifest } = experiment;
  const clean = makeClean(experiment.redact);
  const variants = watchVariants(manifest);
  const scorers = watchScorers(manifest.folder, manifest.scorers);
  const strange = makeOwnOrders(experiment);
  /** Of orders that ask before each further call. */
  const gates = new Map<Order, ReturnType<typeof gateOver>>();

  /** Whoever has what is missing here is given it. */
  function elsewhere({ failure, ...ended }: Extract<Outcome, { kind: 'failure' }>): Outcome {
    lacks(failure.message);
    return { ...ended, kind: 'cancelled' };
  }

  /** Files that count were edited here meanwhile: the answer is kept, and satisfies nothing. */
  function witnessed(order: Order, outcome: Outcome, since: number): Outcome {
    const witness = order.score === undefined ? variants : scorers;
    const moved = witness.moved(armOf(order), since, order.cell.scenario);
    if (moved === null || outcome.kind !== 'success') return outcome;
    return { ...outcome, otherCode: [...(outcome.otherCode ?? []), moved.why.replace(/ \(.*$/s, '')] };
  }

  return {
    abandon(order) {
      executor.abandon(order);
      gates.get(order)?.close();
    },
    close(order) {
      gates.get(order)?.close();
      // A conversation ends by itself, with the turns that it has.
      if (order.work !== undefined) executor.abandon(order);
    },
    async perform(order, tools) {
      const stranger = strange(order);
      if (stranger !== null) return refused(stranger, clock);
      const since = (order.score === undefined ? variants : scorers).now();
      const outcome = tools === null ? await oneCall(order) : await furtherCalls(order, tools);
      if (outcome.kind === 'failure' && outcome.failure.isOfPlace) return elsewhere(outcome);
      return clean(witnessed(order, outcome, since));
    },
  };

  async function furtherCalls(order: Order, { ask, hear }: GateTools): Promise<Outcome> {
    const over = gateOver(ask);
    hear((told) => over.hear(told as Parameters<typeof over.hear>[0]));
    gates.set(order, over);
    try {
      return await executor.execute(order, over.gate);
    } finally {
      gates.delete(order);
    }
  }

  async function oneCall(order: Order): Promise<Outcome> {
    let limit = startLimit(clock, order.timeoutMs + GRACE_MS, () => executor.abandon(order));
    const again = (): void => {
      limit.cancel();
      limit = startLimit(clock, order.timeoutMs + GRACE_MS, () => executor.abandon(order));
    };
    try {
      return await executor.execute(order, undefined, { waits: () => limit.cancel(), goesOn: again });
    } finally {
      limit.cancel();
    }
  }
}

function refused(message: string, clock: Clock): Outcome {
  const failure = { kind: 'internal', status: null, message, retryAfterMs: null, isUnsent: true } as const;
  const startedAt = clock.now().toISOString();
  return { kind: 'failure', failure, startedAt, durationMs: 0, requestId: null, limits: null };
}

function takenProviders(experiment: Experiment, patterns: readonly string[]): readonly string[] {
  const names = queuedProviders(experiment);
  const taken =
    patterns.length === 0 ? names : names.filter((name) => patterns.some((one) => matchesGlob(one, name)));
  if (taken.length > 0) return taken;
  throw new CommandError(`--provider ${patterns.join(', ')} is none of ${names.join(', ')}`);
}

/** An order that cannot be asked is an answer that fails: whoever has no key takes none of its orders. */
function refuseMissingKeys(
  { env }: Pick<World, 'env'>,
  { experiment, providers }: { readonly experiment: Experiment; readonly providers: readonly string[] },
): void {
  const { manifest } = experiment;
  const used = new Set([
    ...manifest.variants.filter(({ harness }) => harness === null).map(({ provider }) => provider),
    ...manifest.scorers.flatMap((scorer) => (asksModel(scorer) ? [scorer.provider] : [])),
  ]);
  for (const name of providers) {
    const variable = manifest.providers[name]?.apiKeyEnv;
    if (!used.has(name) || !variable || env[variable]) continue;
    throw new CommandError(
      `${name} wants ${variable}, which is not set here: set it, or take other orders with --provider`,
    );
  }
}

function kindsOf({ manifest }: Experiment): readonly Kind[] {
  const kinds = manifest.variants.map(
    ({ harness, mcp }): Kind => harness?.kind ?? (mcp === null ? 'model' : 'command'),
  );
  for (const scorer of manifest.scorers) {
    if (asksModel(scorer)) kinds.push('model');
    else if (scorer.kind === 'code') kinds.push('module');
    else if (scorer.kind === 'command') kinds.push('command');
  }
  return [...new Set(kinds)];
}

export function defaultConcurrency(): number {
  return 8 * availableParallelism();
}
