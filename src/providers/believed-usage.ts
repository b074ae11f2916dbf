// Counts that cannot be. Servers that count nothing say 0, and so do some for what came from a cache: a price that is made of it
// would look like one. Pure.
import type { Completion, Usage } from '../core/outcome.ts';

/** No question is of no token, and no word is: such a count was not told. */
export function believedUsage(
  usage: Usage | null,
  { text, toolCalls }: Pick<Completion, 'text' | 'toolCalls'>,
): Usage | null {
  if (usage === null || usage.inputTokens === 0) return null;
  return usage.outputTokens === 0 && (text !== '' || toolCalls.length > 0) ? null : usage;
}
