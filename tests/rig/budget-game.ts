// A budget against chance: random prices, lengths, arms, tool loops and faults through the real loop, over a clock turned by
// hand and a server that knows what it charges.

import { sizeOfRequest } from '../../src/core/call-size.ts';
import type { Price } from '../../src/core/manifest.ts';
import type { Order } from '../../src/core/order.ts';
import type { FailureKind, Outcome, Turn, Usage } from '../../src/core/outcome.ts';
import { makeRandom } from '../../src/core/shuffle.ts';
import { sharesOf } from '../../src/core/usage-cost.ts';
import { boundOf } from '../../src/run/limits/budget.ts';
import { makeLane } from '../../src/run/limits/lanes.ts';
import { answer, failure, rig } from './loop.ts';

export type Game = {
  readonly seed: number;
  /** `declared`: each arm bounds its answers, and inputs take what can be estimated. `open`: some do not, and prompts may be longer. */
  readonly arms: 'declared' | 'open';
};

export type Played = {
  readonly budgetUsd: number;
  /** By the server's own count. */
  readonly spentUsd: number;
  /** Of it what answers told: what a failed call of unknown length was charged, nobody ever learns. */
  readonly toldUsd: number;
  /** The dearest single call. */
  readonly dearestUsd: number;
  readonly calls: number;
  /** Calls that were begun when more than the budget was told to be spent. */
  readonly beyond: number;
  readonly stopped: string | null;
  readonly unfinished: number;
};

type Arm = {
  readonly price: Price;
  readonly maxOutputTokens: number | null;
  readonly medianTokens: number;
  readonly spread: number;
  readonly promptBytes: number;
  readonly tokensPerByte: number;
  /** Which nobody sees: a provider's own prompt, a picture. */
  readonly hiddenTokens: number;
  readonly turns: number;
};

