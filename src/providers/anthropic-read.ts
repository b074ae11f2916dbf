// Anthropic's messages as they come back, whole or as a stream -> a completion. Pure.
// https://platform.claude.com/docs/en/api/messages and /en/build-with-claude/streaming
import { endingOf, endWordIn } from '../core/ending.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { Completion, ToolCall, Usage } from '../core/outcome.ts';
import { err, ok, type Result } from '../core/result.ts';
import { parseTold } from '../core/untrusted-json.ts';
import { believedUsage } from './believed-usage.ts';
import { readServerError } from './openai-error-body.ts';
import { type BodyProblem, notAnAnswer, readObjects, readText, readToolCall } from './openai-read.ts';
import { hourIn } from './openai-usage.ts';
import type { Joined } from './sse.ts';
import { spokenApart } from './thought-in-text.ts';

export function readAnthropic(body: JsonObject): Result<Completion, BodyProblem> {
  const usage = readAnthropicUsage(body.usage);
  if (body.type === 'error')
    return err({
      ...{ kind: 'error-inside', error: readServerError(body, null), usage: null },
      hasBegun: readObjects(body.content).length > 0,
    });
  if (!Array.isArray(body.content)) return notAnAnswer('the answer has no "content": not a message');
  const blocks = readObjects(body.content);
  const finishReason = endWordIn(body.stop_reason);
  const isWhole = finishReason !== null && endingOf(finishReason).kind === 'whole';
  if (isWhole && blocks.some(isThought) && blocks.every(saysNothing)) return err({ ...NO_WORDS_SAID, usage });
  const toolCalls = blocks.flatMap(callOf);
  const spoken = spokenApart(textOf(blocks), { finishReason, toolCalls });
  const { text } = spoken;
  return ok({
    ...spoken,
    toolCalls,
    messages: [{ role: 'assistant', content: blocks }],
    finishReason,
    refusal: finishReason === 'refusal' ? text || 'refused' : null,
    usage: believedUsage(usage, { text, toolCalls }),
    servedModel: readText(body.model),
    systemFingerprint: null,
  });
}

/** A model may say nothing; one that thought and ended has lost its answer, and asked again it has not. */
function isThought({ type }: JsonObject): boolean {
  return type === 'thinking' || type === 'redacted_thinking';
}

function saysNothing(block: JsonObject): boolean {
  return isThought(block) || (block.type === 'text' && block.text === '');
}

const NO_WORDS_SAID = {
  kind: 'no-answer',
  failure: 'invalid-response',
  message: 'the answer has neither text nor a tool call, and thinking alone',
} as const;

/** Text blocks as one text, whoever said them. */
export function textOf(blocks: readonly JsonObject[]): string {
  return blocks.flatMap(({ type, text }) => (type === 'text' ? [readText(text) ?? ''] : [])).join('');
}

function callOf({ type, id, name, input }: JsonObject): readonly ToolCall[] {
  return type === 'tool_use' ? [readToolCall({ id, name, arguments: input })] : [];
}

/** What came from the cache and what went into it is counted beside the input. */
function readAnthropicUsage(told: Json | undefined): Usage | null {
  if (!isJsonObject(told)) return null;
  const count = (name: string): number | null => {
    const value = told[name];
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
  };
  const [input, output] = [count('input_tokens'), count('output_tokens')];
  if (input === null || output === null) return null;
  const cached = count('cache_read_input_tokens');
  const written = count('cache_creation_input_tokens');
  const hour = hourIn(told);
  const inputTokens = input + (cached ?? 0) + (written ?? 0);
  return {
    inputTokens,
    outputTokens: output,
    totalTokens: inputTokens + output,
    cachedInputTokens: cached,
    reasoningTokens: null,
    ...(written === null ? {} : { cacheWriteInputTokens: written }),
    ...(written === null || hour === null ? {} : { cacheWrite1hInputTokens: hour }),
  };
}

/** message_start, then blocks in pieces, then message_delta with the reason and the count, then message_stop. */
export function joinAnthropic(events: readonly JsonObject[]): Joined {
  let message: JsonObject = {};
  const blocks = new Map<number, Block>();
  let isFinished = false;
  for (const event of events) {
    switch (event.type) {
      case 'message_start':
        if (isJsonObject(event.message)) message = startOf(event.message);
        break;
      case 'content_block_start':
        if (isJsonObject(event.content_block))
          blocks.set(indexOf(event), { start: event.content_block, pieces: new Map(), citations: [] });
        break;
      case 'content_block_delta':
        addPiece(blocks.get(indexOf(event)), event.delta);
        break;
      case 'message_delta':
        message = {
          ...message,
          ...(isJsonObject(event.delta) ? event.delta : {}),
          usage: { ...asObject(message.usage), ...counted(event.usage, asObject(message.usage)) },
        };
        isFinished = endWordIn(message.stop_reason) !== null;
        break;
      case 'error':
        return { body: { ...event, content: [...blocks.values()].map(whole) }, isFinished: true };
    }
  }
  const content = [...blocks].sort(([a], [b]) => a - b).map(([, block]) => whole(block));
  return { body: { ...message, content }, isFinished };
}

/** Its count of the output is of what was there before the first word. */
function startOf(message: JsonObject): JsonObject {
  const { output_tokens: _, ...usage } = asObject(message.usage);
  return { ...message, usage };
}

type Block = {
  readonly start: JsonObject;
  readonly pieces: Map<string, string[]>;
  readonly citations: Json[];
};

function indexOf({ index }: JsonObject): number {
  return typeof index === 'number' ? index : 0;
}

/** By the member that they belong to: text, partial_json, thinking, signature. */
function addPiece(block: Block | undefined, delta: Json | undefined): void {
  if (block === undefined || !isJsonObject(delta)) return;
  if (delta.type === 'citations_delta' && delta.citation !== undefined) block.citations.push(delta.citation);
  for (const name of ['text', 'partial_json', 'thinking', 'signature']) {
    const piece = readText(delta[name]);
    if (piece === null) continue;
    const known = block.pieces.get(name) ?? [];
    known.push(piece);
    block.pieces.set(name, known);
  }
}

function whole({ start, pieces, citations }: Block): JsonObject {
  const said = (name: string): string => (pieces.get(name) ?? []).join('');
  const joined = (name: string): JsonObject =>
    pieces.has(name) ? { [name]: `${readText(start[name]) ?? ''}${said(name)}` } : {};
  return {
    ...start,
    ...joined('text'),
    ...joined('thinking'),
    ...joined('signature'),
    ...(pieces.has('partial_json') && said('partial_json') !== ''
      ? { input: inputOf(said('partial_json')) }
      : {}),
    ...(citations.length === 0 ? {} : { citations }),
  };
}

/** What cannot be held exactly stays its text: whoever reads calls knows both. */
function inputOf(text: string): Json {
  const value = parseTold(text) as Json | undefined;
  return isJsonObject(value) ? value : text;
}

/** Counts that say nothing (null, and 0 behind more) do not replace those of the start. */
function counted(usage: Json | undefined, before: JsonObject): JsonObject {
  const says = ([name, value]: [string, Json | undefined]): boolean =>
    value !== null && value !== undefined && !(value === 0 && typeof before[name] === 'number');
  return Object.fromEntries(Object.entries(asObject(usage)).filter(says));
}

function asObject(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
