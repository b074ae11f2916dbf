// The responses API: our request as its wire form, its answer as our completion. Pure.
// https://platform.openai.com/docs/api-reference/responses
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { ChatMessage, Tool } from '../core/manifest.ts';
import type { ModelRequest } from '../core/order.ts';
import type { Completion, ToolCall, Usage } from '../core/outcome.ts';
import { writtenFormat } from '../core/response-format.ts';
import { err, ok, type Result } from '../core/result.ts';
import { isNoCall } from './call-arguments.ts';
import { beside } from './openai-beside.ts';
import { readContent } from './openai-content.ts';
import { type Echo, PLAIN_ECHO } from './openai-echo.ts';
import { sayBackItems } from './openai-echo-items.ts';
import { readServerError } from './openai-error-body.ts';
import { responsesFile, withFiles } from './openai-media.ts';
import { type BodyProblem, notAnAnswer, readObjects, readText, readToolCall } from './openai-read.ts';
import { sayingOf } from './openai-saying.ts';
import { readUsage } from './openai-usage.ts';
import { isError } from './server-error.ts';

/** This API takes no seed. */
export function responsesBody(
  request: ModelRequest,
  echo: Echo = PLAIN_ECHO,
  maxTokensField = 'max_output_tokens',
): JsonObject {
  const { since = [], params } = request;
  const messages = withFiles(request.messages, responsesFile);
  const isStored = params.store !== false;
  return {
    model: request.model,
    input: [...messages.flatMap(inputItems), ...sayBackItems(since, { echo, isStored })],
    ...(request.tools.length === 0 ? {} : { tools: request.tools.map(toolForm) }),
    ...(request.temperature === null ? {} : { temperature: request.temperature }),
    ...(request.maxOutputTokens === null ? {} : { [maxTokensField]: request.maxOutputTokens }),
    ...request.params,
    ...formatForm(request),
  };
}

/** Beside what `params` say of the text, its verbosity for one. */
function formatForm({ responseFormat, params }: ModelRequest): JsonObject {
  if (responseFormat === undefined) return {};
  const written = writtenFormat(responseFormat);
  const format = written === 'json' ? { type: 'json_object' } : { type: 'json_schema', ...written };
  return { text: { ...(isJsonObject(params.text) ? params.text : {}), format } };
}

export function responsesToolMessage(input: {
  readonly id: string | null;
  readonly text: string;
}): JsonObject {
  return { type: 'function_call_output', call_id: input.id ?? '', output: input.text };
}

function toolForm(tool: Tool): JsonObject {
  return {
    type: 'function',
    name: tool.name,
    ...(tool.description === null ? {} : { description: tool.description }),
    // Both are required here. Left to itself this API rewrites schemas into strict ones, the other one does not:
    // the same variant must ask the same thing through both.
    parameters: tool.parameters ?? { type: 'object', properties: {} },
    strict: tool.strict ?? false,
  };
}

/** A chat message as items: calls and their results stand beside the messages, not inside. */
function inputItems(message: ChatMessage): readonly JsonObject[] {
  const { role, content, tool_calls: calls, tool_call_id: callId, ...rest } = message;
  if (role === 'tool') return [{ type: 'function_call_output', call_id: callId, output: content ?? '' }];
  const said = content === null ? [] : [{ ...rest, role, content: contentForm(role, content) }];
  return [...said, ...readObjects(calls).map(callItem)];
}

function callItem(call: JsonObject): JsonObject {
  const named = isJsonObject(call.function) ? call.function : {};
  return { type: 'function_call', call_id: call.id, name: named.name, arguments: named.arguments };
}

function contentForm(
  role: ChatMessage['role'],
  content: string | readonly JsonObject[],
): string | JsonObject[] {
  if (typeof content === 'string') return content;
  return content.map((part) => {
    if (part.type === 'text') return { ...part, type: role === 'assistant' ? 'output_text' : 'input_text' };
    if (part.type === 'image_url' && isJsonObject(part.image_url)) {
      const { url, detail } = part.image_url;
      return { type: 'input_image', image_url: url, detail: detail ?? 'auto' };
    }
    if (part.type === 'file' && isJsonObject(part.file)) return { type: 'input_file', ...part.file };
    return part;
  });
}

