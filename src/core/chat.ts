// What a model is told and offered, in the form that every provider's adapter starts from.
import type { Json, JsonObject } from './json.ts';

/** A function that the model is offered, in the form that every provider adapter starts from. */
export type Tool = {
  readonly name: string;
  readonly description: string | null;
  /** JSON Schema of the arguments; null = the tool takes none. */
  readonly parameters: JsonObject | null;
  readonly strict: boolean | null;
  /** What it gives back in a tool loop; undefined = it does not say. Never sent. */
  readonly result?: Json;
};

/** One chat message; members beside role and content are passed on as they are. */
export type ChatMessage = {
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool';
  readonly content: string | readonly JsonObject[] | null;
  readonly [member: string]: Json | undefined;
};
