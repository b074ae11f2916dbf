// Python source as text: calls of a name, and those arguments that are written out. Nothing of it is imported or run.
import type { Json } from '../../core/json.ts';
import { blanks, makeReader, type Reader, readString, skipArgument, skipComment } from './python-reader.ts';

/** `name(...)` as it is written. */
export type Call = {
  readonly kind: 'call';
  readonly name: string;
  readonly positional: readonly Expression[];
  readonly named: ReadonlyMap<string, Expression>;
  /** As it is written. */
  readonly text: string;
  readonly offset: number;
};

export type Expression =
  | Call
  /** Written out: text, number, True, None, or such in lists and maps. */
  | { readonly kind: 'value'; readonly value: Json; readonly offset: number }
  /** A list that holds more than that. */
  | { readonly kind: 'list'; readonly items: readonly Expression[]; readonly offset: number }
  /** A map with texts as names that holds more than that. */
  | { readonly kind: 'map'; readonly members: ReadonlyMap<string, Expression>; readonly offset: number }
  /** A name: of a function, a variable. */
  | { readonly kind: 'name'; readonly name: string; readonly offset: number }
  /** Anything that would have to be run. */
  | { readonly kind: 'code'; readonly text: string; readonly offset: number };

/** Every call of one of these names, in the order in which they stand, inner ones of a call after it. */
export function callsOf(source: string, names: ReadonlySet<string>): readonly Call[] {
  const calls: Call[] = [];
  for (const { text, offset } of wordsOf(source)) {
    if (!names.has(text)) continue;
    const open = /^\s*\(/.exec(source.slice(offset + text.length, offset + text.length + 200));
    // A definition has the same form.
    if (open === null || /\b(?:def|class)\s+$/.test(source.slice(Math.max(0, offset - 20), offset))) continue;
    const found = simple(makeReader(source, offset), 0);
    if (found?.kind === 'call') calls.push(found);
  }
  return calls;
}

/** `NAME = ...` on a line of its own: the last one above the offset, else the first. null: there is none, or it would have to be run. */
export function assignmentOf(source: string, name: string, above: number): Expression | null {
  if (!/^[A-Za-z_]\w*$/.test(name)) return null;
  const all = [...source.matchAll(new RegExp(`^[ \\t]*${name}[ \\t]*(?::[^=\\n]*)?=(?!=)[ \\t]*`, 'gm'))];
  const found = all.findLast(({ index }) => index < above) ?? all[0];
  if (found === undefined) return null;
  const reader = makeReader(source, found.index + found[0].length);
  const read = simple(reader, 0);
  return read !== null && /^[ \t]*(?:#.*)?(?:\r?\n|$)/.test(source.slice(reader.at, reader.at + 300))
    ? read
    : null;
}

/** What stands in a function of this name, without its first line; null: there is none. */
export function bodyOf(
  source: string,
  name: string,
): { readonly text: string; readonly offset: number } | null {
  if (!/^[A-Za-z_]\w*$/.test(name)) return null;
  const found = new RegExp(`^([ \\t]*)(?:async[ \\t]+)?def[ \\t]+${name}[ \\t]*\\(`, 'm').exec(source);
  if (found === null) return null;
  const offset = found.index + found[0].length;
  const indent = found[1]!.length;
  const next = new RegExp(`\\n[ \\t]{0,${indent}}(?=[^\\s)#])`, 'g');
  next.lastIndex = offset;
  const end = next.exec(source)?.index ?? source.length;
  return { text: source.slice(offset, end), offset };
}

export function placeIn(source: string, offset: number): { readonly line: number; readonly column: number } {
  const before = source.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** Names outside of strings and comments. */
function* wordsOf(source: string): Generator<{ readonly text: string; readonly offset: number }> {
  const reader = makeReader(source, 0);
  while (reader.at < source.length) {
    const character = source[reader.at]!;
    if (character === '#') skipComment(reader);
    else if (/["']/.test(character)) readString(reader, '');
    else if (/[A-Za-z_]/.test(character)) {
      const offset = reader.at;
      const [text] = /^\w+/.exec(source.slice(offset, offset + 200))!;
      reader.at += text.length;
      if (/["']/.test(source[reader.at] ?? '') && PREFIX.test(text)) readString(reader, text);
      else yield { text, offset };
    } else reader.at++;
  }
}

const PREFIX = /^(?:[rbuf]|br|rb|fr|rf)$/i;
/** Deeper than this nobody writes a data set, and a stack has an end. */
const MAX_DEPTH = 60;

function expression(reader: Reader, depth: number): Expression {
  blanks(reader);
  const { source, at: offset } = reader;
  const read = depth > MAX_DEPTH ? null : simple(reader, depth);
  blanks(reader);
  // Behind a value that is all of it stands the end of an argument.
  if (read !== null && isEnd(source, reader.at)) return read;
  reader.at = offset;
  skipArgument(reader);
  const text = source.slice(offset, reader.at).trim();
  return { kind: 'code', text: text.slice(0, 80), offset };
}

function isEnd(source: string, at: number): boolean {
  return (
    at >= source.length ||
    /[,)\]}:=\n]/.test(source[at]!) ||
    source[at] === '#' ||
    /^\s*(?:\n|$)/.test(source.slice(at, at + 50))
  );
}

function simple(reader: Reader, depth: number): Expression | null {
  const { source, at: offset } = reader;
  const character = source[offset] ?? '';
  if (/["']/.test(character) || /^(?:[rbuf]|br|rb|fr|rf)["']/i.test(source.slice(offset, offset + 3)))
    return strings(reader, offset);
  const number = /^[-+]?(?:\d[\d_]*\.?[\d_]*(?:e[-+]?\d+)?|\.\d+)/i.exec(source.slice(offset, offset + 60));
  if (number) {
    reader.at += number[0].length;
    return { kind: 'value', value: Number(number[0].replaceAll('_', '')), offset };
  }
  if (character === '[' || character === '(')
    return listOf(reader, { close: character === '[' ? ']' : ')', offset, depth });
  if (character === '{') return mapOf(reader, offset, depth);
  const name = /^[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*/.exec(source.slice(offset, offset + 400))?.[0];
  if (name === undefined) return null;
  reader.at += name.length;
  if (name === 'True' || name === 'False') return { kind: 'value', value: name === 'True', offset };
  if (name === 'None') return { kind: 'value', value: null, offset };
  const last = name.split('.').at(-1)!.trim();
  blanks(reader);
  return source[reader.at] === '('
    ? callOf(reader, { name: last, offset, depth })
    : { kind: 'name', name: last, offset };
}

/** Strings beside each other are one. null: one of them would have to be put together, or holds bytes. */
function strings(reader: Reader, offset: number): Expression | null {
  let text = '';
  for (;;) {
    const prefix = /^[rbuf]{0,2}(?=["'])/i.exec(reader.source.slice(reader.at, reader.at + 3))?.[0];
    if (prefix === undefined) return { kind: 'value', value: text, offset };
    reader.at += prefix.length;
    const part = readString(reader, prefix);
    if (part === null) return null;
    text += part;
    const before = reader.at;
    blanks(reader);
    if (!/^[rbuf]{0,2}["']/i.test(reader.source.slice(reader.at, reader.at + 3))) {
      reader.at = before;
      return { kind: 'value', value: text, offset };
    }
  }
}

function listOf(
  reader: Reader,
  { close, offset, depth }: { readonly close: string; readonly offset: number; readonly depth: number },
): Expression | null {
  const { source } = reader;
  reader.at++;
  const items: Expression[] = [];
  let commas = 0;
  for (;;) {
    blanks(reader);
    if (reader.at >= source.length) return null;
    if (source[reader.at] === close) break;
    items.push(expression(reader, depth + 1));
    blanks(reader);
    if (source[reader.at] === ',') {
      commas++;
      reader.at++;
    } else if (source[reader.at] !== close) return null;
  }
  reader.at++;
  // Brackets around one thing are no list of it.
  if (close === ')' && commas === 0)
    return items.length === 1 ? items[0]! : items.length === 0 ? { kind: 'value', value: [], offset } : null;
  return items.every((item) => item.kind === 'value')
    ? { kind: 'value', value: items.map((item) => (item as { readonly value: Json }).value), offset }
    : { kind: 'list', items, offset };
}

/** null: its names would have to be run. */
function mapOf(reader: Reader, offset: number, depth: number): Expression | null {
  const { source } = reader;
  reader.at++;
  const members = new Map<string, Expression>();
  for (;;) {
    blanks(reader);
    if (reader.at >= source.length) return null;
    if (source[reader.at] === '}') break;
    const name = expression(reader, depth + 1);
    blanks(reader);
    if (name.kind !== 'value' || source[reader.at] !== ':') return null;
    reader.at++;
    members.set(String(name.value), expression(reader, depth + 1));
    blanks(reader);
    if (source[reader.at] === ',') reader.at++;
    else if (source[reader.at] !== '}') return null;
  }
  reader.at++;
  const entries = [...members].flatMap(([name, held]) =>
    held.kind === 'value' ? [[name, held.value] as const] : [],
  );
  return entries.length === members.size
    ? { kind: 'value', value: Object.fromEntries(entries), offset }
    : { kind: 'map', members, offset };
}

function callOf(
  reader: Reader,
  { name, offset, depth }: { readonly name: string; readonly offset: number; readonly depth: number },
): Expression | null {
  const { source } = reader;
  reader.at++;
  const positional: Expression[] = [];
  const named = new Map<string, Expression>();
  for (;;) {
    blanks(reader);
    if (reader.at >= source.length) return null;
    if (source[reader.at] === ')') break;
    const keyword = /^([A-Za-z_]\w*)\s*=(?!=)/.exec(source.slice(reader.at, reader.at + 200));
    if (keyword) {
      reader.at += keyword[0].length;
      named.set(keyword[1]!, expression(reader, depth + 1));
    } else positional.push(expression(reader, depth + 1));
    blanks(reader);
    if (source[reader.at] === ',') reader.at++;
    else if (source[reader.at] !== ')') return null;
  }
  reader.at++;
  return { kind: 'call', name, positional, named, text: source.slice(offset, reader.at), offset };
}
