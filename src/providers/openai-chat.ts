// Chat completions: our request as its wire form, its answer as our completion. Pure.
// https://platform.openai.com/docs/api-reference/chat
import { endingOf, endWordIn, endWordOf, saysItCalled } from '../core/ending.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { Tool } from '../core/manifest.ts';
import type { ModelRequest } from '../core/order.ts';
import type { Completion, ToolCall, Usage } from '../core/outcome.ts';
import { type ResponseFormat, writtenFormat } from '../core/response-format.ts';
import { err, ok, type Result } from '../core/result.ts';
import { withIds } from './call-ids.ts';
import { saysSomething } from './join-chunks.ts';
import { beside } from './openai-beside.ts';
import { readContent } from './openai-content.ts';
import {
  callsOf,
  type Echo,
  functionOf,
  isBeforeTools,
  listOfCalls,
  PLAIN_ECHO,
  sayBack,
} from './openai-echo.ts';
import { readServerError } from './openai-error-body.ts';
import { chatFile, withFiles } from './openai-media.ts';
import { type BodyProblem, notAnAnswer, readText, readToolCall } from './openai-read.ts';
import { sayingOf } from './openai-saying.ts';
import { readUsage } from './openai-usage.ts';
import { isError } from './server-error.ts';

/** @param maxTokensField OpenAI itself refuses `max_tokens` for newer models; most compatible servers know nothing else. */
export function chatBody(request: ModelRequest, maxTokensField: string, echo: Echo = PLAIN_ECHO): JsonObject {
  const { since } = request;
  const messages = withFiles(request.messages, chatFile);
  return {
    model: request.model,
    messages: since === undefined ? messages : [...messages, ...sayBack(since, echo)],
    ...(request.tools.length === 0 ? {} : { tools: request.tools.map(toolForm) }),
    ...(request.temperature === null ? {} : { temperature: request.temperature }),
    ...(request.maxOutputTokens === null ? {} : { [maxTokensField]: request.maxOutputTokens }),
    ...(request.seed === null ? {} : { seed: request.seed }),
    ...(request.responseFormat === undefined ? {} : { response_format: formatForm(request.responseFormat) }),
    ...request.params,
  };
}

function formatForm(format: ResponseFormat): JsonObject {
  const written = writtenFormat(format);
  return written === 'json' ? { type: 'json_object' } : { type: 'json_schema', json_schema: written };
}

/** The form before tools has no ids: a result is named by its function. */
export function chatToolMessage(input: {
  readonly id: string | null;
  readonly name: string;
  readonly text: string;
}): JsonObject {
  if (input.id === null) return { role: 'function', name: input.name, content: input.text };
  return { role: 'tool', tool_call_id: input.id, content: input.text };
}

/** Of the form before tools no call has one. */
export function nameChatCalls(
  { toolCalls, messages }: Pick<Completion, 'toolCalls' | 'messages'>,
  earlier: readonly ToolCall[],
): readonly ToolCall[] {
  return messages.some(isBeforeTools) ? toolCalls : withIds(toolCalls, earlier);
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
  const choices = Array.isArray(body.choices) ? (body.choices as readonly Json[]) : [];
  const choice = choices.filter(isJsonObject).find(({ index }) => index === 0) ?? choices.find(isJsonObject);
  const message = choice && withCalls(messageOf(choice), { choice, choices });
  const told = body.usage ?? choice?.usage;
  const usage = (): Usage | null => readUsage(told).usage;
  // OpenRouter answers 200 with an error where the status was sent before the upstream failed.
  const inside = [choice?.error, body.error].find(isError) ?? filteredBy(body);
  if (inside !== undefined) {
    const hasBegun = message !== undefined && saysSomething(message);
    return err({ kind: 'error-inside', error: readServerError(inside, null), usage: usage(), hasBegun });
  }
  if (choice === undefined || message === undefined) return noMessage(body, { choice, usage: usage() });
  const toolCalls = readToolCalls(message);
  const finishReason = endOf(choice);
  const said = sayingOf({ message, content: readContent(message.content), toolCalls, finishReason });
  if (said.kind === 'err') return err({ ...said.error, usage: usage() });
  const counted = readUsage(told, { text: said.value.text, toolCalls });
  const raw = beside({
    api: 'chat',
    body,
    choice,
    usage: counted.rest,
    others: choices.filter((one) => one !== choice),
  });
  return ok({
    ...said.value,
    toolCalls,
    messages: [message],
    finishReason,
    usage: counted.usage,
    servedModel: readText(body.model),
    systemFingerprint: readText(body.system_fingerprint),
    ...(raw === null ? {} : { raw }),
  });
}

