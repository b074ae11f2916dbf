// An answer's text stands in its completion twice, as text and as the message; crossing a thread makes two strings of
// it. One is enough: of thirty-two answers of 50 MB that is 1.6 GB.
import type { Outcome } from '../core/outcome.ts';

export function shareText(outcome: Outcome): Outcome {
  if (outcome.kind !== 'success') return outcome;
  const { text, messages } = outcome.completion;
  const shared = messages.map((message) =>
    message.content === text ? { ...message, content: text } : message,
  );
  return { ...outcome, completion: { ...outcome.completion, messages: shared } };
}
