// The answer asks back and calls nothing.
import type { Check } from '../core/scoring.ts';
import { type Answer, type Holding, holding } from './holding.ts';
import { quote, showCall } from './words.ts';

/** A question mark where a sentence ends, in several scripts; the one in an address is none. */
const QUESTION = /[?？؟⁇⁈](?=$|[\s"'”’»」)\]*_!?.…])/u;

export function holdClarify(check: Extract<Check, { kind: 'clarify' }>, { output }: Answer): Holding {
  const called = output.tool_calls[0];
  const asks = called === undefined && QUESTION.test(output.text);
  const found = called
    ? `called ${showCall(called)}`
    : `${asks ? 'asked' : 'asked nothing'}: ${quote(output.text)}`;
  if (asks === check.clarify) return holding(true, found);
  return holding(
    false,
    `${check.clarify ? 'expected a question and no tool call' : 'expected no question'}; ${found}`,
  );
}
