// Guesses from a property's name and type what a tool wants to know.
import type { JsonObject } from '../../core/json.ts';
import { nameWords } from '../wire/tool-kit.ts';
import { typeOf } from './schema-shape.ts';

export type Role =
  | 'title'
  /** A title that is only given to change it. */
  | 'new-title'
  | 'date-time'
  | 'end-date-time'
  | 'date'
  | 'time'
  | 'end-time'
  /** RFC 3339 time of day, with seconds and offset. */
  | 'full-time'
  | 'from'
  | 'to'
  | 'until'
  | 'duration'
  | 'repeats'
  | 'frequency'
  | 'interval'
  | 'weekdays'
  | 'status'
  | 'unknown';

export type Property = { readonly name: string; readonly schema: JsonObject };

/** Tools of a run repeat in each request: their names are looked at once. Bounded, because names come from outside. */
const MAX_REMEMBERED = 2_000;
const MAX_NAME_CHARS = 128;

const remembered = new Map<string, Role>();

export function roleOf({ name, schema }: Property): Role {
  const type = typeOf(schema);
  const format = typeof schema.format === 'string' ? schema.format : '';
  const isChoice = Array.isArray(schema.enum);
  if (name.length > MAX_NAME_CHARS || format.length > MAX_NAME_CHARS) return 'unknown';
  const signature = `${type} ${format} ${isChoice} ${name}`;
  const known = remembered.get(signature);
  if (known) return known;
  const role = guess({ words: nameWords(name), type, format, isChoice });
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(signature, role);
  return role;
}

type Clues = {
  readonly words: readonly string[];
  readonly type: ReturnType<typeof typeOf>;
  readonly format: string;
  readonly isChoice: boolean;
};

function guess(clues: Clues): Role {
  const has = (...wanted: readonly string[]) => wanted.some((word) => clues.words.includes(word));
  switch (clues.type) {
    case 'boolean':
      return has('recurring', 'repeat', 'repeats', 'recurs', 'repeating') && !has('only')
        ? 'repeats'
        : 'unknown';
    case 'integer':
    case 'number':
      if (has('interval')) return 'interval';
      return has('duration', 'length') ? 'duration' : 'unknown';
    case 'array':
      return has('days', 'weekdays', 'day') ? 'weekdays' : 'unknown';
    case 'string':
      return guessText(clues);
    default:
      return 'unknown';
  }
}

function guessText({ words, format, isChoice }: Clues): Role {
  const has = (...wanted: readonly string[]) => wanted.some((word) => words.includes(word));
  if (has('recurrence', 'frequency', 'repeat', 'cadence')) return 'frequency';
  if (has('status', 'state')) return 'status';
  if (isChoice) return 'unknown';
  if (has('until') || (has('end') && has('date') && format !== 'date-time' && !has('time'))) return 'until';
  if (words.length === 1 && has('from', 'since')) return 'from';
  if (words.length === 1 && has('to', 'through')) return 'to';
  const isEnd = has('end', 'ends', 'finish');
  if (format === 'date-time' || has('datetime', 'timestamp') || (has('date') && has('time'))) {
    return isEnd ? 'end-date-time' : 'date-time';
  }
  if (format === 'date' || has('date', 'day')) return 'date';
  if (format === 'time') return 'full-time';
  if (has('time', 'clock')) return isEnd ? 'end-time' : 'time';
  if (has('start', 'at', 'when', 'due')) return 'date-time';
  if (has('title')) return 'new-title';
  return has(...TITLES) ? 'title' : 'unknown';
}

const TITLES = [
  'name',
  'summary',
  'subject',
  'task',
  'item',
  'event',
  'reminder',
  'label',
  'what',
  'query',
  'text',
  'message',
];
