// Our messages as the specification's prompt. A scenario may write them in its form, in OpenAI's, and its parts in Anthropic's
// as well; what a model said since is in the specification's form already. Pure.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { parseJson } from '../core/json-text.ts';
import type {
  PromptMessage,
  ToolCallPart,
  ToolResultOutput,
  ToolResultPart,
} from '../core/language-model.ts';
import type { ChatMessage } from '../core/manifest.ts';
import { optionsOf, partsOf } from './ai-sdk-parts.ts';
import { sayBackParts } from './ai-sdk-since.ts';
import { readObjects } from './openai-read.ts';

export function promptOf(input: {
  readonly messages: readonly ChatMessage[];
  readonly since: readonly JsonObject[];
  readonly namespace: string;
}): PromptMessage[] {
  const { messages, since, namespace } = input;
  const names = new Map<string, string>();
  return [...messages.flatMap((one) => messageOf(one, namespace, names)), ...sayBackParts(since)];
}

function messageOf(message: ChatMessage, namespace: string, names: Map<string, string>): PromptMessage[] {
  const { role, content } = message;
  const options = optionsOf(message, namespace, MEMBERS);
  switch (role) {
    case 'system':
    case 'developer':
      return systemsOf(content, options, namespace);
    case 'user':
      return [{ role, content: partsOf(content, namespace), ...options }];
    case 'assistant': {
      const calls = readObjects(message.tool_calls).map((call) => callOf(call, namespace));
      const said = assistantParts(content, namespace);
      for (const part of [...calls, ...said])
        if (part.type === 'tool-call') names.set(part.toolCallId, part.toolName);
      return [{ role, content: [...said, ...calls], ...options }];
    }
    case 'tool': {
      const id = String(message.tool_call_id ?? '');
      const own = readObjects(content).filter(isResult);
      if (own.length > 0) return [{ role, content: own as unknown as ToolResultPart[], ...options }];
      const name = typeof message.name === 'string' ? message.name : (names.get(id) ?? '');
      const output = outputOf(content, namespace);
      return [
        { role, content: [{ type: 'tool-result', toolCallId: id, toolName: name, output, ...options }] },
      ];
    }
  }
}

type Assistant = Extract<PromptMessage, { role: 'assistant' }>;

const MEMBERS = new Set(['role', 'content', 'tool_calls', 'tool_call_id', 'name']);

/** Each text is a message of its own: marks of caching stand on one of them. */
function systemsOf(
  content: ChatMessage['content'],
  options: ReturnType<typeof optionsOf>,
  namespace: string,
): PromptMessage[] {
  if (typeof content === 'string' || content === null)
    return [{ role: 'system', content: content ?? '', ...options }];
  const parts = partsOf(content, namespace);
  return parts.map((part, n) => ({
    role: 'system',
    content: part.type === 'text' ? part.text : '',
    ...(n === parts.length - 1 ? options : {}),
    ...(part.providerOptions === undefined ? {} : { providerOptions: part.providerOptions }),
  }));
}

/** Parts of the specification stay what they are: reasoning with its signature, calls, results that the vendor made. */
function assistantParts(content: ChatMessage['content'], namespace: string): Assistant['content'] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return (content ?? []).flatMap((part): Assistant['content'] => {
    if (OWN.has(String(part.type))) return [part as unknown as Assistant['content'][number]];
    return partsOf([part], namespace);
  });
}

const OWN = new Set(['reasoning', 'reasoning-file', 'custom', 'tool-call', 'tool-result']);

function isResult({ type }: JsonObject): boolean {
  return type === 'tool-result' || type === 'tool-approval-response';
}

function callOf(call: JsonObject, namespace: string): ToolCallPart {
  const named = isJsonObject(call.function) ? call.function : call;
  return {
    type: 'tool-call',
    toolCallId: String(call.id ?? ''),
    toolName: String(named.name ?? ''),
    input: inputOf(named.arguments),
    ...optionsOf(call, namespace, CALL),
  };
}

const CALL = new Set(['id', 'type', 'function', 'name', 'arguments', 'index']);

/** APIs take an object: text that is none goes back under a name, as over the OpenAI wire. */
export function inputOf(given: Json | undefined): JsonObject {
  if (isJsonObject(given)) return given;
  if (given === undefined || given === null || given === '') return {};
  const value = typeof given === 'string' ? parseJson(given) : given;
  return isJsonObject(value) ? value : { _raw: typeof given === 'string' ? given : JSON.stringify(given) };
}

function outputOf(content: ChatMessage['content'], namespace: string): ToolResultOutput {
  if (typeof content === 'string' || content === null) return { type: 'text', value: content ?? '' };
  return { type: 'content', value: partsOf(content, namespace) };
}
