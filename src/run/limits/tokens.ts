// How many tokens a call will take, guessed before it and learned from the usage that comes back. For lanes that count
// tokens: what is reserved too much stands idle, what is reserved too little is refused. Pure.
import { longestAnswer } from '../../core/call-size.ts';
import type { Order } from '../../core/order.ts';
import type { Usage } from '../../core/outcome.ts';

export type TokenGuess = {
  of(order: Order): number;
  learn(order: Order, usage: Usage): void;
};

/** Until the first answer of a variant: four characters a token, and the answer as long as it may get. */
export function roughTokens(order: Order): { readonly input: number; readonly output: number } {
  return {
    input: Math.ceil(charactersOf(order) / CHARACTERS_PER_TOKEN),
    output: longestAnswer(order.request.params, order.request.maxOutputTokens) ?? DEFAULT_ANSWER_TOKENS,
  };
}

const CHARACTERS_PER_TOKEN = 4;
const DEFAULT_ANSWER_TOKENS = 512;
/** Above the mean answer, so that most calls stay within what was reserved. */
const ANSWER_ROOM = 1.25;

type Sums = { calls: number; characters: number; input: number; output: number };

/** One guess for each variant: its prompt, its tools and the length of its answers are its own. */
export function makeTokenGuess(): TokenGuess {
  const variants = new Map<string, Sums>();
  return {
    of(order) {
      const rough = roughTokens(order);
      const sums = variants.get(order.cell.variant);
      if (!sums) return rough.input + rough.output;
      const input = (charactersOf(order) * sums.input) / Math.max(1, sums.characters);
      const output = (sums.output / sums.calls) * ANSWER_ROOM;
      return Math.ceil(input + Math.min(rough.output, output));
    },
    learn(order, usage) {
      const { variant } = order.cell;
      const sums = variants.get(variant) ?? { calls: 0, characters: 0, input: 0, output: 0 };
      variants.set(variant, sums);
      sums.calls++;
      sums.characters += charactersOf(order);
      sums.input += usage.inputTokens;
      sums.output += usage.outputTokens;
    },
  };
}

function charactersOf({ request }: Order): number {
  return JSON.stringify(request.messages).length + JSON.stringify(request.tools).length;
}