export function readResponse(body: JsonObject): Result<Completion, BodyProblem> {
  const usage = (): Usage | null => readUsage(body.usage).usage;
  if (isError(body.error)) {
    const hasBegun = readObjects(body.output).length > 0;
    return err({ kind: 'error-inside', error: readServerError(body.error, null), usage: usage(), hasBegun });
  }
  if (!Array.isArray(body.output)) return notAnAnswer('the answer has no "output": not a response');
  const status = readText(body.status);
  const no = (message: string, failure: 'overloaded' | 'invalid-response'): Result<never, BodyProblem> =>
    err({ kind: 'no-answer', message, failure, usage: usage() });
  // in_progress and queued are answers to `background: true`: nothing was said yet.
  const hasStatus = body.status !== undefined && body.status !== null;
  if (hasStatus && status !== 'completed' && status !== 'incomplete') {
    return no(`the response is ${status ?? 'of no status'}, not completed`, 'overloaded');
  }
  const items = readObjects(body.output).filter((item) => !isPlaceOfCall(item));
  const toolCalls = items.flatMap(readCall);
  const said = sayingOf({
    message: {},
    content: readContent(spokenOf(items).flatMap(partsOf)),
    toolCalls,
    finishReason: finishReason(body) ?? 'completed',
  });
  // Searches, pictures and the like are answers of their own kind; they stand in the messages.
  const isOtherKind = items.some(({ type }) => type !== 'message' && type !== 'reasoning');
  if (said.kind === 'err' && !isOtherKind) return no(said.error.message, said.error.failure);
  const words = said.kind === 'ok' ? said.value : { text: '', refusal: null };
  const counted = readUsage(body.usage, { text: words.text, toolCalls });
  const raw = beside({ api: 'responses', body, usage: counted.rest });
  return ok({
    ...words,
    toolCalls,
    messages: items,
    finishReason: finishReason(body),
    usage: counted.usage,
    servedModel: readText(body.model),
    systemFingerprint: null,
    ...(raw === null ? {} : { raw }),
  });
}

/** What is told on the way to an answer (`commentary`) is none of it. Where nothing else is said, beside calls, it is the text. */
function spokenOf(items: readonly JsonObject[]): readonly JsonObject[] {
  const isSaid = ({ type, phase }: JsonObject): boolean => type === 'message' && phase !== 'commentary';
  return items.some(isSaid) ? items.filter((item) => item.type !== 'message' || isSaid(item)) : items;
}

/** A call without a name and without arguments: a place, and nothing stands there. */
function isPlaceOfCall({ type, name, arguments: given }: JsonObject): boolean {
  return type === 'function_call' && isNoCall({ name, given });
}

/** What a message says and what was thought before it, as the parts of one content. */
function partsOf(item: JsonObject): readonly Json[] {
  if (item.type === 'reasoning') return [item];
  if (item.type !== 'message') return [];
  const { content } = item;
  if (typeof content === 'string') return [content];
  return Array.isArray(content) ? (content as readonly Json[]) : isJsonObject(content) ? [content] : [];
}

function readCall(item: JsonObject): readonly ToolCall[] {
  const { call_id: id, name } = item;
  if (item.type === 'function_call') return [readToolCall({ id, name, arguments: item.arguments })];
  if (item.type === 'custom_tool_call') return [readToolCall({ id, name, arguments: item.input })];
  return [];
}

/** `completed`, or why it is incomplete: `max_output_tokens`, `content_filter`. A last message that is told to be half makes it so. */
function finishReason(body: JsonObject): string | null {
  const why = isJsonObject(body.incomplete_details) ? readText(body.incomplete_details.reason) : null;
  const last = readObjects(body.output).findLast(({ type }) => type === 'message');
  const half = last?.status === 'incomplete' ? 'incomplete' : null;
  return why ?? half ?? readText(body.status);
}
