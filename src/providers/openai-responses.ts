// The responses API: our request as its wire form, its answer as our completion. Pure.
// https://platform.openai.com/docs/api-reference/responses
import { isJsonObject, type JsonObject } from '../core/json.ts';
import type { ChatMessage, Tool } from '../core/manifest.ts';
import type { ModelRequest } from '../core/order.ts';
import type { Completion, ToolCall } from '../core/outcome.ts';
import { err, ok, type Result } from '../core/result.ts';
import { readServerError } from './openai-error-body.ts';
import {
  type BodyProblem,
  joinParts,
  notAnAnswer,
  readObjects,
  readText,
  readToolCall,
  readUsage,
} from './openai-read.ts';

/** This API takes no seed. */
export function responsesBody(request: ModelRequest, maxTokensField = 'max_output_tokens'): JsonObject {
  return {
    model: request.model,
    input: [...request.messages.flatMap(inputItems), ...(request.since ?? [])],
    ...(request.tools.length === 0 ? {} : { tools: request.tools.map(toolForm) }),
    ...(request.temperature === null ? {} : { temperature: request.temperature }),
    ...(request.maxOutputTokens === null ? {} : { [maxTokensField]: request.maxOutputTokens }),
    ...request.params,
  };
}

export function responsesToolMessage(of: { readonly id: string | null; readonly text: string }): JsonObject {
  return { type: 'function_call_output', call_id: of.id ?? '', output: of.text };
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
  if (body.error !== undefined && body.error !== null) {
    return err({ kind: 'error-inside', error: readServerError(body.error, null) });
  }
  if (!Array.isArray(body.output)) return notAnAnswer('the answer has no "output": not a response');
  // in_progress and queued are answers to `background: true`: nothing was said yet.
  if (body.status !== undefined && body.status !== 'completed' && body.status !== 'incomplete') {
    return notAnAnswer(`the response is ${readText(body.status) ?? 'of no status'}, not completed`);
  }
  const items = readObjects(body.output);
  const parts = items.flatMap((item) => (item.type === 'message' ? readObjects(item.content) : []));
  const refusals = parts
    .filter((part) => part.type === 'refusal')
    .map((part) => readText(part.refusal) ?? '');
  return ok({
    text: joinParts(parts, ['output_text']),
    toolCalls: items.flatMap(readCall),
    messages: items,
    finishReason: finishReason(body),
    refusal: refusals.length === 0 ? null : refusals.join('\n'),
    usage: readUsage(body.usage, {
      input: 'input_tokens',
      output: 'output_tokens',
      inputDetails: 'input_tokens_details',
      outputDetails: 'output_tokens_details',
    }),
    servedModel: readText(body.model),
    systemFingerprint: null,
  });
}

function readCall(item: JsonObject): readonly ToolCall[] {
  const { call_id: id, name } = item;
  if (item.type === 'function_call') return [readToolCall({ id, name, arguments: item.arguments })];
  if (item.type === 'custom_tool_call') return [readToolCall({ id, name, arguments: item.input })];
  return [];
}

/** `completed`, or why it is incomplete: `max_output_tokens`, `content_filter`. */
function finishReason(body: JsonObject): string | null {
  const why = isJsonObject(body.incomplete_details) ? readText(body.incomplete_details.reason) : null;
  return why ?? readText(body.status);
}
