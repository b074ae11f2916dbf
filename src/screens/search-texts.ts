// Where texts are searched: what of a run is looked at, as one line in lower case, and whether a term is in it. A server keeps such
// lines in a file, a page makes them of what it holds: both find the same.
import type { Json } from '../core/json.ts';

export type TextTerm =
  | { readonly kind: 'word'; readonly text: string }
  /** A name, or its beginning and a star. */
  | { readonly kind: 'tool'; readonly name: string }
  /** `path` as in `due.date`; items of lists have the path of their list. An empty text = the argument is there. */
  | { readonly kind: 'argument'; readonly path: string; readonly text: string }
  | { readonly kind: 'finish'; readonly word: string };

export function isTextTerm(term: { readonly kind: string }): term is TextTerm {
  return KINDS.has(term.kind);
}

const KINDS = new Set(['word', 'tool', 'argument', 'finish']);

export type RunText = {
  readonly text: string | null;
  readonly toolCalls: readonly { readonly name: string; readonly arguments: Json }[];
  /** As the provider said it, and what it comes to: `refused`, `cut`, a kind of failure. */
  readonly finish: readonly string[];
};

/** Whether a term is in the texts of a row's scenario, and of one of its runs. @param place of the run in the row */
export type TextHits = { row(row: number): boolean; run(row: number, place: number): boolean };

export type TextFinder = {
  find(term: TextTerm): TextHits;
  /** How much was read so far, 0..1. */
  readonly searched: number;
};

// Of a line: finish BEGIN text (CALL name (PATH path VALUE text)*)*, and no other control character.
const BEGIN = '\u0001';
const CALL = '\u0002';
const PATH = '\u0003';
const VALUE = '\u0004';
const FINISH = '\u0005';

/** Of a call so much is looked at; what is nested deeper is looked at as text. */
const MAX_DEPTH = 6;

export function searchLine({ text, toolCalls, finish }: RunText): string {
  const calls = toolCalls.map(
    ({ name, arguments: given }) => `${CALL}${plain(name)}${valuesOf(given, '', 0)}`,
  );
  const ends = finish.map((word) => `${FINISH}${plain(word)}`).join('');
  return `${ends}${BEGIN}${plain(text ?? '')}${calls.join('')}`;
}

/** Of a scenario: words are all that is looked for in it. */
export function textLine(text: string): string {
  return searchLine({ text, toolCalls: [], finish: [] });
}

function valuesOf(value: Json, path: string, depth: number): string {
  if (value === null || typeof value !== 'object' || depth >= MAX_DEPTH) {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return `${PATH}${plain(path)}${VALUE}${plain(text)}`;
  }
  if (Array.isArray(value)) return value.map((item) => valuesOf(item, path, depth + 1)).join('');
  const below = (name: string): string => (path === '' ? name : `${path}.${name}`);
  return Object.entries(value)
    .map(([name, item]) => valuesOf(item as Json, below(name), depth + 1))
    .join('');
}

/** As texts are compared: in lower case, one form of each letter, no control characters. */
export function plain(text: string): string {
  const lower = text.normalize('NFC').toLowerCase();
  return lower.replace(/[\u0000-\u001f\s]+/g, ' ');
}

/** What a line that fits a term must hold, byte by byte: who has many lines looks for that first. */
export function needleOf(term: TextTerm): string {
  switch (term.kind) {
    case 'word':
      return plain(term.text);
    case 'tool':
      return `${CALL}${plain(term.name).replace(/\*$/, '')}`;
    case 'argument':
      return `${PATH}${plain(term.path)}${VALUE}`;
    default:
      return `${FINISH}${plain(term.word)}`;
  }
}

export function lineHolds(line: string, term: TextTerm): boolean {
  const needle = needleOf(term);
  switch (term.kind) {
    case 'word':
      return line.indexOf(needle, line.indexOf(BEGIN)) !== -1;
    case 'argument':
      return anyAt(line, needle, (after) => line.slice(after, endAt(line, after)).includes(plain(term.text)));
    default: {
      const isStart = term.kind === 'tool' && term.name.endsWith('*');
      return anyAt(line, needle, (after) => isStart || endAt(line, after) === after);
    }
  }
}

function anyAt(line: string, needle: string, fits: (after: number) => boolean): boolean {
  for (let at = line.indexOf(needle); at !== -1; at = line.indexOf(needle, at + 1))
    if (fits(at + needle.length)) return true;
  return false;
}

/** Where the next control character stands. */
function endAt(line: string, from: number): number {
  for (let at = from; at < line.length; at++) if (line.charCodeAt(at) < 0x08) return at;
  return line.length;
}

/** Of texts that are all there. `rows`: of the scenario: id, description, input. @param runs null = there is none */
export function findInTexts(texts: {
  row(row: number): string;
  run(row: number, place: number): RunText | null;
}): TextFinder {
  return {
    searched: 1,
    find: (term) => ({
      row: (row) => term.kind === 'word' && plain(texts.row(row)).includes(needleOf(term)),
      run(row, place) {
        const text = texts.run(row, place);
        return text !== null && lineHolds(searchLine(text), term);
      },
    }),
  };
}
