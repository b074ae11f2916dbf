// The YAML that people write in manifests and scenarios, read in one pass. It takes a strict subset and gives up at the first doubt:
// what is wrong or unusual is the library's to tell, so no rule stands here that could be told otherwise there. A test holds it
// against the library on files made of anything. Cold, the library takes 45 ms for the 17 kB of the sample, and this reader 5.

import { MAX_DEPTH } from '../../core/canonical-input.ts';
import { plainScalar } from './plain-yaml-scalar.ts';

export type PlainYaml = {
  readonly value: unknown;
  /** The line on which a list or a map of the value starts, from 1. */
  readonly lineOf: (node: object) => number | undefined;
};

/** null: not of the plain kind, or wrong; both are for the library to tell. */
export function readPlainYaml(text: string): PlainYaml | null {
  // The last line ends, nothing is indented by tabs, and no character is one that YAML treats in its own way.
  if (!text.endsWith('\n') || /[\x00-\x09\x0b-\x1f\x7f\x85\u2028\u2029\ufeff]/.test(text)) return null;
  const reader: Reader = { lines: text.split('\n'), at: 0, starts: new WeakMap() };
  reader.lines.pop();
  try {
    const next = peek(reader);
    if (next === null) return null;
    const value = readBlock(reader, { indent: next.indent, depth: 0 });
    if (peek(reader) !== null) return null;
    return { value, lineOf: (node) => reader.starts.get(node) };
  } catch (error) {
    if (error instanceof NotPlain) return null;
    throw error;
  }
}

/** Leaves the recursion at the first doubt; it never leaves this file. */
class NotPlain extends Error {}

type Reader = { readonly lines: string[]; at: number; readonly starts: WeakMap<object, number> };
type Line = { readonly indent: number; readonly text: string };
/** `indent` is the column of the entry that holds what is read. */
type At = { readonly indent: number; readonly depth: number };

/** A colon inside of a name must touch what follows, as in an id; in quotes only what needs no escape. */
const ENTRY = /^(?:([A-Za-z_](?:[A-Za-z0-9_./-]|:(?=[A-Za-z0-9_]))*)|"([ !#-[\]-~]*)"):(?: +(.*))?$/;
const ITEM = /^-( +)(.+)$/;

/** The next line with something on it. */
function peek(reader: Reader): Line | null {
  for (; reader.at < reader.lines.length; reader.at++) {
    const line = reader.lines[reader.at]!;
    const text = line.trim();
    if (text !== '' && !text.startsWith('#')) return { indent: line.length - line.trimStart().length, text };
  }
  return null;
}

function readBlock(reader: Reader, at: At): unknown {
  if (at.depth > MAX_DEPTH / 2) throw new NotPlain();
  return isItem(peek(reader)!.text) ? readList(reader, at) : readMap(reader, at);
}

function isItem(text: string): boolean {
  return text === '-' || text.startsWith('- ');
}

function readMap(reader: Reader, { indent, depth }: At): unknown {
  const map: { [name: string]: unknown } = {};
  reader.starts.set(map, reader.at + 1);
  for (let line = peek(reader); line !== null && line.indent >= indent; line = peek(reader)) {
    const entry = line.indent === indent ? ENTRY.exec(line.text) : null;
    const key = entry?.[1] ?? entry?.[2];
    if (key === undefined || key === '__proto__' || Object.hasOwn(map, key)) throw new NotPlain();
    reader.at++;
    map[key] = readValue(reader, { written: entry![3] ?? '', indent, depth, mayHoldList: true });
  }
  return map;
}

function readList(reader: Reader, { indent, depth }: At): unknown {
  const list: unknown[] = [];
  reader.starts.set(list, reader.at + 1);
  for (let line = peek(reader); line !== null && line.indent >= indent; line = peek(reader)) {
    if (line.indent > indent) throw new NotPlain();
    // A map's list may stand at the map's own indent: the next key ends it.
    if (!isItem(line.text)) break;
    const [, space, rest] = ITEM.exec(line.text) ?? [];
    if (space !== undefined && rest !== undefined && ENTRY.test(rest)) {
      // A map that begins behind the dash: the dash is read as part of its indent.
      const column = indent + 1 + space.length;
      reader.lines[reader.at] = ' '.repeat(column) + rest;
      list.push(readMap(reader, { indent: column, depth: depth + 1 }));
      continue;
    }
    reader.at++;
    list.push(readValue(reader, { written: rest ?? '', indent, depth, mayHoldList: false }));
  }
  return list;
}

type Written = At & { readonly written: string; readonly mayHoldList: boolean };

/** What stands behind a colon or a dash, or in the lines below it. */
function readValue(reader: Reader, at: Written): unknown {
  const { written, indent, depth } = at;
  if (written === '' || written.startsWith('#')) {
    const next = peek(reader);
    if (next === null || next.indent < indent) return null;
    const isBelow = next.indent > indent || (at.mayHoldList && isItem(next.text));
    return isBelow ? readBlock(reader, { indent: next.indent, depth: depth + 1 }) : null;
  }
  if (written.startsWith('|') || written.startsWith('>')) return readText(reader, at);
  const line = reader.at;
  const read = plainScalar(written, (node) => reader.starts.set(node, line));
  if (read === null) throw new NotPlain();
  const next = peek(reader);
  // A deeper line would go on with the text.
  if (next !== null && next.indent > indent) throw new NotPlain();
  return read.value;
}

/** Text in lines of its own: `|` keeps them, `>` joins them; `-` drops the last line end. */
function readText(reader: Reader, { written, indent }: Written): string {
  if (!/^[|>]-?$/.test(written)) throw new NotPlain();
  const first = reader.lines[reader.at] ?? '';
  const column = first.length - first.trimStart().length;
  if (column <= indent || first.trim() === '') throw new NotPlain();
  const lines: string[] = [];
  for (; reader.at < reader.lines.length; reader.at++) {
    const line = reader.lines[reader.at]!;
    const isBlank = line.trim() === '';
    if (isBlank && line.length > column) throw new NotPlain();
    if (!isBlank && !line.startsWith(first.slice(0, column))) break;
    lines.push(line.slice(column));
  }
  while (lines.at(-1) === '') lines.pop();
  const after = peek(reader);
  if (after !== null && after.indent > indent) throw new NotPlain();
  const end = written.endsWith('-') ? '' : '\n';
  if (written.startsWith('|')) return lines.join('\n') + end;
  if (lines.some((line) => line.startsWith(' '))) throw new NotPlain();
  // One line end between two lines is a space; each empty line is a line end.
  return (
    lines.join('\n').replace(/\n+/g, (ends) => (ends.length === 1 ? ' ' : '\n'.repeat(ends.length - 1))) + end
  );
}
