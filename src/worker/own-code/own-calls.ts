// The requests that own code makes with its client: one after the other, each asks the lane, is a span, and is a turn.
import { sizeOfBody } from '../../core/call-size.ts';
import type { Clock } from '../../core/clock.ts';
import { EMPTY_COMPLETION } from '../../core/completion.ts';
import type { CallGate } from '../../core/gate.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Order } from '../../core/order.ts';
import type { Turn } from '../../core/outcome.ts';
import type { CallHook, ClientAnswer } from '../../providers/provider.ts';
import type { Scope } from '../../tracing/spans/tracer.ts';
import type { Deadline } from '../deadline.ts';
import { ownCallSpan } from '../spans.ts';

export type Hook = {
  readonly hook: CallHook;
  /** One of them may not be made: whatever `run` makes of that is not its answer. */
  readonly wasRefused: () => boolean;
  /** Of the last request, if it failed: what `run` then throws is that. */
  readonly lastFailure: () => Extract<ClientAnswer, { kind: 'failure' }> | null;
};

export function makeHook(input: {
  readonly order: Order;
  readonly scope: Scope;
  readonly gate: CallGate;
  readonly clock: Clock;
  readonly deadline: Deadline;
  /** Each request that was answered is added. */
  readonly turns: Turn[];
}): Hook {
  const { gate, clock, deadline, turns } = input;
  let wasRefused = false;
  let failed: Extract<ClientAnswer, { kind: 'failure' }> | null = null;
  let before: Promise<unknown> = Promise.resolve();

  async function call({ body, send }: Parameters<CallHook>[0]): Promise<ClientAnswer> {
    if (deadline.signal.aborted) return { kind: 'cancelled' };
    deadline.pause();
    const verdict = await gate.admit(sizeOfBody(body));
    deadline.resume();
    if (verdict === 'closed') {
      wasRefused = true;
      return { kind: 'cancelled' };
    }
    const startedAt = clock.now().toISOString();
    const startMs = clock.monotonicMs();
    const answer = await input.scope.span(ownCallSpan(input.order, body, () => send(deadline.signal)));
    failed = answer.kind === 'failure' ? answer : null;
    if (answer.kind === 'cancelled') return answer;
    const made = answer.kind === 'completion' ? answer.completion : EMPTY_COMPLETION;
    const usage = failed?.failure.usage ?? made.usage;
    const turn: Turn = {
      startedAt,
      durationMs: clock.monotonicMs() - startMs,
      requestId: answer.requestId,
      finishReason: made.finishReason,
      usage,
      messages: made.messages as readonly JsonObject[],
      calls: made.toolCalls,
      results: [],
      text: made.text,
      servedModel: made.servedModel,
    };
    if (answer.kind === 'completion') turns.push(turn);
    // A call that the deadline cut off ends with the attempt.
    if (!deadline.signal.aborted) {
      const { limits } = answer;
      const n = answer.kind === 'completion' ? turns.length : turns.length + 1;
      gate.ended({ failure: failed?.failure ?? null, usage, limits, turn: { n, turn } });
    }
    return answer;
  }

  return {
    wasRefused: () => wasRefused,
    lastFailure: () => failed,
    hook(asked) {
      const mine = before.then(() => call(asked));
      before = mine.catch(() => {});
      return mine;
    },
  };
}
