// Reads times, days, repetitions and durations out of a message's words, and marks the words that it understood.
import { DAY_MS, dayOf, WEEKDAYS } from './calendar.ts';
import type { Findings, When } from './findings.ts';
import { readClock } from './when-clock.ts';
import { readDay } from './when-day.ts';
import { readRepeat } from './when-repeat.ts';
import type { Word } from './words.ts';

export function readWhen(words: readonly Word[], now: number): When {
  const found: Findings = {
    now,
    day: null,
    minute: null,
    vagueMinute: false,
    durationMinutes: null,
    repeat: null,
    until: null,
    span: null,
  };
  for (let at = 0; at < words.length; ) {
    const length = readRepeat(words, at, found) || readDay(words, at, found) || readClock(words, at, found);
    for (let i = at; i < at + length; i++) words[i]!.taken = true;
    at += length || 1;
  }
  return found;
}

/** The day and minute to act on: what is named, else what is usual. */
export function startOf(when: When): { readonly day: number; readonly minute: number } {
  const minute = when.minute ?? 9 * 60;
  if (when.day !== null) return { day: when.day, minute };
  const today = dayOf(when.now);
  const laterToday = today + minute * 60_000 > when.now;
  const days = when.repeat?.days ?? [];
  for (let ahead = laterToday ? 0 : 1; days.length > 0 && ahead <= 7; ahead++) {
    const day = today + ahead * DAY_MS;
    if (days.includes(WEEKDAYS[new Date(day).getUTCDay()]!)) return { day, minute };
  }
  return { day: laterToday && (when.repeat || when.minute !== null) ? today : today + DAY_MS, minute };
}
