// Tokens as different programs count them -> as they are kept. Both counts, or none: half of one would be a wrong sum.
import type { JsonObject } from '../core/json.ts';
import type { Usage } from '../core/outcome.ts';
import { COUNTS } from './names.ts';
import { countOf, valueAt } from './values.ts';

type Count = keyof typeof COUNTS;

/** @param where flat: beside the answer, where `input` is what was asked; inside: in an object that counts only */
export function usageIn(object: JsonObject, where: 'flat' | 'inside'): Usage | null {
  const found = (count: Count): { readonly name: string; readonly value: number } | null => {
    const { flat, inside } = COUNTS[count];
    for (const name of where === 'flat' ? flat : [...flat, ...inside]) {
      const value = countOf(valueAt(object, name));
      if (value !== null) return { name, value };
    }
    return null;
  };
  const input = found('input_tokens');
  const output = found('output_tokens');
  if (input === null || output === null) return null;
  const total = found('total_tokens')?.value ?? null;
  const cached = found('cached_input_tokens')?.value ?? null;
  const written = found('cache_write_input_tokens')?.value;
  const hour = found('cache_write_1h_input_tokens')?.value ?? 0;
  const inputTokens =
    input.value +
    (isApart(input.name, { total, output: output.value, input: input.value }) ? apart(object) : 0);
  return {
    inputTokens,
    outputTokens: output.value,
    totalTokens: Math.max(total ?? 0, inputTokens + output.value),
    cachedInputTokens: cached,
    reasoningTokens: found('reasoning_tokens')?.value ?? null,
    ...(written === undefined ? {} : { cacheWriteInputTokens: written }),
    ...(written === undefined || hour === 0 ? {} : { cacheWrite1hInputTokens: hour }),
  };
}

/** Anthropic's input_tokens are those that no cache served or took; a sum of all three tells that they are in it. */
function isApart(
  name: string,
  context: { readonly input: number; readonly output: number; readonly total: number | null },
): boolean {
  return name === 'input_tokens' && context.total !== context.input + context.output;
}

function apart(object: JsonObject): number {
  return (countOf(object.cache_read_input_tokens) ?? 0) + (countOf(object.cache_creation_input_tokens) ?? 0);
}
