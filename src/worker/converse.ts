// The tool loop of one attempt: the model is asked, its calls are answered, and it is asked again, until it calls nothing more
// or the turns are used up. Each call of the model has its own deadline and asks its lane.
//
//   ask the lane -> call --tools called--> told, results, told -> ask the lane ...
//                     |--nothing called, or the last turn--> done
//                     '--failed--> the turns so far go back with the failure: a retry goes on where this one ended
// What is told of a turn is kept by whoever hears it, before the next call: its answer is paid for once, whatever ends this.
import { sizeOfRequest } from '../core/call-size.ts';
import type { Clock } from '../core/clock.ts';
import { type Conversation, sumUsage } from '../core/conversation.ts';
import { endingOf } from '../core/ending.ts';
import type { CallGate } from '../core/gate.ts';
import type { ModelRequest, Order } from '../core/order.ts';
import type { Completion, ToolCall, ToolResult, Turn } from '../core/outcome.ts';
import type { ClientAnswer, ModelClient } from '../providers/provider.ts';
import type { Scope } from '../tracing/spans/tracer.ts';
import type { Attempted } from './attempt.ts';
import { makeArgumentCheck } from './check-arguments.ts';
import { startDeadline } from './deadline.ts';
import { modelSpan, toolSpan } from './spans.ts';
import { type Handlers, makeToolbox } from './tool-results.ts';

/** One member is named at a time by some: Gemini misses a name first, then a signature. */
const MOST_MENDS = 2;

type Asked = {
  readonly answer: ClientAnswer;
  readonly startedAt: string;
  readonly startMs: number;
  readonly refusal: string | null;
};

export async function converse(input: {
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
  const { order, conversation, client, scope, gate, clock } = input;
  const { maxTurns } = conversation;
  const toolbox = makeToolbox({
    tools: order.request.tools,
    conversation,
    check: makeArgumentCheck(),
    handlers: input.handlers,
  });
  const turns: Turn[] = [...conversation.done];
  // Whoever made the last turn got no further than its answer.
  const begun = turns.at(-1);
  if (begun !== undefined && begun.results.length === 0) {
    turns.pop();
    await answerCalls(
      { ...begun, calls: nameCalls({ toolCalls: begun.calls, messages: begun.messages }) },
      0,
    );
  }
  for (let isFirst = true; ; isFirst = false) {
    const since = turns.flatMap((turn) => turn.messages);
    const request = { ...order.request, since };
    // The tools of own code are known only here.
    if (!isFirst || order.work !== undefined) {
      if (!isFirst && input.signal?.aborted) return { answer: { kind: 'cancelled' }, turns };
      const verdict = await gate.admit(sizeOfRequest(request));
      if (verdict === 'closed') return { answer: { kind: 'cancelled' }, turns };
    }
    const { answer, startedAt, startMs, refusal } = await ask(request);
    if (answer.kind !== 'completion') return { answer, turns };
    const { requestId, limits, repaired } = answer;
    const completion = { ...answer.completion, toolCalls: nameCalls(answer.completion) };
    const n = turns.length + 1;
    const goesOn = completion.toolCalls.length > 0 && n < maxTurns;
    const turn: Turn = {
      startedAt,
      durationMs: clock.monotonicMs() - startMs,
      requestId,
      finishReason: completion.finishReason,
      usage: completion.usage,
      messages: completion.messages,
      calls: completion.toolCalls,
      results: [],
      ...(goesOn && completion.raw ? { raw: completion.raw } : {}),
      ...(repaired === undefined ? {} : { repaired }),
      servedModel: completion.servedModel,
    };
    // The last answer is the order's own: it comes with its outcome.
    const told = goesOn ? { turn: { n, turn } } : {};
    const repair = answer.isNews && refusal !== null ? { repair: { changes: repaired ?? [], refusal } } : {};
    gate.ended({ failure: null, usage: completion.usage, limits, ...told, ...repair });
    if (goesOn) {
      await answerCalls(turn, startMs);
      continue;
    }
    turns.push(turn);
    return { answer: { kind: 'completion', completion: whole(completion), requestId, limits }, turns };
  }

  /**
   * A refusal that says which member it misses, or does not want, is answered with a request that is changed so: a call of its
   * own, which asks its lane, and no new attempt. `refusal`: what the server said before it took it.
   */
  async function ask(request: ModelRequest): Promise<Asked> {
    let refusal: string | null = null;
    let mend: readonly string[] = [];
    for (let mends = 0; ; mends += 1) {
      const startedAt = clock.now().toISOString();
      const startMs = clock.monotonicMs();
      const answer = await askOnce(request, mend);
      const asked = { answer, startedAt, startMs, refusal };
      if (answer.kind !== 'failure' || answer.mend === undefined || mends === MOST_MENDS) return asked;
      const { failure, limits } = answer;
      refusal = failure.message;
      mend = answer.mend;
      gate.ended({ failure, usage: null, limits });
      const cancelled: Asked = { ...asked, answer: { kind: 'cancelled' } };
      if (input.signal?.aborted) return cancelled;
      if ((await gate.admit(sizeOfRequest(request))) === 'closed') return cancelled;
    }
  }

  async function askOnce(request: ModelRequest, mend: readonly string[]): Promise<ClientAnswer> {
    using deadline = startDeadline({ timeoutMs: order.timeoutMs, cancel: input.signal, clock });
    const options = { signal: deadline.signal, run: order.cell.run, mend };
    return await scope.span(modelSpan({ ...order, request }, () => client.complete(request, options)));
  }

  /** Ids of calls are given before anything is told of them: the server's own may be empty, or twice the same. */
  function nameCalls(context: Pick<Completion, 'toolCalls' | 'messages'>): readonly ToolCall[] {
    const earlier = turns.flatMap(({ calls }) => calls);
    return client.nameCalls(context, earlier);
  }

  /** @param startMs when the model was asked; 0 where somebody else asked it */
  async function answerCalls(turn: Turn, startMs: number): Promise<void> {
    const wanted: readonly ToolCall[] = turn.calls;
    const results: ToolResult[] = [];
    const earlier = turns.flatMap(({ calls }) => calls);
    for (const [n, call] of wanted.entries()) {
      const before = [...earlier, ...wanted.slice(0, n)].filter(({ name }) => name === call.name).length;
      const cutBy = n === wanted.length - 1 ? cutOf(turn) : null;
      results.push(await scope.span(toolSpan(call, () => toolbox.answer({ call, before, cutBy }))));
    }
    const messages = results.map((result) => client.toolMessage(result));
    const n = turns.push({
      ...turn,
      durationMs: startMs === 0 ? turn.durationMs : clock.monotonicMs() - startMs,
      messages: [...turn.messages, ...messages],
      results,
    });
    gate.told({ n, messages, results });
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

/**
 * Why an answer was cut; null = it was not. Its last call may look whole and be none: servers that give arguments as an object close
 * what the limit left open, or leave `{}` of it (Anthropic, Bedrock, layers over both).
 */
function cutOf({ finishReason }: Turn): string | null {
  return finishReason !== null && endingOf(finishReason).kind === 'cut' ? finishReason.slice(0, 60) : null;
}
