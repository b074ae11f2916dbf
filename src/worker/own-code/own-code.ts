// One attempt of own TypeScript or JavaScript: the module is loaded once a thread, its `run` is handed a client that asks
// the lane, and whatever it does ends as an outcome. It has the thread to itself (executor/apart.ts).
import path from 'node:path';
import { threadId } from 'node:worker_threads';
import type { ScorerContext } from '../../api/scorer.ts';
import type { RunContext, VariantDefinition } from '../../api/variant.ts';
import type { Clock } from '../../core/clock.ts';
import { sumUsage } from '../../core/conversation.ts';
import type { CallGate } from '../../core/gate.ts';
import type { HarnessOrder, ModuleHarness } from '../../core/harness.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Tool } from '../../core/manifest.ts';
import type { Order } from '../../core/order.ts';
import type { Turn } from '../../core/outcome.ts';
import { lineUrls, type ProxyOrder, routeUrls, withProxy } from '../../core/proxy.ts';
import { writtenFormat } from '../../core/response-format.ts';
import type { ScoreOrder } from '../../core/score-order.ts';
import type { BindSdk, FindClient } from '../../providers/index.ts';
import type { Scope } from '../../tracing/spans/tracer.ts';
import type { Attempted } from '../attempt.ts';
import { type Deadline, startDeadline } from '../deadline.ts';
import { toldVerdict } from '../judgement.ts';
import { logLine, makeLog } from '../log.ts';
import { type Defaults, readTold, SEEN } from '../programs/program-result.ts';
import { tellTurn } from '../programs/proxy-line.ts';
import { isLoaded, loadDefinition, loadScorer } from './load-module.ts';
import { type Askers, askersOf, Refused } from './own-askers.ts';
import { makeHook } from './own-calls.ts';
import { CODE_FAILED, endedBadly, failed, failureOf, wrongTold } from './own-failures.ts';
import { guard } from './own-thread.ts';
import { threadReads } from './thread-reads.ts';

export type OwnCodeInput = {
  readonly order: Order;
  /** The manifest's, absolute: modules are found from there. */
  readonly folder: string;
  readonly scope: Scope;
  readonly gate: CallGate;
  readonly signal: AbortSignal | null;
  readonly clock: Clock;
  readonly findClient: FindClient;
  readonly bindSdk: BindSdk;
};

export async function runOwnCode(input: OwnCodeInput & { readonly work: HarnessOrder }): Promise<Attempted> {
  const { order, work, folder, clock } = input;
  const harness = work.harness as ModuleHarness;
  const log = makeLog();
  const { code } = harness;
  const reads = threadReads({ folder, code });
  using deadline = startDeadline({ timeoutMs: order.timeoutMs, cancel: input.signal, clock });
  const turns: Turn[] = [];
  input.gate.whenWaiting?.((isWaiting) => (isWaiting ? deadline.pause() : deadline.resume()));
  const isShared = (harness.inFlight ?? 1) > 1;
  const leave = work.proxy === undefined ? null : await enterProxy(work.proxy, isShared);
  const ended = await guard(
    { log, code, signal: deadline.signal, isShared },
    async (): Promise<Attempted> => {
      if (order.score) return scoreIt({ ...input, score: order.score, deadline, log });
      const loaded = await begun({ ...input, file: harness.file }, loadDefinition);
      if (loaded.kind === 'err') return failed(loaded.error);
      const definition = loaded.value;
      if (!definition.run) return converseWith({ ...input, definition, deadline, log });
      return runIt({ ...input, definition, run: definition.run, deadline, turns, log });
    },
  );
  await leave?.();
  const attempted =
    ended.kind === 'done' ? ended.value : endedBadly({ ended, file: harness.file, order, clock, turns });
  // Its client's own certificates are transport, and read by us.
  const { caFile = null } = order.endpoint.settings ?? {};
  const undeclared = reads.undeclared().filter((file) => path.join(folder, file) !== caFile);
  const otherCode = reads.otherCode();
  const said = log.text();
  return {
    ...attempted,
    turns: attempted.turns ?? (turns.length === 0 ? null : turns),
    ...(said === undefined ? {} : { log: said }),
    ...(undeclared.length === 0 ? {} : { undeclared }),
    ...(otherCode.length === 0 ? {} : { otherCode }),
  };
}

