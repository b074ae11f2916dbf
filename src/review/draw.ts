// What a deck is made of: the answers that are judged, the scenarios that were asked, and what may give an arm away.
import type { ChatMessage } from '../core/chat.ts';
import type { Json } from '../core/json.ts';
import type { CardTool } from '../core/review.ts';
import type { IntentTool } from '../core/scoring.ts';

/** A completed draw that counts. */
export type Draw = {
  readonly variant: string;
  readonly scenario: string;
  readonly run: number;
  readonly key: string;
  readonly generation: number;
  /** Digest of its output. */
  readonly answer: string;
  readonly text: string | null;
  readonly toolCalls: readonly { readonly name: string; readonly arguments: Json }[];
  /** What was said within the answer where it was more than one message: calls, results, further answers. */
  readonly turns: readonly ChatMessage[];
  /** Who answered, as the provider said it: a tell. */
  readonly servedModel: string | null;
};

export type ReviewScenario = {
  readonly id: string;
  readonly category: string | null;
  readonly description: string | null;
  readonly input: readonly ChatMessage[];
  /** Variant -> tools that it is offered here. */
  readonly tools: ReadonlyMap<string, readonly CardTool[]>;
  /** Variant -> intents and what each is in its tools. */
  readonly intents: ReadonlyMap<string, readonly { readonly intent: string; readonly tool: IntentTool }[]>;
};

/** An arm: its name, the names before a matrix's brackets, and models that it asks. In the order of the manifest. */
export type ReviewArm = { readonly variant: string; readonly words: readonly string[] };
