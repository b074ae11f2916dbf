// Counts that cannot be. Servers that count nothing say 0, and so do some for what came from a cache (Ollama): a price that is made of
// it would look like one. Pure.
import type { Completion, Usage } from '../core/outcome.ts';

export type Spoken = Pick<Completion, 'text' | 'toolCalls'>;

export const NO_WORDS: Spoken = { text: '', toolCalls: [] };

/** No question is of no token, and no word is: such a count was not told. */
export function canBe(
  { inputTokens, outputTokens }: Pick<Usage, 'inputTokens' | 'outputTokens'>,
  { text, toolCalls }: Spoken,
): boolean {
  return inputTokens !== 0 && (outputTokens !== 0 || (text === '' && toolCalls.length === 0));
}

export function believedUsage(usage: Usage | null, spoken: Spoken): Usage | null {
  return usage !== null && canBe(usage, spoken) ? usage : null;
}
