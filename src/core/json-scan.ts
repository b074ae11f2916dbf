// Places in JSON text: of a mistake, and of each value. The only file that imports `jsonc-parser`, whose visitor goes on behind a
// mistake; here the first one ends it. JSON.parse reads the values; it is many times faster, but it forgets where they stood,
// keeps one of two twins, and of a long number the digits that fit. JSON that people write is read by strict-json.ts.
import jsonc from 'jsonc-parser';
import { type JsonPath, lostNumber, MAX_DEPTH } from './canonical-input.ts';
import { err, ok, type Result, unreachable } from './result.ts';

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

/** `keepDepth`: how many levels below the root are kept. */
export function scanJson(
  text: string,
  { keepDepth }: { readonly keepDepth: number },
): Result<JsonSpan, JsonSyntaxError> {
  try {
    return ok(visited(text, keepDepth));
  } catch (error) {
    if (error instanceof ScanStop) return err(error.problem);
    throw error;
  }
}

/** The place of a path: as deep as the text goes along with it. */
export function findInJson(
  text: string,
  input: { readonly root: JsonSpan; readonly path: JsonPath; readonly part: 'key' | 'value' },
): Spot {
  let span = input.root;
  let key: Spot | null = null;
  // Where the text begins that `span` counts from.
  let base = 0;
  for (const step of input.path) {
    if (span.members.length === 0 && span.items.length === 0) {
      // Not kept at the first scan: this one value is scanned again, in full.
      const start = base + span.offset;
      const inside = scanJson(text.slice(start, start + span.length), { keepDepth: MAX_DEPTH });
      if (inside.kind === 'ok') [base, span] = [start, inside.value];
    }
    const member = span.members.findLast(({ name }) => name === step);
    const next = member?.value ?? (typeof step === 'number' ? span.items[step] : undefined);
    if (!next) break;
    key = member === undefined ? null : { ...member.key, offset: base + member.key.offset };
    span = next;
  }
  const offset = base + span.offset;
  const isNested = text[offset] === '{' || text[offset] === '[';
  return key !== null && (input.part === 'key' || isNested) ? key : { offset, length: span.length };
}

/** Leaves the visitor at the first mistake; it never leaves this file. */
class ScanStop extends Error {
  readonly problem: JsonSyntaxError;
  constructor(problem: JsonSyntaxError) {
    super(problem.message);
    this.problem = problem;
  }
}

function stop(code: string, message: string, { offset, length }: Spot, hint: string | null = null): ScanStop {
  return new ScanStop({ code, message, hint, offset, length });
}

function wrong(message: string, spot: Spot): ScanStop {
  return stop('json-syntax', `not valid JSON: ${message}`, spot);
}

/** An object or a list that has begun and has not ended. */
type Open = {
  readonly offset: number;
  readonly close: '}' | ']';
  readonly members: JsonMember[];
  readonly items: JsonSpan[];
  readonly names: Set<string>;
  /** Of the member that is read. */
  name: { readonly name: string; readonly key: Spot } | null;
};

type Expected = 'value' | 'name' | 'colon' | 'comma' | 'end';

function visited(text: string, keepDepth: number): JsonSpan {
  const open: Open[] = [];
  let expected: Expected = 'value';
  let comma = 0;
  let root: JsonSpan | null = null;

  const mistake = (offset: number): ScanStop =>
    mistakeAt(text, { offset, expected, comma, close: open.at(-1)?.close ?? null });
  const begin = (offset: number, close: Open['close']): void => {
    if (open.length > MAX_DEPTH)
      throw stop('too-deep', `nested deeper than ${MAX_DEPTH} levels`, { offset, length: 1 });
    open.push({ offset, close, members: [], items: [], names: new Set(), name: null });
    expected = close === '}' ? 'name' : 'value';
  };
  const end = (offset: number): void => {
    const { offset: start, close, members, items } = open.at(-1)!;
    // The visitor says so as well where the text ends before its bracket does.
    if (text[offset] !== close) throw mistake(offset);
    open.pop();
    add({ offset: start, length: offset + 1 - start, members, items });
  };
  const add = (span: JsonSpan): void => {
    const holder = open.at(-1);
    expected = holder === undefined ? 'end' : 'comma';
    if (holder === undefined) root = span;
    else if (open.length > keepDepth) return;
    else if (holder.name === null) holder.items.push(span);
    else holder.members.push({ ...holder.name, value: span });
  };

  jsonc.visit(
    text,
    {
      onObjectBegin: (offset) => begin(offset, '}'),
      onArrayBegin: (offset) => begin(offset, ']'),
      onObjectEnd: end,
      onArrayEnd: end,
      onObjectProperty(name, offset, length) {
        const holder = open.at(-1)!;
        const key = { offset, length };
        if (holder.names.has(name))
          throw stop('duplicate-key', `${JSON.stringify(name)} is twice in this object`, key);
        holder.names.add(name);
        holder.name = { name, key };
        expected = 'colon';
      },
      onSeparator(character, offset) {
        if (character === ',') comma = offset;
        expected = character === ':' || open.at(-1)!.close === ']' ? 'value' : 'name';
      },
      onLiteralValue(value, offset, length) {
        // `01` and `1x` are two words to the visitor.
        const bad = typeof value === 'string' ? null : wordMistake(text, offset);
        if (bad !== null) throw bad;
        add({ offset, length, members: NONE, items: NONE });
      },
      onError(_, offset) {
        throw mistake(offset);
      },
    },
    { disallowComments: true },
  );
  return root!;
}

