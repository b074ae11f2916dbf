// What the simulation is asked and what it answers, whichever API the request came through.

import type { JsonObject } from '../../core/json.ts';
import type { PlayedCall } from '../../core/played.ts';

export type Turn = { readonly role: 'system' | 'user' | 'assistant' | 'tool'; readonly text: string };

export type OfferedTool = {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments as it came: anything. */
  readonly parameters: unknown;
};

export type ToolChoice =
  | { readonly kind: 'auto' | 'none' | 'required' }
  | { readonly kind: 'named'; readonly name: string };

export type Prompt = {
  readonly model: string;
  readonly turns: readonly Turn[];
  readonly tools: readonly OfferedTool[];
  /** The tools as JSON, which are part of the prompt; '' = there are none. */
  readonly toolsText: string;
  readonly toolChoice: ToolChoice;
  /** null = not sent: counts as 1, like the real API's default. */
  readonly temperature: number | null;
  readonly seed: number | null;
  readonly maxOutputTokens: number | null;
  /** JSON Schema that the answer's text has to follow; null = plain text. */
  readonly answerSchema: JsonObject | null;
  /** Only where it is asked to think before it answers. */
  readonly thinks?: true;
};

/** A text, or calls of tools and perhaps a text before them. */
export type Reply = {
  readonly text: string;
  readonly calls: readonly PlayedCall[];
  /** Only where it was asked to think. */
  readonly thought?: string;
};
