// An answer's text stands in it twice: as text and in the message it came in. A thread's answer arrives as a copy in which
// these are two; a long one is made one again. Pure.
import type { Outcome } from '../core/outcome.ts';

/** Below it comparing costs more than it saves. */
const LONG_CHARACTERS = 65_536;

export function withOneText(outcome: Outcome): Outcome {
  if (outcome.kind !== 'success' || outcome.completion.text.length < LONG_CHARACTERS) return outcome;
  const { text, messages } = outcome.completion;
  const shared = messages.map((message) =>
    message.content === text ? { ...message, content: text } : message,
  );
  return { ...outcome, completion: { ...outcome.completion, messages: shared } };
}