const NONE: readonly never[] = [];

/** The visitor's codes say what it goes on with; what would have been right follows from what was read before. */
function mistakeAt(
  text: string,
  input: {
    readonly offset: number;
    readonly expected: Expected;
    readonly comma: number;
    readonly close: Open['close'] | null;
  },
): ScanStop {
  const { offset, expected, comma, close } = input;
  const spot = { offset, length: 1 };
  const isEnd = offset >= text.length;
  switch (expected) {
    case 'end':
      return wrong('the JSON value has ended; nothing may follow', spot);
    case 'colon':
      return wrong('":" is expected here', spot);
    case 'comma':
      return wrong(
        isEnd ? `the text ends here, but "${close}" is missing` : `"," or "${close}" is expected here`,
        spot,
      );
    case 'name':
    case 'value':
      if (!isEnd && text[offset] === close && /^,\s*$/.test(text.slice(comma, offset)))
        return wrong(`no comma may stand before "${close}"`, { offset: comma, length: 1 });
      if (text[offset] === '"') return stringMistake(text, offset);
      if (expected === 'name') return wrong("a member's name in double quotes is expected here", spot);
      return wordMistake(text, offset) ?? behindWord(text, input);
    default:
      return unreachable(expected);
  }
}

/** There is no word, or a sound one with something behind it that the visitor takes for a part of it. */
function behindWord(text: string, input: Parameters<typeof mistakeAt>[1]): ScanStop {
  const { offset, close } = input;
  const word = wordAt(text, offset);
  if (word !== '')
    return mistakeAt(text, {
      ...input,
      offset: offset + word.length,
      expected: close === null ? 'end' : 'comma',
    });
  const isEnd = offset >= text.length;
  return wrong(isEnd ? 'the text ends where a value is expected' : 'a value is expected here', {
    offset,
    length: 1,
  });
}

/** A string in which something is wrong, and where in it: the visitor knows where it begins. */
function stringMistake(text: string, start: number): ScanStop {
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at]!;
    if (character === '\n' || character === '\r') return wrong(UNCLOSED, { offset: at, length: 1 });
    if (character < ' ') return wrong('a control character needs a \\ escape', { offset: at, length: 1 });
    if (character !== '\\') continue;
    const written = text.slice(at + 1, at + 6);
    if (!/^(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.test(written))
      return wrong('this \\ escape does not exist', { offset: at, length: 2 });
    at++;
  }
  return wrong(UNCLOSED, { offset: text.length, length: 1 });
}

const UNCLOSED = 'the closing double quote is missing';

const WORD = /[^\s,:{}[\]"]+/y;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

function wordAt(text: string, offset: number): string {
  WORD.lastIndex = offset;
  return WORD.exec(text)?.[0] ?? '';
}

/** null: there is none, or it is right. */
function wordMistake(text: string, offset: number): ScanStop | null {
  const word = wordAt(text, offset);
  if (word === '' || word === 'true' || word === 'false' || word === 'null') return null;
  const spot = { offset, length: word.length };
  if (!NUMBER.test(word)) {
    const shown = JSON.stringify(word.slice(0, 40));
    return wrong(`${shown} is no JSON value; text stands in double quotes`, spot);
  }
  const lost = lostNumber(word);
  return lost && stop('bad-number', lost.message, spot, lost.hint);
}