/** What it does with its module is told apart from loading that: what one attempt takes is what the next one will take. */
async function begun<Loaded>(
  input: Pick<OwnCodeInput, 'folder' | 'gate' | 'order'> & { readonly file: string },
  load: (file: string, shown: string) => Promise<Loaded>,
): Promise<Loaded> {
  const file = path.join(input.folder, input.file);
  if (isLoaded(file)) return load(file, input.file);
  const loaded = await load(file, input.file);
  input.gate.works(input.order.timeoutMs);
  return loaded;
}

type Under = OwnCodeInput & {
  readonly work: HarnessOrder;
  readonly definition: VariantDefinition;
  readonly deadline: Deadline;
  readonly log: ReturnType<typeof makeLog>;
};

async function runIt(
  input: Under & { readonly run: NonNullable<VariantDefinition['run']>; readonly turns: Turn[] },
): Promise<Attempted> {
  const { order, turns, deadline } = input;
  const { hook, wasRefused, lastFailure } = makeHook({ ...input, turns, deadline });
  const { run } = order.cell;
  const bound = await input.bindSdk(order.endpoint, {
    hook,
    run,
    request: { ...order.request, tools: toolsOf(input) },
  });
  try {
    const result = await input.run(contextOf(input, askersOf(order, bound)));
    if (wasRefused()) return REFUSED;
    // Where the proxy sees all that was answered, nothing need be told of it, and what came last is known there.
    const isRecorded = input.work.proxy !== undefined;
    const told = readTold(result ?? (isRecorded ? {} : result), isRecorded ? SEEN : saidBy(turns));
    if (told.kind === 'err') return failed(wrongTold(told.error, fileOf(input)));
    return {
      answer: { kind: 'completion', completion: told.value, requestId: null, limits: null },
      turns: null,
    };
  } catch (error) {
    if (wasRefused()) return REFUSED;
    const call = lastFailure();
    if (call) return { answer: call, turns: null };
    if (error instanceof Refused) return failed(error.failure);
    return failed(failureOf(error, { file: fileOf(input), clock: input.clock }));
  }
}

/** Those of the variant, and those of the module. */
function toolsOf({ order, definition }: Under): readonly Tool[] {
  const own = (definition.tools ?? []).map(({ name, description = null, parameters = null }) => ({
    ...{ name, description, parameters, strict: null },
  }));
  return [...order.request.tools, ...own];
}

/** What stands where own code leaves something out: what its client was answered. */
function saidBy(turns: readonly Turn[]): Defaults {
  const last = turns.at(-1);
  return {
    text: turns.length === 0 ? null : (last?.text ?? ''),
    toolCalls: turns.flatMap(({ calls }) => calls),
    messages: turns.flatMap(({ messages }) => messages),
    finishReason: last?.finishReason ?? null,
    usage: turns.length === 0 ? null : sumUsage(turns.map(({ usage }) => usage)),
    servedModel: last?.servedModel ?? null,
  };
}

/** A call was not allowed: the attempt would have gone on otherwise. */
const REFUSED: Attempted = { answer: { kind: 'cancelled' }, turns: null };

