// What is said of YAML: the library's error codes in sentences that say what to do, and values that JSON does not know. Pure.
import type { Spot } from '../errors/place.ts';

export type YamlProblem = {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly spot: Spot;
  readonly related: readonly { readonly message: string; readonly spot: Spot }[];
};

export function problemAt(code: string, spot: Spot): Omit<YamlProblem, 'message'> {
  return { code, spot, hint: null, related: [] };
}

/** A mistake as the library tells it. */
type Mistake = {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [start: number, end: number];
};

/** After the first few, syntax errors are echoes of each other. */
const MAX_SYNTAX_ERRORS = 5;

/** @param documents.openQuote the library misses a quote where the file ends; people look for where it begins */
export function syntaxProblems(
  text: string,
  documents: readonly { readonly mistakes: readonly Mistake[]; readonly openQuote: () => Spot | null }[],
): YamlProblem[] {
  return documents
    .flatMap(({ mistakes, openQuote }) =>
      mistakes.slice(0, MAX_SYNTAX_ERRORS).map((mistake) => syntaxProblem(text, { mistake, openQuote })),
    )
    .filter((one, i, all) => all.findIndex((other) => isSame(other, one)) === i)
    .filter((one, i, all) => i === 0 || !isEcho(text, { one, before: all[i - 1]! }))
    .filter((one, i, all) => !all.slice(0, i).some((before) => isAfterTab(text, { one, before })))
    .slice(0, MAX_SYNTAX_ERRORS);
}

function syntaxProblem(
  text: string,
  input: { readonly mistake: Mistake; readonly openQuote: () => Spot | null },
): YamlProblem {
  const { code, message, pos } = input.mistake;
  const [offset, end] = pos;
  const deeper = deeperLine(text, { code, offset });
  if (deeper !== null) return { ...problemAt('yaml-syntax', deeper), ...DEEPER };
  const quote = UNCLOSED.test(message) ? input.openQuote() : null;
  return {
    ...problemAt('yaml-syntax', quote ?? { offset, length: end - offset }),
    message: syntaxSentence(code, message),
    related: quoteAbove(text, text.lastIndexOf('\n', (quote?.offset ?? offset) - 1) + 1),
    hint: syntaxHint(code, { message, before: text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset) }),
  };
}

const UNCLOSED = /^Missing closing .quote/;

function isSame(a: YamlProblem, b: YamlProblem): boolean {
  return a.message === b.message && a.spot.offset === b.spot.offset;
}

/** The same advice for the same line. */
function isEcho(text: string, { one, before }: { one: YamlProblem; before: YamlProblem }): boolean {
  const between = text.slice(before.spot.offset, one.spot.offset);
  return one.hint !== null && one.hint === before.hint && !between.includes('\n');
}

/** What else is wrong with a line that a tab indents is not known before the tab is gone. */
function isAfterTab(text: string, { one, before }: { one: YamlProblem; before: YamlProblem }): boolean {
  if (before.hint !== HINTS.TAB_AS_INDENT) return false;
  const [from, to] = [before.spot.offset, one.spot.offset].toSorted((a, b) => a - b) as [number, number];
  return !text.slice(from, to).includes('\n');
}

