// A strict scanner over JSON text that keeps places: for mistakes only, and for the line on which each scenario starts.
// JSON.parse reads the values; it is many times faster, but it forgets where they stood, keeps one of two twins, and of a
// long number the digits that fit. Whoever reads JSON that people write comes through strict-json.ts.

import { type JsonPath, lostNumber, MAX_DEPTH } from './canonical-input.ts';
import { err, ok, type Result } from './result.ts';

export type Spot = { readonly offset: number; readonly length: number };

export type JsonMember = { readonly name: string; readonly key: Spot; readonly value: JsonSpan };

/** Where a value stands. Beyond the depth asked for, what is inside it is not kept. */
export type JsonSpan = Spot & {
  readonly members: readonly JsonMember[];
  readonly items: readonly JsonSpan[];
};

export type JsonSyntaxError = Spot & {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
};

/** `keepDepth`: how many levels below the root are kept. `at` is where in the text the value starts. */
export function scanJson(
  text: string,
  options: { readonly keepDepth: number; readonly at?: number; readonly until?: number },
): Result<JsonSpan, JsonSyntaxError> {
  const scan: Scan = {
    text,
    end: options.until ?? text.length,
    at: options.at ?? 0,
    keepDepth: options.keepDepth,
  };
  try {
    skipSpace(scan);
    const span = scanValue(scan, 0);
    skipSpace(scan);
    if (scan.at < scan.end) throw wrong(scan, 'the JSON value has ended; nothing may follow');
    return ok(span);
  } catch (error) {
    if (error instanceof ScanStop) return err(error.problem);
    throw error;
  }
}

/** The place of a path: as deep as the text goes along with it. */
export function findInJson(
  text: string,
  at: { readonly root: JsonSpan; readonly path: JsonPath; readonly part: 'key' | 'value' },
): Spot {
  let span = at.root;
  let key: Spot | null = null;
  for (const step of at.path) {
    if (span.members.length === 0 && span.items.length === 0) {
      // Not kept at the first scan: this one value is scanned again, in full.
      const inside = scanJson(text, {
        keepDepth: MAX_DEPTH,
        at: span.offset,
        until: span.offset + span.length,
      });
      if (inside.kind === 'ok') span = inside.value;
    }
    const member = span.members.findLast(({ name }) => name === step);
    const next = member?.value ?? (typeof step === 'number' ? span.items[step] : undefined);
    if (!next) break;
    key = member?.key ?? null;
    span = next;
  }
  const isNested = text[span.offset] === '{' || text[span.offset] === '[';
  return key !== null && (at.part === 'key' || isNested) ? key : { offset: span.offset, length: span.length };
}

type Scan = { readonly text: string; readonly end: number; readonly keepDepth: number; at: number };

/** Leaves the recursion at the first mistake; it never leaves this file. */
class ScanStop extends Error {
  readonly problem: JsonSyntaxError;
  constructor(problem: JsonSyntaxError) {
    super(problem.message);
    this.problem = problem;
  }
}

function wrong(scan: Scan, message: string, at: Spot = { offset: scan.at, length: 1 }): ScanStop {
  return stop('json-syntax', `not valid JSON: ${message}`, at);
}

function stop(code: string, message: string, { offset, length }: Spot, hint: string | null = null): ScanStop {
  return new ScanStop({ code, message, hint, offset, length });
}

function scanValue(scan: Scan, depth: number): JsonSpan {
  if (depth > MAX_DEPTH) {
    throw stop('too-deep', `nested deeper than ${MAX_DEPTH} levels`, { offset: scan.at, length: 1 });
  }
  const offset = scan.at;
  switch (scan.text[offset]) {
    case '{': {
      const members = scanMembers(scan, depth);
      return {
        offset,
        length: scan.at - offset,
        members: depth < scan.keepDepth ? members : NONE,
        items: NONE,
      };
    }
    case '[': {
      const items = scanItems(scan, depth);
      return {
        offset,
        length: scan.at - offset,
        members: NONE,
        items: depth < scan.keepDepth ? items : NONE,
      };
    }
    case '"':
      scanString(scan);
      break;
    default:
      scanWord(scan);
  }
  return { offset, length: scan.at - offset, members: NONE, items: NONE };
}

const NONE: readonly never[] = [];

