// Takes what a tool wants to know from what was read in the message.
import type { Json } from '../../core/json.ts';
import { unreachable } from '../../core/result.ts';
import { clockText, DAY_MS, dateText, dayOf } from './calendar.ts';
import type { Intent } from './intent.ts';
import type { Role } from './roles.ts';
import { startOf } from './when.ts';

export type Suggestion = {
  readonly value: Json;
  /** The message said so; otherwise it is only a usual value. */
  readonly known: boolean;
};

const MINUTE_MS = 60_000;

/** null = nothing in the message belongs here. */
export function suggest(role: Role, intent: Intent): Suggestion | null {
  const { when, goal } = intent;
  switch (role) {
    case 'title':
      return { value: intent.title, known: intent.title !== '' };
    case 'new-title':
      return { value: intent.title, known: intent.title !== '' && goal !== 'change' };
    case 'repeats':
      return { value: goal === 'recurring', known: true };
    case 'frequency':
      return { value: when.repeat?.frequency ?? 'daily', known: when.repeat !== null && goal !== 'once' };
    case 'interval':
      return { value: when.repeat?.interval ?? 1, known: (when.repeat?.interval ?? 1) > 1 };
    case 'weekdays':
      return when.repeat && when.repeat.days.length > 0
        ? { value: [...when.repeat.days], known: true }
        : null;
    case 'duration':
      return { value: when.durationMinutes ?? 60, known: when.durationMinutes !== null };
    case 'status':
      return status(intent);
    case 'from':
      return edge(intent, 0);
    case 'to':
      return edge(intent, 1);
    case 'until':
      return { value: dateText(when.until ?? startOf(when).day + 30 * DAY_MS), known: when.until !== null };
    case 'date':
      return { value: dateText(startOf(when).day), known: when.day !== null };
    case 'date-time':
      return { value: `${at(intent, 0)}:00Z`, known: when.day !== null || when.minute !== null };
    case 'end-date-time':
      return { value: `${at(intent, when.durationMinutes ?? 60)}:00Z`, known: when.durationMinutes !== null };
    case 'time':
      return { value: at(intent, 0).slice(-5), known: when.minute !== null };
    case 'end-time':
      return {
        value: at(intent, when.durationMinutes ?? 60).slice(-5),
        known: when.durationMinutes !== null,
      };
    case 'full-time':
      return { value: `${at(intent, 0).slice(-5)}:00Z`, known: when.minute !== null };
    case 'unknown':
      return null;
    default:
      return unreachable(role);
  }
}

/** 2026-02-16T15:00: the start, or so many minutes after it, but still on the same day. */
function at({ when }: Intent, minutesLater: number): string {
  const { day, minute } = startOf(when);
  const time = Math.min((minute + minutesLater) * MINUTE_MS, DAY_MS - MINUTE_MS);
  return `${dateText(day)}T${clockText(Math.floor(time / MINUTE_MS))}`;
}

function status({ phrases }: Intent): Suggestion | null {
  if (phrases.includes(' cancel ') || phrases.includes(' delete '))
    return { value: 'cancelled', known: true };
  return phrases.includes(' pause ') ? { value: 'paused', known: true } : null;
}

/** First or last day that is asked about. */
function edge({ when }: Intent, side: 0 | 1): Suggestion {
  if (when.span) return { value: dateText(when.span[side]), known: true };
  const day = when.day ?? dayOf(when.now) + side * 7 * DAY_MS;
  return { value: dateText(day), known: when.day !== null };
}