function endOf({
  finish_reason: told,
  native_finish_reason: native,
  provider_specific_fields: of,
}: JsonObject): string | null {
  return endWordOf(told, native ?? (isJsonObject(of) ? of.native_finish_reason : undefined));
}

/** MiniMax tells beside the choice what its filter took out of it. */
function filteredBy({ base_resp: told }: JsonObject): Json | undefined {
  const hasFailed = isJsonObject(told) && typeof told.status_code === 'number' && told.status_code !== 0;
  return hasFailed ? { base_resp: told } : undefined;
}

/** The form before chat has the text beside the choice; some servers forget the object around it, or call a whole answer a piece. */
function messageOf({ message, text, delta, tool_calls: calls }: JsonObject): JsonObject | undefined {
  if (isJsonObject(message)) {
    if (saysSomething(message)) return message;
    if (isJsonObject(delta) && saysSomething(delta)) return { ...message, ...delta };
    if (listOfCalls(calls).length > 0) return { ...message, tool_calls: calls! };
    return typeof text === 'string' && text !== '' ? { ...message, content: text } : message;
  }
  if (isJsonObject(delta) && saysSomething(delta)) return delta;
  const content = typeof message === 'string' ? message : text;
  return typeof content === 'string' ? { role: 'assistant', content } : undefined;
}

/** Copilot's layer over Claude gives each block of an answer a choice of its own: a text that ended by a call, and the call in the next. */
function withCalls(
  message: JsonObject | undefined,
  { choice, choices }: { readonly choice: JsonObject; readonly choices: readonly Json[] },
): JsonObject | undefined {
  if (message === undefined || choices.length < 2 || !saysItCalled(endWordIn(choice.finish_reason)))
    return message;
  if (callsOf(message).length > 0 || isBeforeTools(message)) return message;
  const others = choices.filter(isJsonObject).flatMap((one) => (one === choice ? [] : [messageOf(one)]));
  const calls = others.flatMap((other) => (other === undefined ? [] : callsOf(other)));
  return calls.length === 0 ? message : { ...message, tool_calls: calls };
}

/** What is no chat completion at all says something of the address; one without a choice says something of the prompt. */
function noMessage(
  body: JsonObject,
  { choice, usage }: { readonly choice: JsonObject | undefined; readonly usage: Usage | null },
): Result<never, BodyProblem> {
  const isCompletion =
    body.choices !== undefined ||
    isJsonObject(body.usage) ||
    readText(body.object)?.startsWith('chat.completion') === true;
  if (!isCompletion) return notAnAnswer('the answer has no "choices": not a chat completion');
  const ending = choice && endWordIn(choice.finish_reason);
  const isCut = typeof ending === 'string' && endingOf(ending).kind === 'cut';
  const what = choice
    ? `a choice without "message"${ending ? `, finish_reason ${ending}${isCut ? ': it may think longer than max_output_tokens lets it' : ''}` : ''}`
    : `no choice ("choices" is ${body.choices === undefined ? 'missing' : (JSON.stringify(body.choices) ?? '').slice(0, 100)})`;
  return err({ kind: 'no-answer', failure: 'invalid-response', usage, message: `the answer has ${what}` });
}

function readToolCalls(message: JsonObject): readonly ToolCall[] {
  const calls = callsOf(message).map((call) => {
    if (isJsonObject(call.custom)) {
      return readToolCall({ id: call.id, name: call.custom.name, arguments: call.custom.input });
    }
    return readToolCall({ id: call.id, ...functionOf(call) });
  });
  // The form before tools, still spoken by older servers.
  if (isBeforeTools(message)) {
    const { name, arguments: text } = message.function_call as JsonObject;
    return [readToolCall({ id: null, name, arguments: text })];
  }
  return calls;
}