/** A scorer: it is handed an answer and asks no model of ours. */
async function scoreIt(
  input: Omit<Under, 'definition'> & { readonly score: ScoreOrder },
): Promise<Attempted> {
  const { score, work, deadline, log } = input;
  const { file } = work.harness as ModuleHarness;
  const loaded = await begun({ ...input, file }, loadScorer);
  if (loaded.kind === 'err') return failed(loaded.error);
  const { output, options = {}, scenario } = score;
  try {
    const value = await loaded.value.score({
      scenario: structuredClone(scenario!),
      output: {
        text: output.text,
        toolCalls: structuredClone(output.tool_calls) as ScorerContext['output']['toolCalls'],
        finishReason: output.finish_reason,
      },
      options: structuredClone(options) as JsonObject,
      signal: deadline.signal,
      log: (...words) => log.add(logLine(words)),
    });
    const told = toldVerdict(value, score);
    if (told.kind === 'err')
      return failed({ ...CODE_FAILED, isUnread: 'any', message: `${file}: ${told.error}` });
    return {
      answer: { kind: 'completion', completion: told.value, requestId: null, limits: null },
      turns: null,
    };
  } catch (error) {
    return failed(failureOf(error, { file, clock: input.clock }));
  }
}

/**
 * expgraph's own loop, with tools whose results come from code. The module was loaded within the attempt's time; from here on
 * each call of the model and each handler has its own.
 */
async function converseWith({ definition, work, ...of }: Under): Promise<Attempted> {
  of.deadline.pause();
  of.gate.works(of.order.timeoutMs);
  const client = await of.findClient(of.order.endpoint);
  if (client.kind === 'err') return failed(client.error);
  const { converse } = await import('../converse.ts');
  const { withTools } = await import('./handlers.ts');
  const offered = withTools({ order: of.order, work, tools: definition.tools ?? [], under: of });
  if (offered.kind === 'err') {
    const { file } = work.harness as ModuleHarness;
    return failed({ ...CODE_FAILED, message: `${file}: ${offered.error}` });
  }
  const { order, handlers } = offered.value;
  return converse({ ...of, order, conversation: order.conversation!, client: client.value, handlers });
}

function contextOf(input: Under, askers: Askers): RunContext {
  const { order, work, deadline, log } = input;
  const { request } = order;
  return {
    scenario: structuredClone(work.scenario),
    messages: structuredClone(request.messages) as unknown as RunContext['messages'],
    ...askers,
    model: request.model,
    temperature: request.temperature,
    maxOutputTokens: request.maxOutputTokens,
    params: structuredClone(request.params) as RunContext['params'],
    seed: request.seed,
    tools: toolsOf(input).map(({ name, description, parameters, strict }) => ({
      type: 'function' as const,
      function: {
        name,
        ...(strict === null ? {} : { strict }),
        ...(description ? { description } : {}),
        ...(parameters ? { parameters: structuredClone(parameters) as { [name: string]: unknown } } : {}),
      },
    })),
    responseFormat:
      request.responseFormat === undefined
        ? null
        : (structuredClone(writtenFormat(request.responseFormat)) as RunContext['responseFormat']),
    variant: order.cell.variant,
    run: order.cell.run,
    attempt: order.attempt,
    signal: deadline.signal,
    proxy: work.proxy === undefined ? null : { ...routeUrls(work.proxy) },
    log: (...words) => log.add(logLine(words)),
  };
}

function fileOf({ work }: Under): string {
  return (work.harness as ModuleHarness).file;
}

/**
 * The way to the recording proxy: a thread has one attempt at a time and an environment of its own, so its addresses stay what
 * they are, for clients that a module makes when it is loaded, and the proxy hears whose turn it is. Where it is several
 * attempts' turn at once, what comes by the environment's addresses is nobody's.
 * @returns says that the attempt has ended
 */
async function enterProxy(proxy: ProxyOrder, isShared: boolean): Promise<() => Promise<void>> {
  const line = `own-${threadId}`;
  const set = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  Object.assign(process.env, withProxy(Object.fromEntries(set), lineUrls(proxy, line)));
  if (isShared) return async () => {};
  await tellTurn(proxy, { line, begins: true });
  return () => tellTurn(proxy, { line, begins: false });
}
