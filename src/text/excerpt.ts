// Two values side by side, short: of long texts the places where they begin to differ. Pure.
import type { Json } from '../core/json.ts';
import { maskSecrets } from '../core/secret-shapes.ts';
import { sanitizeLine } from '../core/text.ts';

export type Excerpts = { readonly from: string; readonly to: string };

/** How much of what is equal is shown before the first difference. */
const CONTEXT = 20;

/** Each at most `width` characters; quotes tell text from numbers, an ellipsis tells that there is more. */
export function excerptPair(pair: {
  readonly from: Json | undefined;
  readonly to: Json | undefined;
  readonly width: number;
}): Excerpts {
  const from = textOf(pair.from);
  const to = textOf(pair.to);
  const room = Math.max(10, pair.width - 2);
  // A long value on one side alone has no place of difference worth finding.
  const start = from.quoted === to.quoted ? startOf({ from: from.text, to: to.text, room }) : 0;
  return { from: excerpt({ ...from, start, room }), to: excerpt({ ...to, start, room }) };
}

type Shown = { readonly text: string; readonly quoted: boolean };

function textOf(value: Json | undefined): Shown {
  if (value === undefined) return { text: 'not there', quoted: false };
  if (typeof value === 'string') return { text: maskSecrets(value), quoted: true };
  return { text: maskSecrets(JSON.stringify(value)), quoted: false };
}

/** Where the excerpts begin: a little before the first difference, or at the beginning where all fits. */
function startOf(input: { readonly from: string; readonly to: string; readonly room: number }): number {
  const { from, to, room } = input;
  if (Math.max(from.length, to.length) <= room) return 0;
  let same = 0;
  while (same < from.length && from[same] === to[same]) same++;
  // In a narrow place most of what is shown is what differs.
  const context = Math.min(CONTEXT, Math.floor(room / 3));
  if (same <= context) return 0;
  const start = same - context;
  // Half of a surrogate pair is no character.
  return isLowSurrogate(from, start) ? start - 1 : start;
}

function excerpt(input: Shown & { readonly start: number; readonly room: number }): string {
  const { text, start, room } = input;
  const head = start > 0 ? '…' : '';
  let end = Math.min(text.length, start + room - head.length);
  if (end < text.length) end = isLowSurrogate(text, end - 1) ? end - 2 : end - 1;
  const tail = end < text.length ? '…' : '';
  const part = head + text.slice(start, end) + tail;
  // JSON's own escapes show line ends inside of a text; what JSON leaves alone is made visible after.
  return sanitizeLine(input.quoted ? JSON.stringify(part) : part);
}

function isLowSurrogate(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 0xdc00 && code <= 0xdfff;
}
