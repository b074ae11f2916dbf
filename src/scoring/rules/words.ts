// Reasons: what was expected and what was there, short, on one line, and fit for a terminal whatever a model wrote.
import type { Json } from '../../core/json.ts';
import type { CallCheck, ValueCheck } from '../../core/scoring.ts';
import { sanitizeLine } from '../../core/text.ts';

const MAX_QUOTE = 120;
const MAX_REASON = 600;

/** Of text that a model or a file wrote. */
export function quote(text: string, most: number = MAX_QUOTE): string {
  return `"${clip(text, most)}"`;
}

export function show(value: Json | undefined): string {
  if (value === undefined) return 'not there';
  if (typeof value === 'string') return quote(value);
  return clip(shortJson(value), MAX_QUOTE);
}

/** Cut before it is made safe: a megabyte is not worth a look for the sake of its first line. */
export function clip(text: string, most: number): string {
  const cut = text.length > most;
  return sanitizeLine(cut ? text.slice(0, most) : text) + (cut ? '…' : '');
}

export function reason(text: string): string {
  return clip(text, MAX_REASON);
}

export function showCall(call: {
  readonly name: string;
  readonly arguments: { readonly [name: string]: Json | undefined };
}): string {
  const args = Object.entries(call.arguments).slice(0, 12);
  return `${clip(call.name, 80)}(${args.map(([name, value]) => `${clip(name, 40)}: ${show(value)}`).join(', ')})`;
}

export function showExpectedCall({ names, arguments: checks }: CallCheck): string {
  const name = names.length === 0 ? 'any tool' : names.map((one) => clip(one, 80)).join(' or ');
  const wanted = Object.entries(checks).map(([path, check]) => `${clip(path, 40)} ${showCheck(check)}`);
  return wanted.length === 0 ? name : `${name} with ${wanted.join(', ')}`;
}

/** `equal to "Lunch"`, `at least 3 and at most 5` */
export function showCheck(check: ValueCheck): string {
  return Object.entries(check)
    .map(([name, wanted]) => CHECK_WORDS[name as keyof ValueCheck](wanted as Json))
    .join(' and ');
}

const CHECK_WORDS: { readonly [name in keyof ValueCheck]-?: (wanted: Json) => string } = {
  equals: (wanted) => show(wanted),
  contains: (wanted) => `that contains ${show(wanted)}`,
  regex: (wanted) => `that matches /${clip(String(wanted), MAX_QUOTE)}/`,
  schema: () => 'of the schema',
  one_of: (wanted) => `one of ${show(wanted)}`,
  same_items: (wanted) => `with the items ${show(wanted)}`,
  at_least: (wanted) => `at least ${show(wanted)}`,
  at_most: (wanted) => `at most ${show(wanted)}`,
  at: (wanted) => `at ${clip(String(wanted), 40)}`,
  before: (wanted) => `before ${clip(String(wanted), 40)}`,
  after: (wanted) => `after ${clip(String(wanted), 40)}`,
  time: (wanted) => `at the time of day ${clip(String(wanted), 40)}`,
  present: (wanted) => (wanted === false ? 'that is not there' : 'that is there'),
};

/** Of large values only the beginning is written. */
function shortJson(value: Json): string {
  let room = MAX_QUOTE * 4;
  return (
    JSON.stringify(value, (_, member: unknown) => {
      if (room <= 0) return undefined;
      room -= typeof member === 'string' ? Math.min(member.length, MAX_QUOTE) : 4;
      return typeof member === 'string' ? member.slice(0, MAX_QUOTE) : member;
    }) ?? 'null'
  );
}
