// What a package says that a model answered, in our words: text, calls, and the message as the next turn says it back. Pure.
import { endWordIn } from '../core/ending.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { parseJson } from '../core/json-text.ts';
import type {
  AnswerContent,
  FileData,
  GenerateResult,
  ModelUsage,
  ProviderOptions,
  ToolCallContent,
} from '../core/language-model.ts';
import type { Completion, ToolCall, Usage } from '../core/outcome.ts';
import { escapeHalves, mend, takeArguments } from '../core/untrusted-json.ts';
import { inputOf } from './ai-sdk-prompt.ts';
import { believedUsage } from './believed-usage.ts';
import { cachedIn, hourIn } from './openai-usage.ts';
import { spokenApart } from './thought-in-text.ts';

/** What the package tells of an answer beside the rest: facts of the vendor's own. */
export function besideBy({ providerMetadata }: GenerateResult): Pick<Completion, 'raw'> {
  const raw = plain(providerMetadata ?? {});
  return isJsonObject(raw) && Object.keys(raw).length > 0 ? { raw } : {};
}

/** Everything else that it tells. */
export function saidBy(result: GenerateResult): Completion {
  const content = Array.isArray(result.content) ? result.content : [];
  const finishReason = reasonOf(result);
  const toolCalls = callsIn(content);
  const { text, textFrom } = spokenApart(spokenIn(content), { finishReason, toolCalls });
  const isFiltered = result.finishReason?.unified === 'content-filter';
  return {
    text: text.toWellFormed(),
    ...(text.isWellFormed() ? {} : { textEscaped: escapeHalves(text) }),
    ...(textFrom === undefined ? {} : { textFrom }),
    toolCalls,
    messages: [messageOf(content)],
    finishReason,
    refusal: isFiltered && text === '' ? (finishReason ?? 'refused') : null,
    usage: believedUsage(usageOf(result.usage), { text, toolCalls }),
    servedModel: textOr(result.response?.modelId),
    systemFingerprint: null,
  };
}

/** What is told on the way to an answer (`commentary`) is none of it. Where nothing else is said, beside calls, it is the text. */
function spokenIn(content: readonly AnswerContent[]): string {
  const texts = content.filter((part) => part.type === 'text');
  const said = texts.filter(({ providerMetadata }) => !isCommentary(providerMetadata));
  return (said.length > 0 ? said : texts).map(({ text }) => String(text ?? '')).join('');
}

function isCommentary(metadata: ProviderOptions | undefined): boolean {
  return Object.values(metadata ?? {}).some((facts) => isJsonObject(facts) && facts.phase === 'commentary');
}

/** The vendor's own word, or the specification's where a package keeps that to itself. */
export function reasonOf({ finishReason }: GenerateResult): string | null {
  const { unified, raw } = finishReason ?? {};
  if (typeof raw === 'string') return endWordIn(raw);
  return unified === undefined || unified === 'other' || unified === 'interrupted' ? null : unified;
}

/** What the vendor's own tools did is none of ours to answer: it stands in the message. */
export function callsIn(content: readonly AnswerContent[]): readonly ToolCall[] {
  return content
    .filter((part): part is ToolCallContent => part.type === 'tool-call' && part.providerExecuted !== true)
    .map(({ toolCallId, toolName, input }) => ({
      id: textOr(toolCallId),
      name: textOr(toolName) ?? '',
      ...takeArguments(input),
    }));
}

/** @returns as a prompt takes it: facts of the vendor's go back as its options, signatures of thoughts among them */
function messageOf(content: readonly AnswerContent[]): JsonObject {
  const [only] = content;
  // What nearly every answer is.
  if (content.length === 1 && only?.type === 'text' && only.providerMetadata === undefined)
    return { role: 'assistant', content: [{ type: 'text', text: String(only.text ?? '').toWellFormed() }] };
  const parts = content.map(partOf).filter((part) => part !== null);
  const message = plain({ role: 'assistant', content: parts });
  // Nested beyond what a record holds: nobody could say it back.
  return isJsonObject(message) ? message : { role: 'assistant', content: [] };
}

function partOf(part: AnswerContent): { readonly [name: string]: unknown } | null {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return { type: part.type, text: part.text, ...facts(part) };
    case 'tool-call': {
      const { toolCallId, toolName, providerExecuted } = part;
      const own = providerExecuted === true ? { providerExecuted } : {};
      const input = inputOf(typeof part.input === 'string' ? part.input : (part.input as Json));
      return { type: 'tool-call', toolCallId, toolName, input, ...own, ...facts(part) };
    }
    case 'tool-result': {
      const { toolCallId, toolName, result, isError } = part;
      const output = { type: isError === true ? 'error-json' : 'json', value: result };
      return { type: 'tool-result', toolCallId, toolName, output, ...facts(part) };
    }
    case 'file':
    case 'reasoning-file':
      return { type: part.type, mediaType: part.mediaType, data: bytesAsText(part.data), ...facts(part) };
    case 'custom':
      return { type: 'custom', kind: part.kind, ...facts(part) };
    // Sources say where a text is from, and approvals are asked of people.
    default:
      return null;
  }
}

function bytesAsText(data: FileData): object {
  if (data.type !== 'data' || typeof data.data === 'string') return data;
  return { ...data, data: Buffer.from(data.data).toString('base64') };
}

function facts({ providerMetadata }: { readonly providerMetadata?: unknown }): object {
  return providerMetadata === undefined ? {} : { providerOptions: providerMetadata };
}

/** As JSON carries it, without half characters and without what is nested too deep: null. */
function plain(value: object): Json {
  const mended = mend(parseJson(JSON.stringify(value)) ?? null);
  return mended.kind === 'ok' ? mended.value : null;
}

/** Input counts everything that was read, whether it came from a cache or went into one. null = a count is missing. */
export function usageOf(usage: ModelUsage | undefined): Usage | null {
  const { inputTokens: input, outputTokens: output, raw } = usage ?? {};
  // What a package leaves in the vendor's own words: Cohere's cache, and for how long something is kept.
  const told = isJsonObject(raw) ? raw : {};
  const inputTokens = count(input?.total);
  const outputTokens = count(output?.total);
  if (inputTokens === null || outputTokens === null) return null;
  const written = count(input?.cacheWrite);
  const hour = hourIn(told);
  return {
    inputTokens,
    outputTokens,
    totalTokens: inputTokens + outputTokens,
    cachedInputTokens: count(input?.cacheRead) ?? cachedIn(told),
    reasoningTokens: count(output?.reasoning),
    ...(written === null ? {} : { cacheWriteInputTokens: written }),
    ...(written === null || hour === null ? {} : { cacheWrite1hInputTokens: hour }),
  };
}

function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function textOr(value: unknown): string | null {
  return typeof value === 'string' ? value.toWellFormed() : null;
}