function scanMembers(scan: Scan, depth: number): readonly JsonMember[] {
  const members = new Map<string, JsonMember>();
  scan.at++;
  skipSpace(scan);
  if (scan.text[scan.at] === '}') return skipOne(scan, NONE);
  for (;;) {
    const offset = scan.at;
    if (scan.text[offset] !== '"') throw wrong(scan, "a member's name in double quotes is expected here");
    scanString(scan);
    const key = { offset, length: scan.at - offset };
    const name = nameOf(scan.text.slice(offset, scan.at));
    if (members.has(name)) {
      throw stop('duplicate-key', `${JSON.stringify(name)} is twice in this object`, key);
    }
    skipSpace(scan);
    if (scan.text[scan.at] !== ':') throw wrong(scan, '":" is expected here');
    scan.at++;
    skipSpace(scan);
    members.set(name, { name, key, value: scanValue(scan, depth + 1) });
    if (!scanComma(scan, '}')) return [...members.values()];
  }
}

function nameOf(quoted: string): string {
  return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
}

function scanItems(scan: Scan, depth: number): readonly JsonSpan[] {
  const items: JsonSpan[] = [];
  scan.at++;
  skipSpace(scan);
  if (scan.text[scan.at] === ']') return skipOne(scan, NONE);
  for (;;) {
    const item = scanValue(scan, depth + 1);
    if (depth < scan.keepDepth) items.push(item);
    if (!scanComma(scan, ']')) return items;
  }
}

function skipOne<Value>(scan: Scan, value: Value): Value {
  scan.at++;
  return value;
}

/** True: another one follows. */
function scanComma(scan: Scan, close: string): boolean {
  skipSpace(scan);
  const character = scan.at < scan.end ? scan.text[scan.at] : undefined;
  if (character === close) return skipOne(scan, false);
  if (character === undefined) throw wrong(scan, `the text ends here, but "${close}" is missing`);
  if (character !== ',') throw wrong(scan, `"," or "${close}" is expected here`);
  const comma = { offset: scan.at, length: 1 };
  scan.at++;
  skipSpace(scan);
  if (scan.text[scan.at] === close) throw wrong(scan, `no comma may stand before "${close}"`, comma);
  return true;
}

function scanString(scan: Scan): void {
  // A loop and no regular expression: a text of megabytes must not fill the stack of a backtracking matcher.
  scan.at++;
  for (; scan.at < scan.end; scan.at++) {
    const code = scan.text.charCodeAt(scan.at);
    if (code === QUOTE) {
      scan.at++;
      return;
    }
    if (code === BACKSLASH) scanEscape(scan);
    else if (code < 0x20) break;
  }
  const isLineEnd = scan.at >= scan.end || /[\n\r]/.test(scan.text[scan.at]!);
  throw wrong(
    scan,
    isLineEnd ? 'the closing double quote is missing' : 'a control character needs a \\ escape',
  );
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Ends on the escape's last character. */
function scanEscape(scan: Scan): void {
  const next = scan.text[scan.at + 1] ?? '';
  if (next !== '' && '"\\/bfnrt'.includes(next)) {
    scan.at += 1;
  } else if (next === 'u' && /^[0-9a-fA-F]{4}$/.test(scan.text.slice(scan.at + 2, scan.at + 6))) {
    scan.at += 5;
  } else {
    throw wrong(scan, 'this \\ escape does not exist', { offset: scan.at, length: 2 });
  }
}

const WORD = /[^\s,:{}[\]"]+/y;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

function scanWord(scan: Scan): void {
  WORD.lastIndex = scan.at;
  const word = WORD.exec(scan.text)?.[0] ?? '';
  if (word === '')
    throw wrong(
      scan,
      scan.at >= scan.end ? 'the text ends where a value is expected' : 'a value is expected here',
    );
  const spot = { offset: scan.at, length: word.length };
  if (NUMBER.test(word)) {
    const lost = lostNumber(word);
    if (lost !== null) throw stop('bad-number', lost.message, spot, lost.hint);
  } else if (word !== 'true' && word !== 'false' && word !== 'null') {
    throw wrong(
      scan,
      `${JSON.stringify(word.slice(0, 40))} is no JSON value; text stands in double quotes`,
      spot,
    );
  }
  scan.at += word.length;
}

function skipSpace(scan: Scan): void {
  for (; scan.at < scan.end; scan.at++) {
    const code = scan.text.charCodeAt(scan.at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
  }
}
