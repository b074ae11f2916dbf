// What a tool loop says back over chat completions: the canonical form of what the server said. Servers send more than they
// take: members that they refuse to hear again, ids that are empty or twice the same, arguments that are no text. Pure.
// What is kept in a record stays as it came; this is made of it when the next request is written.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { isNoCall, saidArguments } from './call-arguments.ts';
import { makeIds } from './call-ids.ts';

/** Names of members that are said back beside the canonical form; `-name`: not even where it is by default. */
export type Echo = ReadonlySet<string>;

/**
 * State of the server's own that nobody else can make, signed or encrypted: Gemini's signatures of thoughts, OpenRouter's and
 * MiniMax's reasoning_details, LiteLLM's thinking_blocks. Each is documented as to be sent back, and who does not know it
 * does not send it. Reasoning as plain text is not among them: Groq, Cerebras and Mistral refuse it.
 */
const OPAQUE = ['extra_content', 'reasoning_details', 'thinking_blocks'];

export function echoOf(...names: readonly (readonly string[])[]): Echo {
  const echo = new Set(OPAQUE);
  for (const name of names.flat()) {
    echo.delete(name.startsWith('-') ? name.slice(1) : `-${name}`);
    echo.add(name);
  }
  return echo;
}

/** Where the manifest says nothing of it. */
export const PLAIN_ECHO: Echo = echoOf();

/** @param since messages of the model as they came, each followed by the results of its calls, in their order */
export function sayBack(since: readonly JsonObject[], echo: Echo): readonly JsonObject[] {
  const takeId = makeIds();
  return since.flatMap((message, at) => {
    if (isResult(message)) return [];
    const calls = callsOf(message);
    // What follows answers them, one by one; anything else would be an answer to nothing.
    const results = followers(since, at + 1);
    if (calls.length === 0) return [assistant(message, [], echo), ...results];
    const ids = calls.map((call, n) => takeId([results[n]?.tool_call_id, call.id]));
    const said = calls.map((call, n) => callForm(call, { id: ids[n]!, echo }));
    return [
      assistant(message, said, echo),
      ...results.map((result, n) =>
        n < calls.length ? resultForm(result, { id: ids[n]!, name: nameOf(calls[n]!), echo }) : result,
      ),
    ];
  });
}

/** The calls of a message in the form since tools. */
export function callsOf(message: JsonObject): readonly JsonObject[] {
  return listOfCalls(message.tool_calls).filter((call) => {
    const given = isJsonObject(call.custom) ? call.custom.input : functionOf(call).arguments;
    return !isNoCall({ name: nameOf(call), given });
  });
}

/** TGI puts a call in the place of the list of them. */
export function listOfCalls(told: Json | undefined): readonly JsonObject[] {
  if (isJsonObject(told)) return [told];
  return Array.isArray(told) ? told.filter(isJsonObject) : [];
}

/** The form before tools, which knows no ids. */
export function isBeforeTools(message: JsonObject): boolean {
  const { function_call: called } = message;
  if (!isJsonObject(called) || callsOf(message).length > 0) return false;
  return !isNoCall({ name: called.name, given: called.arguments });
}

export function isResult({ role }: JsonObject): boolean {
  return role === 'tool' || role === 'function';
}

function followers(since: readonly JsonObject[], from: number): readonly JsonObject[] {
  const end = since.findIndex((message, at) => at >= from && !isResult(message));
  return since.slice(from, end < 0 ? since.length : end);
}

function assistant(message: JsonObject, calls: readonly JsonObject[], echo: Echo): JsonObject {
  const content = contentForm(message.content);
  // One server wants "" and no null beside calls, the next null and no "".
  const isTurned = echo.has('content') && calls.length > 0 && isNoContent(content);
  const form: Mutable = { role: 'assistant', content: isTurned ? (content === null ? '' : null) : content };
  if (calls.length > 0) form.tool_calls = calls;
  else if (isBeforeTools(message)) {
    const { name, arguments: given } = message.function_call as JsonObject;
    form.function_call = { name: textOr(name, ''), arguments: saidArguments(given) };
  }
  withEchoed(form, message, echo);
  // Who wants it wants it of every message that calls, also where the model thought nothing; "" is refused by some.
  if (echo.has(THOUGHT) && calls.length > 0 && !form[THOUGHT]) form[THOUGHT] = ' ';
  return form;
}

const THOUGHT = 'reasoning_content';

/** As it came: null and "" are both in use. */
export function isNoContent(content: Json | undefined): boolean {
  return content === undefined || content === null || content === '';
}

/** Parts stay parts: the server that takes them is the one that made them. */
function contentForm(content: Json | undefined): Json {
  if (content === undefined || content === null || typeof content === 'string') return content ?? null;
  if (Array.isArray(content)) {
    return content.map((part: Json) => (typeof part === 'string' ? { type: 'text', text: part } : part));
  }
  if (isJsonObject(content)) return typeof content.text === 'string' ? content.text : JSON.stringify(content);
  return String(content);
}

function callForm(call: JsonObject, { id, echo }: { readonly id: string; readonly echo: Echo }): JsonObject {
  const form: Mutable = isJsonObject(call.custom)
    ? { id, type: 'custom', custom: { name: nameOf(call), input: textOr(call.custom.input, '') } }
    : {
        id,
        type: 'function',
        function: { name: nameOf(call), arguments: saidArguments(functionOf(call).arguments) },
      };
  withEchoed(form, call, echo);
  return form;
}

/** Without its envelope, or with its arguments under the name of another API: TGI, Cohere, Anthropic. */
export function functionOf(call: JsonObject): {
  readonly name: Json | undefined;
  readonly arguments: Json | undefined;
} {
  const told = isJsonObject(call.function) ? call.function : call;
  return { name: told.name, arguments: told.arguments ?? told.parameters ?? told.input };
}

function nameOf(call: JsonObject): string {
  return textOr((isJsonObject(call.custom) ? call.custom : functionOf(call)).name, '');
}

function resultForm(
  result: JsonObject,
  input: { readonly id: string; readonly name: string; readonly echo: Echo },
): JsonObject {
  // OpenAI's has no name, and strict servers take nothing else; Gemini's wants it.
  const name = input.echo.has('name') ? { name: input.name } : {};
  return { role: 'tool', tool_call_id: input.id, ...name, content: result.content };
}

function textOr(value: Json | undefined, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

type Mutable = { [name: string]: Json };

/** `a.b` is the member b of the member a. What the canonical form has stays as it is. */
function withEchoed(form: Mutable, source: JsonObject, echo: Echo): void {
  for (const name of echo) {
    if (!name.startsWith('-')) echoMember(form, source, name.split('.'));
  }
}

function echoMember(form: Mutable, source: JsonObject, [name, ...inner]: readonly string[]): void {
  if (name === undefined || name === '__proto__' || !Object.hasOwn(source, name)) return;
  const value = source[name];
  if (value === undefined || value === null) return;
  const there = Object.hasOwn(form, name) ? form[name] : undefined;
  if (inner.length === 0) {
    if (there === undefined) form[name] = value;
    return;
  }
  if (!isJsonObject(value) || (there !== undefined && !isJsonObject(there))) return;
  const nested = { ...there } as Mutable;
  echoMember(nested, value, inner);
  if (Object.keys(nested).length > 0) form[name] = nested;
}
