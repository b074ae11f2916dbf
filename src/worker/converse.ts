// The tool loop of one attempt: the model is asked, its calls are answered, and it is asked again, until it calls nothing more
// or the turns are used up. Each call of the model has its own deadline and asks its lane.
//
//   ask the lane -> call --tools called--> results -> ask the lane ...
//                     |--nothing called, or the last turn--> done
//                     '--failed--> the turns so far go back with the failure: a retry goes on where this one ended
import { sizeOfRequest } from '../core/call-size.ts';
import type { Clock } from '../core/clock.ts';
import { type Conversation, sumUsage } from '../core/conversation.ts';
import type { CallGate } from '../core/gate.ts';
import type { Order } from '../core/order.ts';
import type { Completion, ToolCall, ToolResult, Turn } from '../core/outcome.ts';
import type { ModelClient } from '../providers/provider.ts';
import type { Scope } from '../tracing/tracer.ts';
import type { Attempted } from './attempt.ts';
import { makeArgumentCheck } from './check-arguments.ts';
import { startDeadline } from './deadline.ts';
import { modelSpan, toolSpan } from './spans.ts';
import { type Handlers, makeToolbox } from './tool-results.ts';

const check = makeArgumentCheck();

export async function converse(of: {
  readonly order: Order;
  readonly conversation: Conversation;
  readonly client: ModelClient;
  readonly scope: Scope;
  readonly gate: CallGate;
  readonly signal: AbortSignal | null;
  readonly clock: Clock;
  /** Who runs calls, where somebody does. */
  readonly handlers?: Handlers;
}): Promise<Attempted & { readonly turns: readonly Turn[] }> {
  const { order, conversation, client, scope, gate, clock } = of;
  const { maxTurns } = conversation;
  const toolbox = makeToolbox({
    ...{ tools: order.request.tools, conversation, check },
    handlers: of.handlers,
  });
  const turns: Turn[] = [...conversation.done];
  for (let isFirst = true; ; isFirst = false) {
    const since = turns.flatMap((turn) => turn.messages);
    const request = { ...order.request, since };
    // The tools of own code are known only here.
    if (!isFirst || order.work !== undefined) {
      const verdict = await gate.admit(sizeOfRequest(request));
      if (verdict === 'closed') return { answer: { kind: 'cancelled' }, turns };
    }
    const startedAt = clock.now().toISOString();
    const startMs = clock.monotonicMs();
    using deadline = startDeadline({ timeoutMs: order.timeoutMs, cancel: of.signal, clock });
    const options = { signal: deadline.signal, run: order.cell.run };
    const answer = await scope.span(
      modelSpan({ ...order, request }, () => client.complete(request, options)),
    );
    if (answer.kind !== 'completion') return { answer, turns };
    const { completion, requestId, limits } = answer;
    gate.ended({ failure: null, usage: completion.usage, limits });
    const isLast = turns.length + 1 >= maxTurns;
    const results =
      completion.toolCalls.length === 0 || isLast ? [] : await answerCalls(completion.toolCalls);
    const told = results.map((result) => client.toolMessage(result));
    turns.push({
      startedAt,
      durationMs: clock.monotonicMs() - startMs,
      requestId,
      finishReason: completion.finishReason,
      usage: completion.usage,
      messages: [...completion.messages, ...told],
      calls: completion.toolCalls,
      results,
    });
    if (results.length > 0) continue;
    return { answer: { kind: 'completion', completion: whole(completion), requestId, limits }, turns };
  }

  async function answerCalls(wanted: readonly ToolCall[]): Promise<readonly ToolResult[]> {
    const results: ToolResult[] = [];
    const earlier = turns.flatMap(({ calls }) => calls);
    for (const [n, call] of wanted.entries()) {
      const before = [...earlier, ...wanted.slice(0, n)].filter(({ name }) => name === call.name).length;
      results.push(await scope.span(toolSpan(call, () => toolbox.answer({ call, before }))));
    }
    return results;
  }

  /** All turns as one answer: the last one's text, every call, every message, the sum of usage. */
  function whole(last: Completion): Completion {
    return {
      ...last,
      toolCalls: turns.flatMap(({ calls }) => calls),
      messages: turns.flatMap((turn) => turn.messages),
      usage: sumUsage(turns.map(({ usage }) => usage)),
      ...(last.toolCalls.length === 0 ? {} : { turnLimit: true as const }),
    };
  }
}
