// Chat completions: our request as its wire form, its answer as our completion. Pure.
// https://platform.openai.com/docs/api-reference/chat
import { isJsonObject, type JsonObject } from '../core/json.ts';
import type { Tool } from '../core/manifest.ts';
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

/** @param maxTokensField OpenAI itself refuses `max_tokens` for newer models; most compatible servers know nothing else. */
export function chatBody(request: ModelRequest, maxTokensField: string): JsonObject {
  return {
    model: request.model,
    messages: request.since === undefined ? request.messages : [...request.messages, ...request.since],
    ...(request.tools.length === 0 ? {} : { tools: request.tools.map(toolForm) }),
    ...(request.temperature === null ? {} : { temperature: request.temperature }),
    ...(request.maxOutputTokens === null ? {} : { [maxTokensField]: request.maxOutputTokens }),
    ...(request.seed === null ? {} : { seed: request.seed }),
    ...request.params,
  };
}

/** The form before tools has no ids: a result is named by its function. */
export function chatToolMessage(of: {
  readonly id: string | null;
  readonly name: string;
  readonly text: string;
}): JsonObject {
  if (of.id === null) return { role: 'function', name: of.name, content: of.text };
  return { role: 'tool', tool_call_id: of.id, content: of.text };
}

function toolForm(tool: Tool): JsonObject {
  return {
    type: 'function',
    function: {
      name: tool.name,
      ...(tool.description === null ? {} : { description: tool.description }),
      ...(tool.parameters === null ? {} : { parameters: tool.parameters }),
      ...(tool.strict === null ? {} : { strict: tool.strict }),
    },
  };
}

export function readChatCompletion(body: JsonObject): Result<Completion, BodyProblem> {
  const choice = Array.isArray(body.choices) ? body.choices[0] : undefined;
  // OpenRouter answers 200 with an error where the status was sent before the upstream failed.
  const inside = isJsonObject(choice) ? (choice.error ?? body.error) : body.error;
  if (inside !== undefined && inside !== null) {
    return err({ kind: 'error-inside', error: readServerError(inside, null) });
  }
  if (!Array.isArray(body.choices)) return notAnAnswer('the answer has no "choices": not a chat completion');
  if (!isJsonObject(choice)) return notAnAnswer('the answer has an empty "choices"');
  const { message } = choice;
  if (!isJsonObject(message)) return notAnAnswer('the answer has a choice without "message"');
  return ok({
    text: joinParts(message.content, ['text']),
    toolCalls: readToolCalls(message),
    messages: [message],
    finishReason: readText(choice.finish_reason),
    refusal: readText(message.refusal),
    usage: readUsage(body.usage, {
      input: 'prompt_tokens',
      output: 'completion_tokens',
      inputDetails: 'prompt_tokens_details',
      outputDetails: 'completion_tokens_details',
    }),
    servedModel: readText(body.model),
    systemFingerprint: readText(body.system_fingerprint),
  });
}

function readToolCalls(message: JsonObject): readonly ToolCall[] {
  const calls = readObjects(message.tool_calls).map((call) => {
    if (isJsonObject(call.custom)) {
      return readToolCall({ id: call.id, name: call.custom.name, arguments: call.custom.input });
    }
    const named = isJsonObject(call.function) ? call.function : {};
    return readToolCall({ id: call.id, name: named.name, arguments: named.arguments });
  });
  // The form before tools, still spoken by older servers.
  if (calls.length === 0 && isJsonObject(message.function_call)) {
    const { name, arguments: text } = message.function_call;
    return [readToolCall({ id: null, name, arguments: text })];
  }
  return calls;
}
