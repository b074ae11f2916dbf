// The language of the search box, read into terms. docs/view.md#search says it to users.
//
//   gym "two words" -refund tool:create_task arg.title:dentist tag:a,b score:<0.5 mark:failed,error -variant:baseline
//
// A name that is none of ours is no name: ids of scenarios have colons, too.
import { err, ok, type Result } from '../core/result.ts';
import { cutText, sanitizeLine } from '../core/text.ts';
import { MARKS, type Mark } from './matrix.ts';
import type { TextTerm } from './search-texts.ts';

export type NumberName = 'score' | 'tokens' | 'latency' | 'cost';
export type Comparing = '<' | '<=' | '>' | '>=' | '=';

export type Term =
  | TextTerm
  /** Of a row. */
  | { readonly kind: 'scenario' | 'category' | 'tag'; readonly values: readonly string[] }
  /** Of a run. */
  | { readonly kind: 'variant'; readonly values: readonly string[] }
  | { readonly kind: 'run'; readonly values: readonly number[] }
  | { readonly kind: 'mark'; readonly values: readonly Mark[] }
  | { readonly kind: NumberName; readonly is: Comparing; readonly value: number };

/** A row is shown where one of its runs fits all of `all`, and none of them fits one of `none`. */
export type Search = { readonly all: readonly Term[]; readonly none: readonly Term[] };

/** More terms than anybody types; a search is read for every request. */
const MAX_TERMS = 40;
const MAX_CHARS = 2_000;

/** @returns what is wrong in one sentence, where something is */
export function readSearch(text: string): Result<Search, string> {
  if (text.length > MAX_CHARS) return err(`the search is longer than ${MAX_CHARS} characters`);
  const words = wordsOf(text);
  if (words.length > MAX_TERMS) return err(`the search has more than ${MAX_TERMS} terms`);
  const all: Term[] = [];
  const none: Term[] = [];
  for (const word of words) {
    const term = termOf(word);
    if (term.kind === 'err') return term;
    (word.isNot ? none : all).push(term.value);
  }
  return ok({ all, none });
}

/** `name` null = a plain word, or a phrase; values are as between the quotes. */
type Word = {
  readonly isNot: boolean;
  readonly name: string | null;
  readonly value: string;
  readonly isQuoted: boolean;
};

/** A quote that nobody closed goes to the end: somebody types still. */
const WORD = /(-?)(?:([A-Za-z][\w.[\]-]*):)?(?:"([^"]*)(?:"|$)|(\S+)|(?=\s|$))/g;

function wordsOf(text: string): readonly Word[] {
  return [...text.matchAll(WORD)].flatMap(([whole, minus, name, quoted, plain]): readonly Word[] => {
    if (whole === '' || whole === '""') return [];
    // A minus alone is a word like another.
    if (name === undefined && quoted === undefined && plain === undefined) {
      return minus === '-' ? [{ isNot: false, name: null, value: '-', isQuoted: false }] : [];
    }
    const isQuoted = quoted !== undefined;
    return [{ isNot: minus === '-', name: name ?? null, value: quoted ?? plain ?? '', isQuoted }];
  });
}

type Reader = (name: string, value: string, isQuoted: boolean) => Result<Term, string>;

const lists =
  (kind: 'scenario' | 'category' | 'tag' | 'variant'): Reader =>
  (_, value, isQuoted) =>
    ok({ kind, values: isQuoted ? [value] : value.split(',').filter((one) => one !== '') });

const numbers =
  (kind: NumberName): Reader =>
  (name, value) => {
    const match = /^(<=|>=|<|>|=)?(\d+(?:\.\d+)?|\.\d+)(ms|s|%)?$/.exec(value);
    if (match === null)
      return err(`${name}:${said(value)} is no number; write for example ${EXAMPLES[kind]}`);
    const unit = match[3] === 's' ? 1_000 : match[3] === '%' ? 0.01 : 1;
    return ok({ kind, is: (match[1] ?? '=') as Comparing, value: Number(match[2]) * unit });
  };

const EXAMPLES: Readonly<Record<NumberName, string>> = {
  score: 'score:<0.5',
  tokens: 'tokens:>2000',
  latency: 'latency:>1.5s',
  cost: 'cost:>=0.01',
};

const marks: Reader = (name, value) => {
  const values = value
    .toLowerCase()
    .split(',')
    .filter((one) => one !== '');
  const unknown = values.find((one) => !MARKS.includes(one as Mark));
  if (unknown !== undefined) return err(`${name}:${said(unknown)} is no mark; there are ${MARKS.join(', ')}`);
  return ok({ kind: 'mark', values: values as Mark[] });
};

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['tool', (_, value) => ok({ kind: 'tool', name: value })],
  ['finish', (_, value) => ok({ kind: 'finish', word: value })],
  ['text', (_, value) => ok({ kind: 'word', text: value })],
  ['category', lists('category')],
  ['tag', lists('tag')],
  ['variant', lists('variant')],
  ['scenario', lists('scenario')],
  [
    'run',
    (name, value) => {
      const values = value.split(',').map(Number);
      if (values.some((run) => !Number.isSafeInteger(run) || run < 1))
        return err(`${name}:${said(value)} is no run; write for example run:2 or run:1,3`);
      return ok({ kind: 'run', values });
    },
  ],
  ['mark', marks],
  ['status', marks],
  ['score', numbers('score')],
  ['tokens', numbers('tokens')],
  ['latency', numbers('latency')],
  ['cost', numbers('cost')],
]);

/** As they are often written. */
const ALSO: ReadonlyMap<string, string> = new Map([
  ['tools', 'tool'],
  ['tags', 'tag'],
  ['arm', 'variant'],
  ['variants', 'variant'],
  ['categories', 'category'],
  ['id', 'scenario'],
  ['is', 'mark'],
]);

function termOf({ name, value, isQuoted }: Word): Result<Term, string> {
  if (name === null) return ok({ kind: 'word', text: value });
  const lower = name.toLowerCase();
  const argument = /^args?\.(.+)$/s.exec(name);
  const reader = argument ? undefined : READERS.get(ALSO.get(lower) ?? lower);
  if (argument === null && reader === undefined) {
    if (/^[<>=]/.test(value) && !isQuoted)
      return err(
        `${said(name)} is no number that runs have; there are ${Object.keys(EXAMPLES).join(', ')}. A text stands in quotes`,
      );
    return ok({ kind: 'word', text: `${name}:${value}` });
  }
  if (value === '' && argument === null)
    return err(`${said(name)}: says nothing; write what it should be behind the colon`);
  if (argument) return ok({ kind: 'argument', path: argument[1]!, text: value });
  return reader!(name, value, isQuoted);
}

/** Cut: it is said back to whoever typed it. */
function said(text: string): string {
  return cutText(sanitizeLine(text), { width: 60, from: 'end' });
}
