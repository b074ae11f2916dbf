// A message of Anthropic's API as the events that it comes in.
// https://platform.claude.com/docs/en/build-with-claude/streaming
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';

export const EVENT_STREAM = 'text/event-stream; charset=utf-8';

/** Characters of one delta. A text that is filled up has its mark in one of them. */
const PIECE = 40;

export function streamOf(message: JsonObject): string {
  const { content, stop_reason: reason, stop_sequence: sequence, usage } = message;
  const told = isJsonObject(usage) ? usage : {};
  const blocks = (Array.isArray(content) ? content : []).filter(isJsonObject);
  // The count of what was said grows; at the beginning it is one.
  const started = { ...message, content: [], stop_reason: null, usage: { ...told, output_tokens: 1 } };
  return [
    { type: 'message_start', message: started },
    { type: 'ping' },
    ...blocks.flatMap(blockEvents),
    { type: 'message_delta', delta: { stop_reason: reason, stop_sequence: sequence }, usage: told },
    { type: 'message_stop' },
  ]
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('');
}

type Event = { readonly type: string; readonly [name: string]: Json | undefined };

function blockEvents(block: JsonObject, index: number): readonly Event[] {
  const { start, deltas } = partsOf(block);
  return [
    { type: 'content_block_start', index, content_block: start },
    ...deltas.map((delta): Event => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
}

function partsOf(block: JsonObject): { readonly start: JsonObject; readonly deltas: readonly JsonObject[] } {
  switch (block.type) {
    case 'thinking': {
      const thought = pieces(String(block.thinking)).map((thinking) => ({
        type: 'thinking_delta',
        thinking,
      }));
      const signed = { type: 'signature_delta', signature: block.signature ?? '' };
      return { start: { type: 'thinking', thinking: '', signature: '' }, deltas: [...thought, signed] };
    }
    case 'tool_use': {
      const deltas = pieces(JSON.stringify(block.input)).map((partial_json) => ({
        type: 'input_json_delta',
        partial_json,
      }));
      return {
        start: { ...block, input: {} },
        deltas: [{ type: 'input_json_delta', partial_json: '' }, ...deltas],
      };
    }
    default: {
      const deltas = pieces(String(block.text)).map((text) => ({ type: 'text_delta', text }));
      return { start: { type: 'text', text: '' }, deltas };
    }
  }
}

/** A mark stands at the end of a text and must stay in one piece: the last one is never cut. */
const UNCUT = 36;

function pieces(text: string): readonly string[] {
  const cut: string[] = [];
  let at = 0;
  while (at + PIECE + UNCUT < text.length && cut.length < 2) {
    cut.push(text.slice(at, at + PIECE));
    at += PIECE;
  }
  return text === '' ? [] : [...cut, text.slice(at)];
}
