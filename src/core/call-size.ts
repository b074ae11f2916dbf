// How many tokens a call of a model takes at most, from its request alone: for budgets, which have to know before. Pure.
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { isMediaPart, type MediaPart } from './media.ts';
import { mediaTokensAtMost } from './media-tokens.ts';
import type { ModelRequest, Order } from './order.ts';

/** Tokens of one call. */
export type CallSize = {
  /** On the high side. */
  readonly inputTokens: number;
  /** null = nobody bounds the answer. */
  readonly outputTokens: number | null;
  /** Something of it is to be kept in the vendor's cache for an hour, which costs more than anything else. */
  readonly isForHour?: true;
};

/** Of an order's first call. What programs and tests ask, and how often, nobody knows. */
export function sizeOfOrder({ request, conversation, work }: Order): CallSize {
  if (work !== undefined && work.harness.kind !== 'module') return { inputTokens: 0, outputTokens: null };
  const since = conversation?.done.flatMap(({ messages }) => messages) ?? [];
  return sizeOfRequest(since.length === 0 ? request : { ...request, since });
}

export function sizeOfRequest(request: ModelRequest): CallSize {
  const { messages, tools, since = [], params, maxOutputTokens } = request;
  return sizeOf({ asked: { messages, since, tools, params }, tools, params, declared: maxOutputTokens });
}

/** Of a request as own code sends it. */
export function sizeOfBody(body: JsonObject): CallSize {
  return sizeOf({ asked: body, tools: body.tools, params: body, declared: null });
}

/**
 * The longest answer that a request allows, by whatever name it says so; null = it does not. Of several names the largest:
 * which of them an endpoint obeys is its own affair. Reasoning is within these limits, but for Qwen's `thinking_budget` and for
 * `thinking: { budgetTokens }` of a package, which come on top. `n` answers are as many times as long.
 */
export function longestAnswer(params: JsonObject, declared: number | null): number | null {
  const limits = [declared, ...LIMITS.map((name) => params[name])].filter(isCount);
  if (limits.length === 0) return null;
  const { thinking_budget: qwens, thinking: packages, n, best_of } = params;
  const thinking = isJsonObject(packages) ? (packages.budgetTokens ?? qwens) : qwens;
  const answers = Math.max(1, ...[n, best_of].filter(isCount));
  return answers * (Math.max(...limits) + (isCount(thinking) ? thinking : 0));
}

const LIMITS = ['max_completion_tokens', 'max_output_tokens', 'max_tokens'];

/** What providers add by themselves: frames of messages are within the bytes of their JSON, this is not. */
const FRAME_TOKENS = 16;
/** Anthropic's own prompt for tools is the longest that is documented: 346 to 530 tokens. */
const TOOLS_TOKENS = 600;
/** A picture, a file, a sound, whatever its bytes: what it takes is seen with the first answer. */
const PART_TOKENS = 2_000;

function sizeOf(input: {
  readonly asked: unknown;
  readonly tools: unknown;
  readonly params: JsonObject;
  readonly declared: number | null;
}): CallSize {
  const { text, parts, files, isForHour } = textOf(input.asked);
  const offered = Array.isArray(input.tools) && input.tools.length > 0 ? TOOLS_TOKENS : 0;
  return {
    inputTokens: utf8Bytes(text) + parts * PART_TOKENS + files + offered + FRAME_TOKENS,
    outputTokens: longestAnswer(input.params, input.declared),
    ...(isForHour ? { isForHour: true } : {}),
  };
}

/** Whether a mark of caching asks for an hour: `cache_control: {type: ephemeral, ttl: 1h}`, or Bedrock's `cachePoint`. */
export function asksForHour(asked: unknown): boolean {
  return /"ttl":"1h"/.test(JSON.stringify(asked) ?? '');
}

/** As JSON; a part that is no text is counted and left out: a picture in base64 has a thousand times the bytes of its tokens. */
function textOf(asked: unknown): {
  readonly text: string;
  readonly parts: number;
  readonly files: number;
  readonly isForHour: boolean;
} {
  let parts = 0;
  let files = 0;
  let isForHour = false;
  const text = JSON.stringify(asked, (name, value: unknown) => {
    if (name === 'ttl') isForHour ||= value === '1h';
    if (isMediaPart(value as Json)) {
      files += mediaTokensAtMost(value as MediaPart);
      return null;
    }
    const type = (value as { readonly type?: unknown } | null | undefined)?.type;
    if (typeof type !== 'string' || !PARTS.has(type)) return value;
    parts++;
    isForHour ||= asksForHour((value as JsonObject).cache_control);
    return null;
  });
  return { text, parts, files, isForHour };
}

/** Of the chat and of the responses API. */
const PARTS: ReadonlySet<string> = new Set([
  'image_url',
  'input_image',
  'input_audio',
  'file',
  'input_file',
  'video_url',
]);

/** A token is a byte at least: tokenizers of today are made of bytes, or fall back to them. */
function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // Two halves of a pair make four bytes, three for the one and one for the other.
    if (unit >= 0x800) bytes += unit >= 0xdc00 && unit <= 0xdfff ? 0 : 2;
    else if (unit >= 0x80) bytes += 1;
  }
  return bytes;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && Number.isFinite(value);
}
