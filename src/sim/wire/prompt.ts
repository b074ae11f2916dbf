// What the simulation is asked and what it answers, whichever API the request came through.
import type { JsonObject } from '../../core/json.ts';
import type { ToolKit } from './tool-kit.ts';

export type Turn = { readonly role: 'system' | 'user' | 'assistant' | 'tool'; readonly text: string };

export type ToolChoice =
  | { readonly kind: 'auto' }
  | { readonly kind: 'none' }
  | { readonly kind: 'required' }
  | { readonly kind: 'named'; readonly name: string };

export type Prompt = {
  readonly model: string;
  readonly turns: readonly Turn[];
  readonly kit: ToolKit;
  readonly toolChoice: ToolChoice;
  /** null = not sent: counts as 1, like the real API's default. */
  readonly temperature: number | null;
  readonly seed: number | null;
  readonly maxOutputTokens: number | null;
  /** JSON Schema that the answer's text has to follow; null = plain text. */
  readonly answerSchema: JsonObject | null;
};

export type Reply =
  | { readonly kind: 'text'; readonly text: string }
  | ({ readonly kind: 'call' } & ReplyCall)
  /** Scripted: several at once, and with a text if there is one. */
  | { readonly kind: 'calls'; readonly text: string | null; readonly calls: readonly ReplyCall[] };

export type ReplyCall = { readonly id: string; readonly name: string; readonly arguments: JsonObject };
