// What a model answered, held against the tools that it was offered: names that a server told with more around them, and calls that
// it did not read out of what the model wrote. Pure.
import { endingOf, saysItCalled } from '../core/ending.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { ModelRequest } from '../core/order.ts';
import type { Completion } from '../core/outcome.ts';
import type { Teller } from './openai-answer.ts';
import type { ClientAnswer } from './provider.ts';

/** Names of what was offered in what is said back: a server that wrote another one would refuse it, and the model would learn it. */
export function withOfferedNames(request: ModelRequest): ModelRequest {
  const { since, tools } = request;
  if (since === undefined || since.length === 0 || tools.length === 0) return request;
  const offered = namesOf(request);
  return { ...request, since: since.map((message) => renamed(message, offered)) };
}

/** Names as they were offered; a call that is lost is no answer. */
export function heldAgainst(
  request: ModelRequest,
  { answer, teller }: { readonly answer: ClientAnswer; readonly teller: Pick<Teller, 'host' | 'write'> },
): ClientAnswer {
  if (answer.kind !== 'completion' || request.tools.length === 0) return answer;
  const { completion } = answer;
  const why = lostIn(completion);
  if (why !== null) {
    const { usage, messages } = completion;
    const body = teller.write(JSON.stringify(messages).slice(0, MAX_BODY_READ));
    const message = teller.write(`${teller.host}: ${why}`);
    return {
      kind: 'failure',
      failure: {
        ...{ kind: 'invalid-response', status: 200, message, retryAfterMs: null },
        ...{ isOfPrompt: true, body },
        ...(usage === null ? {} : { usage }),
      },
      requestId: answer.requestId,
      limits: answer.limits,
    };
  }
  const offered = namesOf(request);
  if (completion.toolCalls.every(({ name }) => offered.has(name))) return answer;
  const toolCalls = completion.toolCalls.map((call) => ({ ...call, name: offeredName(call.name, offered) }));
  return { ...answer, completion: { ...completion, toolCalls } };
}

/** More than is shown: a secret that is cut in half would not be found. */
const MAX_BODY_READ = 16_000;

/** null = nothing is missing */
function lostIn({ toolCalls, refusal, finishReason, text, messages }: Completion): string | null {
  if (toolCalls.length > 0 || refusal !== null || finishReason === null || hasOwnTools(messages)) return null;
  // A server that counts the place of a call for one says so of a text.
  if (saysItCalled(finishReason) && !(text !== '' && hasPlaceOfCall(messages)))
    return `finish_reason is ${finishReason}, and no call is there: the server could not read what the model wrote`;
  if (endingOf(finishReason).kind !== 'whole' || !MARKUP.test(text)) return null;
  return 'the text holds a tool call that the server did not read: it has to know how this model writes calls (vLLM, SGLang: --tool-call-parser)';
}

/** How models write calls: what a server leaves of it in the text, it did not read. JSON alone may be an answer as well. */
const MARKUP = new RegExp(
  [
    /<tool_call>\s*(\{|<function=|[\w.-]{1,100}\s*<arg_key>)/, // Qwen, Hermes, GLM, MiMo
    /<(\w{1,30}:)?tool_calls?>\s*<invoke /, // MiniMax
    /<\|tool_calls?(_section)?_begin\|>/, // Kimi
    /<｜tool▁calls?▁begin｜>/, // DeepSeek
    /\[TOOL_CALLS\]\s*[[{\w]/, // Mistral
    /<function=[\w.-]{1,100}>\s*[{<]/, // Llama, Qwen's coder
    /<\|python_tag\|>/, // Llama
    /<\|channel\|>commentary to=/, // gpt-oss
    /<\|START_ACTION\|>/, // Cohere
    /<\|tool_call_start\|>/, // LFM
  ]
    .map(({ source }) => source)
    .join('|'),
);

function hasPlaceOfCall(messages: Completion['messages']): boolean {
  return messages.some(({ tool_calls: calls }) => Array.isArray(calls) && calls.length > 0);
}

/** Tools that the vendor runs itself stand in the message alone. */
export function hasOwnTools(messages: Completion['messages']): boolean {
  return messages.some(
    ({ content }) =>
      Array.isArray(content) && content.some((part: Json) => isJsonObject(part) && part.type === 'tool-call'),
  );
}

function namesOf({ tools }: ModelRequest): ReadonlySet<string> {
  return new Set(tools.map(({ name }) => name));
}

/**
 * gpt-oss's control tokens behind a name (`look_up<|channel|>commentary`: vLLM, Ollama), the room that models are shown tools in
 * (gpt-oss and Kimi `functions.`, Gemini `default_api.`), Kimi's count of calls (`functions.look_up:0`), blanks.
 */
function offeredName(name: string, offered: ReadonlySet<string>): string {
  if (offered.has(name)) return name;
  const bare = name.replace(/<\|.*$/s, '').trim();
  const own = bare.replace(/^(?:functions|default_api)[.:]/, '');
  return [bare, own, own.replace(/:\d{1,9}$/, '')].find((one) => offered.has(one)) ?? name;
}

/** Of chat completions, of the form before tools, items of the responses API, and parts of the AI SDK's specification. */
function renamed(message: JsonObject, offered: ReadonlySet<string>): JsonObject {
  const at = (value: JsonObject, member: 'name' | 'toolName'): JsonObject => {
    const name = value[member];
    const own = typeof name === 'string' ? offeredName(name, offered) : name;
    return own === name ? value : { ...value, [member]: own! };
  };
  const { tool_calls: calls, function_call: called, content } = message;
  let said = message.type === 'function_call' ? at(message, 'name') : message;
  if (Array.isArray(calls)) said = { ...said, tool_calls: calls.map((call: Json) => ofCall(call, at)) };
  if (isJsonObject(called)) said = { ...said, function_call: at(called, 'name') };
  if (Array.isArray(content) && content.some(isCallPart))
    said = {
      ...said,
      content: content.map((part: Json) => (isCallPart(part) ? at(part, 'toolName') : part)),
    };
  return said;
}

function ofCall(call: Json, at: (value: JsonObject, member: 'name') => JsonObject): Json {
  return isJsonObject(call) && isJsonObject(call.function)
    ? { ...call, function: at(call.function, 'name') }
    : call;
}

function isCallPart(part: Json): part is JsonObject {
  return isJsonObject(part) && part.type === 'tool-call' && part.providerExecuted !== true;
}