export async function playBudget({ seed, arms: kind }: Game): Promise<Played> {
  const random = makeRandom(seed);
  const between = (low: number, high: number): number => low * (high / low) ** random();
  const whole = (low: number, high: number): number => Math.round(between(low, high));
  const arms = Array.from({ length: whole(1, 5) }, (): Arm => {
    const isOpen = kind === 'open' && random() < 0.5;
    const maxOutputTokens = isOpen ? null : whole(16, 8_192);
    return {
      price: {
        input: between(0.05, 20),
        cachedInput: random() < 0.3 ? between(0.01, 5) : null,
        output: between(0.1, 80),
      },
      maxOutputTokens,
      medianTokens: maxOutputTokens === null ? whole(16, 8_192) : maxOutputTokens * between(0.01, 3),
      spread: random() * 1.5,
      promptBytes: whole(20, 20_000),
      tokensPerByte: between(0.15, 1),
      hiddenTokens: kind === 'open' && random() < 0.3 ? whole(10, 5_000) : 0,
      turns: random() < 0.5 ? 1 : whole(2, 8),
    };
  });
  const tasks = whole(10, 120);
  const concurrency = whole(1, 64);
  const faults = random() < 0.5 ? 0 : random() * 0.4;
  const untold = random() < 0.8 ? 0 : random() * 0.5;
  const armOf = (order: { readonly key: string }): number =>
    Number.parseInt(order.key.slice(0, 6), 16) % arms.length;
  const dearestBound = Math.max(
    ...arms.map(
      ({ price, promptBytes, maxOutputTokens }) =>
        ((promptBytes + 200) * price.input + (maxOutputTokens ?? 2_000) * price.output) / 1e6,
    ),
  );
  const budgetUsd = dearestBound * between(0.5, tasks * 2);

  let spentUsd = 0;
  let toldUsd = 0;
  let dearestUsd = 0;
  let calls = 0;
  let beyond = 0;
  const made = rig({ tasks, script: () => 'never', concurrency, budgetUsd, retries: 2 });
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => void made.clock.after(ms, resolve));

  /** What comes of one call, and what the server charges for it. */
  const call = async (
    order: Order,
    bytes: number,
  ): Promise<{ readonly usage: Usage | null; readonly fault: FailureKind | null }> => {
    const arm = arms[armOf(order)]!;
    if (toldUsd > budgetUsd) beyond++;
    calls++;
    const long = arm.medianTokens * Math.exp(arm.spread * gauss(random));
    const output = Math.max(1, Math.min(Math.round(long), arm.maxOutputTokens ?? Number.POSITIVE_INFINITY));
    const input = Math.ceil(bytes * arm.tokensPerByte) + arm.hiddenTokens;
    const cached = Math.floor(input * random() * random());
    const usage: Usage = {
      ...{ inputTokens: input, outputTokens: output, totalTokens: input + output },
      ...{ cachedInputTokens: cached, reasoningTokens: null },
    };
    const isFault = random() < faults;
    const isCharged = !isFault || random() < 0.5;
    await sleep(Math.ceil(between(1, 400)));
    if (isCharged) {
      const { inputUsd, outputUsd } = sharesOf(usage, arm.price)!;
      spentUsd += inputUsd + outputUsd;
      dearestUsd = Math.max(dearestUsd, inputUsd + outputUsd);
    }
    if (isFault) return { usage: null, fault: isCharged ? 'timeout' : 'overloaded' };
    const isTold = random() >= untold;
    const shares = sharesOf(usage, arm.price)!;
    if (isTold) toldUsd += shares.inputUsd + shares.outputUsd;
    return { usage: isTold ? usage : null, fault: null };
  };

  const result = await made.run({
    executor: {
      ...made.input.executor,
      async execute(order, gate): Promise<Outcome> {
        const arm = arms[armOf(order)]!;
        const turns: Turn[] = [...(order.conversation?.done ?? [])];
        for (let isFirst = true; ; isFirst = false) {
          const since = turns.flatMap(({ messages }) => messages);
          const request = { ...order.request, since };
          if (!isFirst && (await gate!.admit(sizeOfRequest(request))) === 'closed') {
            return { kind: 'cancelled', startedAt: '', durationMs: 1, requestId: null, turns };
          }
          const { usage, fault } = await call(order, JSON.stringify([request.messages, since]).length);
          if (fault !== null) return { ...failure(fault), ...(gate === undefined ? {} : { turns }) };
          const said = { role: 'assistant', content: 'y'.repeat(Math.min(4_000, usage?.outputTokens ?? 9)) };
          turns.push({
            ...{ startedAt: '', durationMs: 1, requestId: null, finishReason: null, usage },
            ...{ messages: [said], calls: [], results: [] },
          });
          gate?.ended({ failure: null, usage, limits: null });
          if (gate !== undefined && turns.length < arm.turns) {
            await sleep(5);
            continue;
          }
          const one = answer() as Extract<Outcome, { kind: 'success' }>;
          return {
            ...one,
            completion: { ...one.completion, usage },
            ...(gate === undefined ? {} : { turns }),
          };
        }
      },
    },
    lanes: new Map([
      [
        'made',
        makeLane('made', {
          limits: { concurrency: null, requestsPerMinute: null, tokensPerMinute: null },
          most: concurrency,
        }),
      ],
    ]),
    contextOf(task) {
      const context = made.input.contextOf(task);
      const arm = arms[armOf(task)]!;
      return {
        ...context,
        price: arm.price,
        boundOf: (size) => boundOf({ arm: `arm ${armOf(task)}`, size, price: arm.price }),
        order(attempt, done) {
          const order = context.order(attempt, done);
          const messages = [{ role: 'user' as const, content: 'x'.repeat(arm.promptBytes) }];
          return {
            ...order,
            request: { ...order.request, messages, maxOutputTokens: arm.maxOutputTokens },
            ...(arm.turns === 1
              ? {}
              : {
                  conversation: {
                    maxTurns: arm.turns,
                    scenario: { id: 's', vars: {}, toolResults: {} },
                    canned: [],
                    done,
                  },
                }),
          };
        },
      };
    },
  });
  return {
    ...{ budgetUsd, spentUsd, toldUsd, dearestUsd, calls, beyond },
    stopped: result.stopped?.kind ?? null,
    unfinished: tasks - result.results.size,
  };
}

/** Box and Muller (1958). */
function gauss(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
