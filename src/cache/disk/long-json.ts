// JSON.stringify for bodies with very long texts: the same text, made in pieces with the event loop free in between.
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Characters at once: 60 MB in one go hold the event loop for 600 ms. */
const PIECE_CHARS = 1 << 19;

/** The text that JSON.stringify gives for plain data. */
export async function longJson(value: unknown): Promise<string> {
  const out: string[] = [];
  await write(value, out);
  return out.join('');
}

async function write(value: unknown, out: string[]): Promise<void> {
  if (typeof value === 'string' && value.length > PIECE_CHARS) return writeString(value, out);
  if (typeof value !== 'object' || value === null) {
    out.push(JSON.stringify(value) ?? 'null');
  } else if (Array.isArray(value)) {
    out.push('[');
    for (let i = 0; i < value.length; i++) {
      if (i > 0) out.push(',');
      await write(value[i], out);
    }
    out.push(']');
  } else {
    let before = '{';
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined) continue;
      out.push(before, JSON.stringify(name), ':');
      before = ',';
      await write(member, out);
    }
    out.push(before === '{' ? '{}' : '}');
  }
}

/** A string's JSON is that of its pieces, as long as no pair of surrogates is cut in two. */
async function writeString(text: string, out: string[]): Promise<void> {
  out.push('"');
  for (let from = 0; from < text.length; ) {
    let to = Math.min(text.length, from + PIECE_CHARS);
    const last = text.charCodeAt(to - 1);
    if (to < text.length && last >= 0xd800 && last <= 0xdbff) to++;
    out.push(JSON.stringify(text.slice(from, to)).slice(1, -1));
    from = to;
    await nextTurn();
  }
  out.push('"');
}
