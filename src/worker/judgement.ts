// What an order that judges comes to: whatever was answered is read as a verdict, or the attempt has failed.

import { EMPTY_COMPLETION } from '../core/completion.ts';
import { sumUsage } from '../core/conversation.ts';
import { endingOf } from '../core/ending.ts';
import type { Order } from '../core/order.ts';
import type { Completion, Turn } from '../core/outcome.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { ScoreOrder } from '../core/score-order.ts';
import type { ClientAnswer } from '../providers/provider.ts';
import { readJudgement, readVerdict } from '../scoring/judges/verdict.ts';
import type { Attempted } from './attempt.ts';

/** A judge's answer. One that cannot be read was paid for all the same: it goes along as a turn, and counts. */
export function judged(
  answer: ClientAnswer,
  input: {
    readonly order: Order & { readonly score: ScoreOrder };
    readonly startedAt: string;
    readonly durationMs: number;
  },
): Attempted {
  const { score } = input.order;
  const done = score.done ?? [];
  if (answer.kind !== 'completion') return { answer, turns: done.length === 0 ? null : done };
  const { completion, requestId } = answer;
  const turns = [...done, turnOf(completion, { ...input, requestId })];
  const { passAt, choices = null, own } = score;
  const read = readJudgement(completion.text, { passAt, choices, ...(own ? { own } : {}) });
  if (read.kind === 'err') {
    const failure = {
      kind: 'invalid-response' as const,
      status: null,
      retryAfterMs: null,
      // Its server did its work: what cannot be read fails this judgement, and says nothing of the provider.
      isOfPrompt: true as const,
      // At temperature 0 a server may still differ from call to call, and hardly does a second time.
      isUnread: input.order.request.temperature === 0 ? ('once' as const) : ('any' as const),
      message: whyUnread(completion, read.error).replace(/\s+/g, ' ').toWellFormed(),
    };
    return { answer: { kind: 'failure', failure, requestId, limits: answer.limits }, turns };
  }
  const usage = sumUsage(turns.map((turn) => turn.usage));
  return {
    answer: { ...answer, completion: { ...completion, usage, verdict: read.value } },
    turns: done.length === 0 ? null : turns,
  };
}

/** Cut, filtered or refused answers are told as such: what they lack follows from it. */
function whyUnread({ text, finishReason, refusal }: Completion, error: string): string {
  if (refusal !== null) return `the judge refused: ${refusal.slice(0, 200)}`;
  const ending = finishReason === null ? 'whole' : endingOf(finishReason).kind;
  if (ending === 'cut') return `the judge was cut off: raise its max_output_tokens (${error})`;
  if (ending === 'filtered') return `a content filter ended the judge's answer (${error})`;
  return text.trim() === '' ? 'the judge answered nothing' : error;
}

function turnOf(
  completion: Completion,
  input: { readonly startedAt: string; readonly durationMs: number; readonly requestId: string | null },
): Turn {
  return {
    startedAt: input.startedAt,
    durationMs: input.durationMs,
    requestId: input.requestId,
    finishReason: completion.finishReason,
    usage: completion.usage,
    messages: completion.messages,
    calls: [],
    results: [],
  };
}

/** What own code returned or a program printed, as an answer that holds nothing but a verdict. */
export function toldVerdict(value: unknown, { passAt }: ScoreOrder): Result<Completion, string> {
  const read = readVerdict(value, { passAt });
  if (read.kind === 'err') return err(read.error);
  return ok({ ...EMPTY_COMPLETION, verdict: read.value });
}
