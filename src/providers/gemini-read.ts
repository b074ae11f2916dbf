// Gemini's generateContent as it comes back, whole or as a stream -> a completion. Pure.
// https://ai.google.dev/api/generate-content
import { endingOf, endWordIn } from '../core/ending.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { Completion, ToolCall, Usage } from '../core/outcome.ts';
import { err, ok, type Result } from '../core/result.ts';
import { believedUsage } from './believed-usage.ts';
import { readServerError } from './openai-error-body.ts';
import { type BodyProblem, notAnAnswer, readObjects, readText, readToolCall } from './openai-read.ts';
import { isError } from './server-error.ts';
import type { Joined } from './sse.ts';
import { spokenApart } from './thought-in-text.ts';

export function readGemini(body: JsonObject): Result<Completion, BodyProblem> {
  const usage = usageOf(body.usageMetadata);
  const [candidate] = readObjects(body.candidates);
  const content = isJsonObject(candidate?.content) ? candidate.content : null;
  const parts = readObjects(content?.parts);
  if (isError(body.error)) {
    const hasBegun = parts.length > 0;
    return err({ kind: 'error-inside', error: readServerError(body.error, null), usage, hasBegun });
  }
  const blocked = isJsonObject(body.promptFeedback) ? readText(body.promptFeedback.blockReason) : null;
  if (candidate === undefined && blocked === null)
    return notAnAnswer('the answer has no "candidates": not of generateContent');
  const finishReason = endWordIn(candidate?.finishReason) ?? blocked;
  // A summary of thoughts is no answer, and no parts are none: Gemini ends so now and then, and asked again it does not.
  if (
    blocked === null &&
    finishReason !== null &&
    endingOf(finishReason).kind === 'whole' &&
    !parts.some((part) => saysSomething(part, parts))
  )
    return err({ ...NOTHING, usage });
  const told = parts.flatMap((part) => (part.thought === true ? [] : [readText(part.text) ?? ''])).join('');
  const toolCalls = parts.flatMap(callOf);
  const spoken = spokenApart(told, { finishReason, toolCalls });
  const { text } = spoken;
  return ok({
    ...spoken,
    toolCalls,
    messages: content === null ? [] : [content],
    finishReason,
    refusal: blocked,
    usage: believedUsage(usage, { text, toolCalls }),
    servedModel: readText(body.modelVersion),
    systemFingerprint: null,
  });
}

/** A text of no characters may stand there for its signature alone, or for what was thought and not said. */
function saysSomething(
  { thought, text, thoughtSignature }: JsonObject,
  parts: readonly JsonObject[],
): boolean {
  if (thought === true) return false;
  return text !== '' || (thoughtSignature === undefined && !parts.some((part) => part.thought === true));
}

const NOTHING = {
  kind: 'no-answer',
  failure: 'invalid-response',
  message: 'the answer has neither text nor a tool call',
} as const;

function callOf({ functionCall: call }: JsonObject): readonly ToolCall[] {
  return isJsonObject(call)
    ? [readToolCall({ id: call.id, name: call.name, arguments: call.args ?? {} })]
    : [];
}

/** Thinking and what tools brought are counted beside the prompt and the candidates. */
function usageOf(told: Json | undefined): Usage | null {
  if (!isJsonObject(told)) return null;
  const count = (name: string): number | null => {
    const value = told[name];
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
  };
  const prompt = count('promptTokenCount');
  const total = count('totalTokenCount');
  if (prompt === null) return null;
  const thought = count('thoughtsTokenCount');
  const inputTokens = prompt + (count('toolUsePromptTokenCount') ?? 0);
  const said = count('candidatesTokenCount');
  const outputTokens = said === null && total !== null ? total - inputTokens : (said ?? 0) + (thought ?? 0);
  return {
    inputTokens,
    outputTokens,
    totalTokens: inputTokens + outputTokens,
    cachedInputTokens: count('cachedContentTokenCount'),
    reasoningTokens: thought,
  };
}

/** Each event is an answer with some more parts; counts and the reason are those of the last that has them. */
export function joinGemini(events: readonly JsonObject[]): Joined {
  let body: JsonObject = {};
  let first: JsonObject = {};
  let role: Json = 'model';
  const parts: JsonObject[] = [];
  for (const { candidates, ...beside } of events) {
    body = { ...body, ...beside };
    const [candidate] = readObjects(candidates);
    if (candidate === undefined) continue;
    const { content, ...about } = candidate;
    first = { ...first, ...about };
    if (!isJsonObject(content)) continue;
    role = content.role ?? role;
    for (const part of readObjects(content.parts)) addPart(parts, part);
  }
  const candidates =
    parts.length === 0 && Object.keys(first).length === 0 ? [] : [{ ...first, content: { role, parts } }];
  const isFinished =
    endWordIn(first.finishReason) !== null || body.promptFeedback !== undefined || isError(body.error);
  return { body: { ...body, candidates }, isFinished };
}

/** Pieces of one text are one part, as in a whole answer. One of no characters is the place of the reason that it ended for. */
function addPart(parts: JsonObject[], part: JsonObject): void {
  const last = parts.at(-1);
  const isPlain = (one: JsonObject): boolean =>
    typeof one.text === 'string' && Object.keys(one).every((name) => name === 'text' || name === 'thought');
  if (part.text === '' && isPlain(part)) return;
  if (last && isPlain(last) && isPlain(part) && last.thought === part.thought) {
    parts[parts.length - 1] = { ...last, text: `${last.text}${part.text}` };
  } else parts.push(part);
}
