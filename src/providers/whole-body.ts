// Whether an answer was over when its connection closed: servers and proxies close without the end of the transfer, and what came
// was paid for. Pure.
import { parseObject } from '../core/json-text.ts';

/** By its own last word alone: the end of a stream, or of a JSON object. */
export function isOver(body: Buffer): boolean {
  const tail = body.subarray(-LONGEST_END).toString('utf8');
  if (LAST_WORD.test(tail) || (/\n\r?\n$/.test(tail) && hasResponse(body))) return true;
  return body[0] === OBJECT && tail.trimEnd().endsWith('}') && parseObject(body.toString('utf8')) !== null;
}

/** The responses API: the event that holds the whole, with the blank line behind it. */
function hasResponse(body: Buffer): boolean {
  const at = Math.max(...ENDS.map((name) => body.lastIndexOf(`event: ${name}`)));
  return at >= 0 && /^[^\n]+\ndata:[^\n]+\n\r?\n$/.test(body.subarray(at).toString('utf8'));
}

const ENDS = ['response.completed', 'response.incomplete', 'response.failed'];

/** OpenAI and nearly all; Anthropic. */
const LAST_WORD = /(?:^|\n)data: ?(?:\[DONE\]|\{"type": ?"message_stop"[^\n]{0,200}\})\s*$/;
const LONGEST_END = 1_000;
const OBJECT = 0x7b;
