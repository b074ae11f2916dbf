// What the packages of Bedrock and Cohere do not tell of an answer: every digit of what a tool is called with, and whether the stream
// ended within a frame. Pure. https://docs.cohere.com/docs/streaming and https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
import { EMPTY_COMPLETION } from '../core/completion.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { parseObject } from '../core/json-text.ts';
import type { Completion, ToolCall } from '../core/outcome.ts';
import { ok } from '../core/result.ts';
import { type BodyReader, readBody, readObjects, readText, readToolCall } from './openai-read.ts';
import type { HeaderSource } from './reset-headers.ts';
import { isEventStream, readEvents } from './sse.ts';

/** The same with the arguments as they came. A package parses them, and a number of many digits is another one then. */
export function exactBy(said: Completion, bytes: Buffer): Completion {
  if (said.toolCalls.length === 0) return said;
  const calls = callsIn(bytes);
  const isSame =
    calls.length === said.toolCalls.length && calls.every(({ name }, n) => name === said.toolCalls[n]!.name);
  if (!isSame) return said;
  return { ...said, toolCalls: calls.map((call, n) => ({ ...call, id: said.toolCalls[n]!.id })) };
}

/** Of other forms a package hands the text on. */
function callsIn(bytes: Buffer): readonly ToolCall[] {
  if (bytes[0] === 0x7b) {
    const read = readBody(bytes, readCalls);
    return read.kind === 'ok' ? read.value.toolCalls : [];
  }
  const text = bytes.toString('utf8');
  return isEventStream(text) ? streamedCalls(text) : [];
}

/** Cohere's: a name at the start, and arguments in pieces. */
function streamedCalls(text: string): readonly ToolCall[] {
  const calls: { readonly id: Json | undefined; readonly name: Json | undefined; given: string }[] = [];
  for (const { data } of readEvents(text)) {
    const { type, delta } = parseObject(data) ?? {};
    const message = isJsonObject(delta) && isJsonObject(delta.message) ? delta.message : {};
    const call = isJsonObject(message.tool_calls) ? message.tool_calls : null;
    if (call === null) continue;
    const named = isJsonObject(call.function) ? call.function : {};
    if (type === 'tool-call-start') calls.push({ id: call.id, name: named.name, given: '' });
    const last = calls.at(-1);
    if (last) last.given += readText(named.arguments) ?? '';
  }
  return calls.map(({ id, name, given }) => readToolCall({ id, name, arguments: given }));
}

const readCalls: BodyReader = ({ output }: JsonObject) => {
  const message = isJsonObject(output) && isJsonObject(output.message) ? output.message : {};
  const toolCalls = readObjects(message.content).flatMap(({ toolUse }) =>
    isJsonObject(toolUse)
      ? [readToolCall({ id: toolUse.toolUseId, name: toolUse.name, arguments: toolUse.input })]
      : [],
  );
  return ok({ ...EMPTY_COMPLETION, toolCalls });
};

/** A frame begins with its own length. */
export function endsInFrame(bytes: Buffer, headers: HeaderSource): boolean {
  if (!/amazon\.eventstream/i.test(headers.get('content-type') ?? '')) return false;
  let at = 0;
  while (at + 4 <= bytes.length) {
    const length = bytes.readUInt32BE(at);
    if (length < SMALLEST_FRAME) return false;
    at += length;
  }
  return at !== bytes.length;
}

const SMALLEST_FRAME = 16;
