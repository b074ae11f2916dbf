// Guesses from a property's name what a tool wants to know, and takes it from what was read in the message.
import type { Json, JsonObject } from '../core/json.ts';
import { clockText, DAY_MS, dateText, dayOf } from './calendar.ts';
import type { Intent } from './intent.ts';
import { nameWords } from './tool-kit.ts';
import { startOf } from './when.ts';

export type Suggestion = {
  readonly value: Json;
  /** The message said so; otherwise it is only a usual value. */
  readonly known: boolean;
};

export type Property = { readonly name: string; readonly schema: JsonObject };

/** null = nothing in the message belongs here. */
export function suggest({ name, schema }: Property, intent: Intent): Suggestion | null {
  const words = nameWords(name);
  const has = (...any: readonly string[]) => any.some((word) => words.includes(word));
  const type = schema['type'];
  const { when } = intent;
  const isNumber = type === 'integer' || type === 'number';
  if (type === 'boolean') {
    return has('recurring', 'repeat', 'repeats', 'recurs', 'repeating') && !has('only')
      ? { value: intent.goal === 'recurring', known: true }
      : null;
  }
  if (has('interval')) return { value: when.repeat?.interval ?? 1, known: (when.repeat?.interval ?? 1) > 1 };
  if (has('duration', 'length')) return { value: when.durationMinutes ?? 60, known: when.durationMinutes !== null };
  if (type === 'array') return has('days', 'weekdays', 'day') ? weekdays(intent) : null;
  if (has('recurrence', 'frequency', 'repeat', 'cadence', 'rrule')) {
    return { value: when.repeat?.frequency ?? 'daily', known: when.repeat !== null && intent.goal !== 'once' };
  }
  if (has('status', 'state')) return status(intent);
  if (has('until') || (has('end') && has('date'))) {
    return { value: dateText(when.until ?? startOf(when).day + 30 * DAY_MS), known: when.until !== null };
  }
  if (words.length === 1 && has('from', 'since', 'to', 'through')) return span(intent, has('from', 'since') ? 0 : 1);
  const time = isNumber ? null : timeValue({ name, schema }, intent);
  if (time) return time;
  if (isNumber || Array.isArray(schema['enum'])) return null;
  if (has(...TITLES)) return { value: intent.title, known: intent.title !== '' && !(intent.goal === 'change' && has('title')) };
  return null;
}

const TITLES = ['title', 'name', 'summary', 'subject', 'task', 'item', 'event', 'reminder', 'label', 'what', 'query', 'text', 'message'];

function timeValue({ name, schema }: Property, { when }: Intent): Suggestion | null {
  const words = nameWords(name);
  const has = (...any: readonly string[]) => any.some((word) => words.includes(word));
  const format = schema['format'];
  const { day, minute } = startOf(when);
  const end = has('end', 'finish') ? (when.durationMinutes ?? 60) : 0;
  const time = Math.min(day + (minute + end) * 60_000, dayOf(day) + DAY_MS - 60_000);
  const clock = clockText(Math.round((time - day) / 60_000));
  const knownDay = when.day !== null;
  const known = knownDay || when.minute !== null;
  if (format === 'date-time' || has('datetime', 'timestamp') || (has('date') && has('time'))) {
    return { value: `${dateText(day)}T${clock}:00Z`, known };
  }
  if (format === 'date' || has('date', 'day')) return { value: dateText(day), known: knownDay };
  if (format === 'time') return { value: `${clock}:00Z`, known: when.minute !== null };
  if (has('time', 'hour', 'clock')) return { value: clock, known: when.minute !== null };
  return has('start', 'at', 'when', 'due') ? { value: `${dateText(day)}T${clock}:00Z`, known } : null;
}

function weekdays({ when }: Intent): Suggestion | null {
  const days = when.repeat?.days ?? [];
  return days.length === 0 ? null : { value: [...days], known: true };
}

function status({ phrases }: Intent): Suggestion | null {
  if (phrases.includes(' cancel ') || phrases.includes(' delete ')) return { value: 'cancelled', known: true };
  return phrases.includes(' pause ') ? { value: 'paused', known: true } : null;
}

function span({ when }: Intent, edge: 0 | 1): Suggestion {
  if (when.span) return { value: dateText(when.span[edge]), known: true };
  const day = when.day ?? dayOf(when.now) + edge * 7 * DAY_MS;
  return { value: dateText(day), known: when.day !== null };
}
