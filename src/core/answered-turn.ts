// One call that was answered, as the turn of a conversation.
import type { Completion, Turn } from './outcome.ts';

export function answeredTurn(
  { finishReason, usage, messages, toolCalls, text, servedModel }: Completion,
  when: Pick<Turn, 'startedAt' | 'durationMs' | 'requestId'>,
): Turn {
  const { startedAt, durationMs, requestId } = when;
  return {
    ...{ startedAt, durationMs, requestId },
    finishReason,
    usage,
    messages,
    calls: toolCalls,
    results: [],
    text,
    servedModel,
  };
}
