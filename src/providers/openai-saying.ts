// From a message to what the model said: a text, a refusal, calls, or nothing, which is no answer unless a limit or a filter
// explains it. Pure.
import { endingOf, saysItCalled } from '../core/ending.ts';
import type { JsonObject } from '../core/json.ts';
import { parseJson } from '../core/json-text.ts';
import type { Completion, ToolCall } from '../core/outcome.ts';
import { err, ok, type Result } from '../core/result.ts';
import { type Content, readThought } from './openai-content.ts';

import { type BodyProblem, readText } from './openai-read.ts';

type Said = Pick<Completion, 'text' | 'textFrom' | 'refusal'>;
type NoAnswer = Omit<Extract<BodyProblem, { kind: 'no-answer' }>, 'usage'>;

export function sayingOf(input: {
  readonly message: JsonObject;
  readonly content: Content;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: string | null;
}): Result<Said, NoAnswer> {
  const { message, content, toolCalls, finishReason } = input;
  const ending = finishReason === null ? null : endingOf(finishReason);
  if (ending?.kind === 'no-answer') {
    return no(`the model did not end its answer: finish_reason ${finishReason}`, ending.failure);
  }
  // One of no words is the place of a refusal.
  const refusal = readText(message.refusal) || content.refusal || null;
  const isDone = toolCalls.length > 0 || refusal !== null;
  if (ending === null && !(isDone && areWhole(toolCalls)))
    return no('the answer has no finish_reason: it was cut off on its way');
  if (content.odd !== null && !isDone) return no(`the content ${content.odd}`);
  // OpenAI: the words of a spoken answer stand beside its sound.
  const text = content.text || spokenIn(message) || content.text;
  if (text || isDone) return ok({ text: text ?? '', refusal });
  // Cut or filtered before it said a word.
  if (ending !== null && ending.kind !== 'whole') return ok({ text: '', refusal });
  if (saysItCalled(finishReason))
    return no(
      `finish_reason is ${finishReason}, and no call is there: the server could not read what the model wrote`,
    );
  const thought = readThought(message, content);
  // vLLM and SGLang: a parser of reasoning that finds no end takes the whole answer for reasoning.
  if (thought !== null) return ok({ text: thought.text, textFrom: thought.from, refusal });
  if (text === '' || hasPicture(message)) return ok({ text: '', refusal });
  return no('the answer has neither text nor a tool call nor a refusal');
}

/** Where nobody says that it ended, its JSON does. */
export function areWhole(toolCalls: readonly ToolCall[]): boolean {
  return toolCalls.every(({ argumentsText: text }) => text === null || parseJson(text) !== undefined);
}

function spokenIn({ audio }: JsonObject): string | null {
  return typeof audio === 'object' && audio !== null ? readText((audio as JsonObject).transcript) : null;
}

/** OpenRouter: pictures stand beside the content. */
function hasPicture({ images }: JsonObject): boolean {
  return Array.isArray(images) && images.length > 0;
}

function no(message: string, failure: NoAnswer['failure'] = 'invalid-response'): Result<never, NoAnswer> {
  return err({ kind: 'no-answer', message, failure });
}
