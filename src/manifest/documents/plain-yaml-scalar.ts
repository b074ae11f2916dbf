// What may stand on one line behind a colon or a dash in plain YAML: a scalar, or a list or map in brackets.
import { textProblem } from '../../core/canonical-input.ts';
import { parseJson } from '../../core/json-text.ts';

/** null: something that the library has to decide. `started` is told each list and map. */
export function plainScalar(
  written: string,
  started: (node: object) => void,
): { readonly value: unknown } | null {
  const first = written[0]!;
  if (first !== '"' && first !== "'" && first !== '[' && first !== '{') return blockPlain(written);
  const cursor: Cursor = { text: written, at: 0, depth: 0, started };
  const read = readFlow(cursor);
  const rest = written.slice(cursor.at);
  // Behind it only a comment may follow, and a space before that.
  return read !== null && (rest.trim() === '' || /^ +#/.test(rest)) ? read : null;
}

type Read = { readonly value: unknown } | null;
type Cursor = { readonly text: string; at: number; depth: number; readonly started: (node: object) => void };

/** Unquoted text on a line of its own; commas and brackets inside it mean nothing. */
function blockPlain(written: string): Read {
  const comment = written.indexOf(' #');
  const text = (comment < 0 ? written : written.slice(0, comment)).trim();
  return text.includes(': ') || text.endsWith(':') ? null : resolve(text);
}

/** The characters that mean something at the start of a scalar; behind a dash there may be a number or the name of an option. */
const INDICATORS = '?:,[]{}#&*!|>\'"%@`~=<';

/** The core schema of YAML 1.2, without the numbers that are written in an unusual way. */
function resolve(text: string): Read {
  if (text === '' || INDICATORS.includes(text[0]!)) return null;
  if (/^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/.test(text))
    return text.startsWith('-0') ? null : { value: Number(text) };
  if ((text.startsWith('-') && !/^--?[A-Za-z]/.test(text)) || UNUSUAL_NUMBER.test(text)) return null;
  if (/^(?:null|Null|NULL)$/.test(text)) return { value: null };
  if (/^(?:true|True|TRUE)$/.test(text)) return { value: true };
  if (/^(?:false|False|FALSE)$/.test(text)) return { value: false };
  return { value: text };
}

const UNUSUAL_NUMBER =
  /^(?:[-+.]?\d[\d_.]*(?:[eE][-+]?\d+)?|0[xo][0-9a-fA-F]+|[-+]?\.(?:inf|Inf|INF|nan|NaN|NAN))$/;

function readFlow(cursor: Cursor): Read {
  switch (cursor.text[cursor.at]) {
    case '"':
      return readQuoted(cursor, DOUBLE);
    case "'":
      return readQuoted(cursor, SINGLE);
    case '[':
    case '{':
      return cursor.depth > 20 ? null : readBrackets(cursor);
    default: {
      FLOW_PLAIN.lastIndex = cursor.at;
      const text = FLOW_PLAIN.exec(cursor.text)?.[0];
      if (text === undefined) return null;
      cursor.at += text.length;
      return resolve(text.trim());
    }
  }
}

/** Escapes that JSON and YAML read alike. */
const DOUBLE = /"(?:[^"\\]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"/y;
const SINGLE = /'(?:[^']|'')*'/y;
/** A colon inside must touch what follows, as in a time, an id or an address. */
const FLOW_PLAIN = /(?:[^,[\]{}:#]|:(?=[A-Za-z0-9_/]))+/y;
const FLOW_KEY = /(?:([A-Za-z_][A-Za-z0-9_.-]*): +|"([ !#-[\]-~]*)": *)/y;

function readQuoted(cursor: Cursor, pattern: RegExp): Read {
  pattern.lastIndex = cursor.at;
  const quoted = pattern.exec(cursor.text)?.[0];
  if (quoted === undefined) return null;
  cursor.at += quoted.length;
  const value =
    pattern === DOUBLE ? (parseJson(quoted) as string) : quoted.slice(1, -1).replaceAll("''", "'");
  return textProblem(value) === null ? { value } : null;
}

function readBrackets(cursor: Cursor): Read {
  const isMap = cursor.text[cursor.at] === '{';
  const close = isMap ? '}' : ']';
  const list: unknown[] = [];
  const map: { [name: string]: unknown } = {};
  cursor.started(isMap ? map : list);
  cursor.depth++;
  cursor.at++;
  skipSpaces(cursor);
  if (cursor.text[cursor.at] !== close) {
    for (;;) {
      const key = isMap ? readKey(cursor) : '';
      if (key === null || (isMap && (key === '__proto__' || Object.hasOwn(map, key)))) return null;
      const read = readFlow(cursor);
      if (read === null) return null;
      if (isMap) map[key] = read.value;
      else list.push(read.value);
      skipSpaces(cursor);
      const mark = cursor.text[cursor.at];
      if (mark === close) break;
      if (mark !== ',') return null;
      cursor.at++;
      skipSpaces(cursor);
    }
  }
  cursor.at++;
  cursor.depth--;
  return { value: isMap ? map : list };
}

function readKey(cursor: Cursor): string | null {
  FLOW_KEY.lastIndex = cursor.at;
  const found = FLOW_KEY.exec(cursor.text);
  if (found === null) return null;
  cursor.at += found[0].length;
  return found[1] ?? found[2]!;
}

function skipSpaces(cursor: Cursor): void {
  while (cursor.text[cursor.at] === ' ') cursor.at++;
}
