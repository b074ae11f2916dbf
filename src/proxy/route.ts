// What belongs to one attempt: its calls ask the lane, are told as they end, and make up what its record says.
import { answeredTurn } from '../core/answered-turn.ts';
import type { CallSize } from '../core/call-size.ts';
import type { Clock } from '../core/clock.ts';
import { EMPTY_COMPLETION } from '../core/completion.ts';
import type { Exchanges, KeptExchange, NewExchange } from '../core/exchange.ts';
import type { CallGate, EndedCall } from '../core/gate.ts';
import type { Order } from '../core/order.ts';
import type { Completion, Failure, Sent, Turn } from '../core/outcome.ts';
import type { ClientAnswer } from '../providers/provider.ts';

/** A call of a model that was answered. */
export type SeenCall = { readonly asked: Sent; readonly completion: Completion };

export type Seen = {
  readonly calls: readonly SeenCall[];
  /** Of all its calls, those of a client of ours included, as they ended. */
  readonly turns: readonly Turn[];
  /** Calls that failed, as their client was told. */
  readonly failed: readonly Failure[];
  /** Of the last call, if it failed and none came after it. */
  readonly lastFailure: Failure | null;
  /** Requests that ask no model. */
  readonly others: number;
  /** Others were at work in its process at the same time: calls were made that could not be told apart. */
  readonly isUnclear: boolean;
  /** A call may not be made: whatever was made of that is no answer. */
  readonly wasRefused: boolean;
};

/** A call under way. */
export type RoutedCall = {
  ended(end: { readonly asked: Sent; readonly answer: ClientAnswer }): void;
};

export type Route = {
  readonly order: Order;
  /** For whoever does the work: what a client of ours is answered stands in one row with the rest. */
  readonly gate: CallGate;
  begin(call: {
    readonly size: CallSize;
    readonly host: string;
    readonly model: string | null;
  }): Promise<RoutedCall | 'closed'>;
  /** What the kept draw answered to this request; null = it is to be asked. */
  replay(request: string): KeptExchange | null;
  /** What was answered is durable when it resolves. */
  keep(exchange: NewExchange): Promise<void>;
  replayed(call: {
    readonly asked: Sent;
    readonly completion: Completion;
    readonly invocation: string;
  }): void;
  other(): void;
  unclear(): void;
  /** Counts a request that is under way until the promise settles. */
  during(work: Promise<unknown>): void;
  /** Resolves when no request is under way. */
  idle(): Promise<void>;
  seen(): Seen;
};

export function makeRoute(input: {
  readonly order: Order;
  readonly gate: CallGate;
  readonly clock: Clock;
  /** null = nothing is kept and nothing given again. */
  readonly exchanges: Exchanges | null;
}): Route {
  const { order, gate, clock, exchanges } = input;
  const calls: SeenCall[] = [];
  const turns: Turn[] = [];
  const failed: Failure[] = [];
  const underWay = new Set<Promise<unknown>>();
  const listeners: ((isWaiting: boolean) => void)[] = [];
  const { cell, attempt } = order;
  let kept: KeptExchange[] | null = null;
  let lastFailure: Failure | null = null;
  let waiting = 0;
  let others = 0;
  let isUnclear = false;
  let wasRefused = false;

  function wait(by: 1 | -1): void {
    waiting += by;
    if (waiting === (by === 1 ? 1 : 0)) for (const listener of listeners) listener(by === 1);
  }

  function take({ asked, completion }: SeenCall, turn: Turn): number {
    calls.push({ asked, completion });
    return turns.push(turn);
  }

  function turnOf(
    { asked, completion }: SeenCall,
    context: { readonly startedAt: string; readonly durationMs: number; readonly requestId: string | null },
  ): Turn {
    const { raw } = completion;
    return {
      ...answeredTurn(completion, context),
      ...(raw === undefined ? {} : { raw }),
      model: asked.model,
    };
  }

  return {
    order,
    gate: {
      ...gate,
      whenWaiting: (listener) => listeners.push(listener),
      ended(call) {
        const own = call.turn;
        if (own === undefined) return gate.ended(call);
        if (call.failure === null) turns.push(own.turn);
        // A conversation of ours counts for itself: it may go on from turns that were made before.
        const n = calls.length === 0 ? own.n : turns.length + (call.failure === null ? 0 : 1);
        gate.ended({ ...call, turn: { ...own, n } });
      },
    },
    async begin(asked) {
      wait(1);
      const admitted = (await gate.foreign?.begin(asked)) ?? OPEN_CALL;
      wait(-1);
      if (admitted === 'closed') {
        wasRefused = true;
        return 'closed';
      }
      const startedAt = clock.now().toISOString();
      const startMs = clock.monotonicMs();
      return {
        ended({ asked, answer }) {
          const at = { startedAt, durationMs: clock.monotonicMs() - startMs, requestId: requestIdOf(answer) };
          if (answer.kind === 'completion') {
            lastFailure = null;
            const call = { asked, completion: answer.completion };
            const turn = turnOf(call, at);
            const n = take(call, turn);
            const { limits } = answer;
            admitted.ended({ failure: null, usage: turn.usage, limits, turn: { n, turn } });
            return;
          }
          const failure = answer.kind === 'failure' ? answer.failure : LEFT;
          failed.push(failure);
          lastFailure = failure;
          const usage = failure.usage ?? null;
          const turn = { ...turnOf({ asked, completion: EMPTY_COMPLETION }, at), usage };
          const limits = answer.kind === 'failure' ? answer.limits : null;
          admitted.ended({ failure, usage, limits, turn: { n: turns.length + 1, turn } });
        },
      };
    },
    replay(request) {
      if (exchanges === null) return null;
      kept ??= [...exchanges.drawOf(cell)];
      const at = kept.findIndex((one) => one.request === request);
      if (at >= 0) return kept.splice(at, 1)[0]!;
      // From the first other request on it is another draw.
      kept = [];
      return null;
    },
    async keep(exchange) {
      await exchanges?.keep({ cell, attempt, exchange });
    },
    replayed({ asked, completion, invocation }) {
      lastFailure = null;
      const at = { startedAt: clock.now().toISOString(), durationMs: 0, requestId: null };
      const turn = { ...turnOf({ asked, completion }, at), paid: { invocation, costUsd: null } };
      const n = take({ asked, completion }, turn);
      gate.foreign?.replayed({ n, turn });
    },
    other() {
      others++;
    },
    unclear() {
      isUnclear = true;
    },
    during(work) {
      const ended = work.catch(() => {});
      underWay.add(ended);
      void ended.then(() => underWay.delete(ended));
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    seen: () => ({
      calls: [...calls],
      turns: [...turns],
      failed: [...failed],
      lastFailure,
      others,
      isUnclear,
      wasRefused,
    }),
  };
}

const OPEN_CALL: { ended(call: EndedCall): void } = { ended: () => {} };

const LEFT: Failure = {
  kind: 'cancelled',
  status: null,
  retryAfterMs: null,
  message: 'the client closed the connection before the answer was whole',
};

function requestIdOf(answer: ClientAnswer): string | null {
  return answer.kind === 'cancelled' ? null : answer.requestId;
}
