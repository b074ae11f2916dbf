// The loop over a memory store, a clock turned by hand and an executor that answers as a script says.
import { makeMemoryStore } from '../../src/cache/memory.ts';
import type { Store } from '../../src/cache/store.ts';
import type { RunEvent } from '../../src/core/event.ts';
import type { Limits } from '../../src/core/manifest.ts';
import type { Order } from '../../src/core/order.ts';
import type { Failure, FailureKind, Outcome } from '../../src/core/outcome.ts';
import type { Plan } from '../../src/core/task.ts';
import type { CallBound } from '../../src/run/limits/budget.ts';
import { makeLane } from '../../src/run/limits/lanes.ts';
import { type RunInput, runLoop } from '../../src/run/run.ts';
import { handClock } from './clock.ts';
import { invocationRecord, metadata, task } from './records.ts';

const NO_LIMITS = { concurrency: null, requestsPerMinute: null, tokensPerMinute: null };

/** Answers as the script says: one entry an attempt; the last one goes on for ever. */
export type Script = (order: Order) => Outcome | 'never';

export function answer(text = 'fine'): Outcome {
  return {
    kind: 'success',
    completion: {
      text,
      toolCalls: [],
      messages: [{ role: 'assistant', content: text }],
      finishReason: 'stop',
      refusal: null,
      usage: {
        inputTokens: 1000,
        outputTokens: 1000,
        totalTokens: 2000,
        cachedInputTokens: null,
        reasoningTokens: null,
      },
      servedModel: 'made-1',
      systemFingerprint: null,
    },
    startedAt: '2026-01-02T03:04:05.000Z',
    durationMs: 10,
    requestId: 'req-1',
    limits: null,
  };
}

export function failure(kind: FailureKind, more: Partial<Failure> = {}): Outcome {
  return {
    kind: 'failure',
    failure: { kind, status: null, message: `it was ${kind}`, retryAfterMs: null, ...more },
    startedAt: '2026-01-02T03:04:05.000Z',
    durationMs: 10,
    requestId: null,
    limits: null,
  };
}

export function rig(at: {
  readonly tasks: number;
  readonly script: Script;
  readonly concurrency?: number;
  readonly limits?: Partial<Limits>;
  /** One lane a variant (a, b) instead of one for both. */
  readonly lanes?: { readonly a: Partial<Limits>; readonly b: Partial<Limits> };
  readonly budgetUsd?: number;
  /** What a call may cost; what it says it took is 1 USD. */
  readonly bound?: Partial<CallBound>;
  readonly latencyMs?: number;
  readonly retries?: number;
  /** That of an earlier run, to go on with. */
  readonly store?: Store;
}) {
  const clock = handClock();
  const store = at.store ?? makeMemoryStore();
  const invocation = store.nextInvocation(clock.now());
  store.begin(invocationRecord(invocation));
  const pending = Array.from({ length: at.tasks }, (_, i) =>
    task({ variant: i % 2 ? 'b' : 'a', scenario: `s${Math.floor(i / 2)}`, run: 1 }),
  );
  const events: RunEvent[] = [];
  const stop = new AbortController();
  const abort = new AbortController();
  const abandoned: Order[] = [];
  let inFlight = 0;
  let mostInFlight = 0;
  const input: RunInput = {
    plan: { experiment: 'made', tasks: pending, pending } as unknown as Plan,
    invocation,
    store,
    executor: {
      capacity: 1000,
      execute: (order) => {
        inFlight++;
        mostInFlight = Math.max(mostInFlight, inFlight);
        return new Promise((resolve) => {
          const outcome = at.script(order);
          if (outcome === 'never') return;
          clock.after(at.latencyMs ?? 10, () => {
            inFlight--;
            resolve(outcome);
          });
        });
      },
      abandon: (order) => {
        inFlight--;
        abandoned.push(order);
      },
    },
    lanes: new Map(
      Object.entries(at.lanes ?? { made: at.limits }).map(([name, limits]) => [
        name,
        makeLane(name, { limits: { ...NO_LIMITS, ...limits }, most: at.concurrency ?? 4 }),
      ]),
    ),
    laneOf: (of) => (at.lanes ? of.variant : 'made'),
    contextOf: (of) => ({
      lane: at.lanes ? of.variant : 'made',
      provider: at.lanes ? of.variant : 'made',
      price: { input: 500, cachedInput: null, output: 500 },
      order: (attempt) => ({
        key: of.key,
        cell: of,
        attempt,
        timeoutMs: 1000,
        endpoint: { type: 'sim', baseUrl: null, apiKeyEnv: null, api: 'chat', headers: {} },
        request: {
          model: 'made-1',
          messages: [{ role: 'user', content: of.scenario }],
          tools: [],
          temperature: 0.2,
          maxOutputTokens: null,
          seed: null,
          params: {},
        },
      }),
      paidTurns: () => store.paidTurns(of.key),
      estimatedTokens: () => 100,
      learnTokens: () => {},
      boundOf: () => ({ arm: of.variant, inputUsd: 0, guessUsd: 2, outputUsd: 1, ...at.bound }),
      parts: (of as ReturnType<typeof task>).contents,
      slug: of.variant,
      metadata: () => metadata(of, invocation),
    }),
    concurrency: at.concurrency ?? 4,
    retries: at.retries ?? 4,
    budgetUsd: at.budgetUsd ?? null,
    maxNew: null,
    deadline: null,
    inputsChanged: () => null,
    inputsNow: () => 0,
    noticed: () => null,
    learned: () => {},
    traced: () => null,
    clock,
    random: () => 0.5,
    emit: (event) => events.push(event),
    clean: (outcome) => outcome,
    stop: stop.signal,
    abort: abort.signal,
  };
  const run = async (more: Partial<RunInput> = {}) => {
    let done = false;
    const result = runLoop({ ...input, ...more }).finally(() => {
      done = true;
    });
    result.catch(() => {});
    await clock.runUntil(() => done);
    return result;
  };
  return {
    clock,
    store,
    events,
    stop,
    abort,
    abandoned,
    run,
    pending,
    input,
    mostInFlight: () => mostInFlight,
  };
}

export const kinds = (events: readonly RunEvent[]) => events.map(({ kind }) => kind);