/** A value that begins with a quote and does not end on its line: where quotes are amiss, the first of them is the one to look at. */
const OPEN_VALUE = /^[ ]*(?:- +)*[^\s#"'][^"'\n]*:[ ]+"(?:[^"\\\n]|\\.)*$/gm;

function quoteAbove(text: string, below: number): YamlProblem['related'] {
  const found = text.slice(0, below).matchAll(OPEN_VALUE).next().value;
  if (found === undefined) return [];
  const offset = found.index + found[0].indexOf('"');
  return [
    {
      message: 'here a quote opens that is not closed on its line',
      spot: { offset, length: found.index + found[0].length - offset },
    },
  ];
}

function syntaxSentence(code: string, message: string): string {
  if (message.includes('call stack')) return 'nested too deeply to be read';
  if (UNCLOSED.test(message)) return 'not valid YAML: the quote that opens here is never closed';
  return `not valid YAML: ${SENTENCES[code] ?? firstSentence(message)}`;
}

/** @param of.before what stands on the line before it */
function syntaxHint(
  code: string,
  { message, before }: { readonly message: string; readonly before: string },
): string | null {
  if (UNCLOSED.test(message)) return 'close it, or write a text of several lines under "|"';
  // `pass: >= 0.9`: to YAML a text over several lines begins there.
  if (code === 'UNEXPECTED_TOKEN' && /[:-]\s+>=?\s*$/.test(before)) {
    return 'text that starts with > needs quotes: ">= 0.9"';
  }
  return HINTS[code] ?? null;
}

const SENTENCES: { readonly [code: string]: string | undefined } = {
  BAD_INDENT: 'this line is indented differently from what it belongs to',
  BLOCK_AS_IMPLICIT_KEY: 'two "key: value" pairs stand on one line, or an indent is wrong',
  MISSING_CHAR: 'a closing quote, bracket or colon is missing',
  MULTILINE_IMPLICIT_KEY: 'this key has no ":" on its line',
  TAB_AS_INDENT: 'a tab indents this line',
  TAG_RESOLVE_FAILED: 'this tag is not known',
  UNEXPECTED_TOKEN: 'this does not belong here',
  BAD_DQ_ESCAPE: 'this \\ escape does not exist in double quotes',
  BAD_ALIAS: 'this alias or anchor has no proper name',
};

const HINTS: { readonly [code: string]: string | undefined } = {
  BLOCK_AS_IMPLICIT_KEY: 'text that holds ": " needs quotes',
  BAD_DQ_ESCAPE: 'single quotes take a backslash as it is',
  BAD_SCALAR_START: 'text that starts with this character needs quotes',
  MULTILINE_IMPLICIT_KEY: 'write "key: value", or indent the line if it continues a text',
  TAB_AS_INDENT: 'indent with spaces',
  TAG_RESOLVE_FAILED: 'data is plain here: leave the tag out',
};

function firstSentence(message: string): string {
  const sentence = message.split('\n')[0]!.slice(0, 200);
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

const INDENT_CODES: ReadonlySet<string> = new Set(['BLOCK_AS_IMPLICIT_KEY', 'MULTILINE_IMPLICIT_KEY']);

const DEEPER = {
  message: 'not valid YAML: this line is indented deeper than the one above it, which has its value already',
  hint: 'begin it where the line above begins, or write the value above on lines of its own',
};

/**
 * Where a line begins to speak that is indented deeper than the one before it, which holds a value already; null = it is
 * another mistake. The library points at the value, and says that a colon is missing there: who reads that looks at the wrong line.
 */
function deeperLine(text: string, input: { readonly code: string; readonly offset: number }): Spot | null {
  if (!INDENT_CODES.has(input.code)) return null;
  const start = text.lastIndexOf('\n', input.offset - 1) + 1;
  const end = text.indexOf('\n', input.offset);
  if (end < 0) return null;
  const own = /^( *)[^\s#:][^:\n]*: +\S/.exec(text.slice(start, end));
  const next = /^( *)(?=[^\s#:-][^:\n]*:(?:\s|$))/.exec(text.slice(end + 1));
  if (own === null || next === null || next[1]!.length <= own[1]!.length) return null;
  const from = end + 1 + next[1]!.length;
  const to = text.indexOf('\n', from);
  return { offset: from, length: (to < 0 ? text.length : to) - from };
}

type Foreign = { readonly code: string; readonly message: string; readonly hint: string };

const PLAIN_TAG = /^(?:!|tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq))$/;

/**
 * Values of YAML that JSON has not: bytes, dates, sets, ordered maps. The library makes objects of them, and those have no
 * canonical form; so they are told where they stand.
 * @param node of the library's
 * @returns null: what it holds is plain data, or is looked at by itself
 */
export function foreignValue(node: unknown): Foreign | null {
  const { tag, value } = (node ?? {}) as { readonly tag?: unknown; readonly value?: unknown };
  const named = typeof tag === 'string' && !PLAIN_TAG.test(tag) ? tag : null;
  // Under `%YAML 1.1` a bare date is one, without any tag.
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'symbol';
  if (named === null && !isObject) return null;
  const what = named?.replace('tag:yaml.org,2002:', '!!').slice(0, 60) ?? 'this kind of value';
  return {
    code: 'bad-tag',
    message: `${what} cannot be used here: values are those of JSON`,
    hint: 'text, numbers, true, false, null, lists and maps; write anything else as text in quotes',
  };
}

/** Braces that a map's reader cannot mean: `template: {{input}}`. */
export function bracesWords(written: string): { readonly message: string; readonly hint: string } {
  return {
    message: `${written} stands without quotes: to YAML braces are a map`,
    hint: `in quotes it is text: ${JSON.stringify(written)}`,
  };
}
