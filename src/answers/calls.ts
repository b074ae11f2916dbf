// Tool calls as different programs write them -> as they are kept.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { ToolCall } from '../core/outcome.ts';
import type { RecordedToolCall } from '../core/record.ts';
import { err, ok, type Result } from '../core/result.ts';
import { escapeHalves, takeArguments } from '../core/untrusted-json.ts';
import { CALL_ARGUMENTS, CALL_BESIDE, CALL_IDS, CALL_NAMES } from './names.ts';
import { listOf, objectOf, parseJson, textOf, valueAt } from './values.ts';

export { contentText, lastUserText, messagesOf, systemText } from './messages.ts';

/** How the user says what is what in a call; null = by usual names. */
export type CallFields = { readonly name: string | null; readonly arguments: string | null };
const BY_USUAL_NAMES: CallFields = { name: null, arguments: null };

/** As `callsOf`, in the form of records. */
export function toolCallsOf(value: Json | undefined): Result<readonly RecordedToolCall[], string> {
  const calls = callsOf(value);
  return calls.kind === 'err' ? calls : ok(calls.value.map(recorded));
}

export function recorded({ id, name, arguments: given, argumentsText }: ToolCall): RecordedToolCall {
  return {
    ...(id === null ? {} : { id }),
    name,
    arguments: { ...given },
    ...(argumentsText === null || argumentsText === '' ? {} : { arguments_text: argumentsText }),
  };
}

/**
 * A list of calls, one call, {name: arguments} of several, or the JSON text of these.
 * @returns err: what is wrong, to be read after the name of the member
 */
export function callsOf(
  value: Json | undefined,
  fields: CallFields = BY_USUAL_NAMES,
): Result<readonly ToolCall[], string> {
  if (value === undefined || value === null || value === '') return ok([]);
  if (typeof value === 'string') {
    const parsed = parseJson(value);
    return parsed.kind === 'ok' && typeof parsed.value === 'object'
      ? callsOf(parsed.value, fields)
      : err(NO_LIST);
  }
  if (isJsonObject(value)) {
    const one = callOf(value, fields);
    if (one.kind === 'ok' && one.value !== null) return ok([one.value]);
    if (one.kind === 'err') return one;
    const byName = byNameOf(value);
    return byName === null ? err(NO_LIST) : ok(byName);
  }
  if (!Array.isArray(value)) return err(NO_LIST);
  const calls: ToolCall[] = [];
  for (const [i, item] of (value as readonly Json[]).entries()) {
    const read = callOf(item, fields);
    if (read.kind === 'err') return err(`tool call ${i + 1} ${read.error}`);
    const call = read.value ?? byNameOf(item)?.[0] ?? null;
    if (call === null) return err(`tool call ${i + 1} has no name`);
    calls.push(call);
  }
  return ok(calls);
}

const NO_LIST = 'tool calls are a list of {name, arguments}';

/** null = it has no name. */
function callOf(item: Json, fields: CallFields): Result<ToolCall | null, string> {
  if (typeof item === 'string' && item !== '') return ok(call({ name: item, id: null, given: null }));
  if (Array.isArray(item)) {
    const [name, given, ...more] = item as readonly Json[];
    const isPair = typeof name === 'string' && isJsonObject(given) && more.length === 0;
    return ok(isPair ? call({ name, id: null, given }) : null);
  }
  if (!isJsonObject(item)) return ok(null);
  const inner = innerOf(item);
  const id = first(item, CALL_IDS) ?? first(inner, CALL_IDS);
  const name = fields.name === null ? first(inner, CALL_NAMES) : textOf(valueAt(item, fields.name));
  if (name === null || name === '') return ok(null);
  const kept = textOf(inner.arguments_text);
  if (kept !== null) return ok({ ...call({ name, id, given: null }), argumentsText: escapeHalves(kept) });
  const given = fields.arguments === null ? argumentsIn(inner) : ok(valueAt(item, fields.arguments) ?? null);
  return given.kind === 'err' ? given : ok(call({ name, id, given: given.value }));
}

/** OpenAI's {function: {...}}, Gemini's {functionCall: {...}}, Bedrock's {toolUse: {...}}. */
function innerOf(item: JsonObject): JsonObject {
  for (const name of ['function', 'functionCall', 'function_call', 'toolUse', 'tool_call']) {
    const inner = item[name];
    if (isJsonObject(inner)) return inner;
  }
  return item;
}

function argumentsIn(inner: JsonObject): Result<Json, string> {
  const known = CALL_ARGUMENTS.find((name) => inner[name] !== undefined);
  if (known !== undefined) return ok(inner[known]!);
  const other = Object.entries(inner).find(
    ([name, value]) => !CALL_BESIDE.has(name) && !CALL_NAMES.includes(name) && isObjectText(value),
  );
  if (other === undefined) return ok(null);
  const names = CALL_ARGUMENTS.slice(0, 6).join(', ');
  return err(
    `has ${JSON.stringify(other[0])} and no arguments under a name that is known (${names}): tool_calls.arguments: ${other[0]} reads it`,
  );
}

function isObjectText(value: Json | undefined): boolean {
  if (isJsonObject(value)) return Object.keys(value).length > 0;
  return (
    typeof value === 'string' &&
    /^\s*\{/.test(value) &&
    /\}\s*$/.test(value) &&
    parseJson(value).kind === 'ok'
  );
}

/** {create_event: {title: ...}}: every member is the arguments of the tool that it names. */
function byNameOf(value: Json): readonly ToolCall[] | null {
  if (!isJsonObject(value)) return null;
  const calls: ToolCall[] = [];
  for (const [name, given] of Object.entries(value)) {
    const each = Array.isArray(given) ? (given as readonly Json[]) : [given ?? null];
    if (CALL_ARGUMENTS.includes(name) || CALL_BESIDE.has(name) || !each.every((one) => isJsonObject(one)))
      return null;
    for (const one of each) calls.push(call({ name, id: null, given: one }));
  }
  return calls.length === 0 ? null : calls;
}

function call(input: { readonly name: string; readonly id: string | null; readonly given: Json }): ToolCall {
  return {
    id: input.id === null ? null : input.id.toWellFormed(),
    name: escapeHalves(input.name),
    ...takeArguments(input.given),
  };
}

function first(object: JsonObject, names: readonly string[]): string | null {
  for (const name of names) if (typeof object[name] === 'string') return object[name];
  return null;
}

/** Of one message: as it lists them, else among the parts of its content. */
export function callsIn(message: JsonObject): Result<readonly ToolCall[], string> {
  const more = objectOf(message.additional_kwargs);
  for (const listed of [message.tool_calls, more.tool_calls]) {
    const calls = callsOf(listed);
    if (calls.kind === 'err' || calls.value.length > 0) return calls;
  }
  if (typeof message.type === 'string' && message.role === undefined && /_call$/.test(message.type)) {
    return typeof message.name === 'string' ? callsOf([message]) : ok([]);
  }
  const parts = listOf(message.content ?? message.parts).filter(isCallPart);
  if (parts.length > 0) return callsOf(parts);
  return isJsonObject(message.function_call) ? callsOf([message.function_call]) : ok([]);
}

export function isCallPart(part: Json): boolean {
  if (!isJsonObject(part)) return false;
  if (isJsonObject(part.functionCall) || isJsonObject(part.function_call) || isJsonObject(part.toolUse))
    return true;
  return ['tool_use', 'tool_call', 'tool-call', 'function_call', 'server_tool_use'].includes(
    textOf(part.type) ?? '',
  );
}
