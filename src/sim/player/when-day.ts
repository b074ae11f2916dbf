// Days: "tomorrow", "on Tuesday", "next week", "in 3 days", "30 June", "2026-03-01", "until the end of March".
import {
  DAY_MS,
  dayOf,
  endOfMonth,
  MONTHS,
  nextDate,
  nextWeekday,
  WEEKDAYS,
  type Weekday,
} from './calendar.ts';
import { type Findings, numberAt } from './findings.ts';
import type { Word } from './words.ts';

/** How many words from `at` on name a day; 0 = none. */
export function readDay(words: readonly Word[], at: number, found: Findings): number {
  const first = words[at]!.lower;
  if (first === 'until' || first === 'till' || first === 'through') {
    const end = dayAt(words, at + 1, found.now);
    if (!end) return 0;
    found.until = end.day;
    return 1 + end.length;
  }
  const span = spanAt(words, at, found.now);
  if (span) {
    found.span = span.days;
    return span.length;
  }
  const lead = first === 'on' || first === 'by' ? 1 : 0;
  const named = dayAt(words, at + lead, found.now);
  if (!named) return 0;
  // The first day counts: "on Friday, not on Saturday".
  found.day ??= named.day;
  return lead + named.length;
}

type DayFound = { readonly day: number; readonly length: number };

function dayAt(words: readonly Word[], at: number, now: number): DayFound | null {
  const skip = ['the', 'next', 'this', 'coming'].includes(words[at]?.lower ?? '') ? 1 : 0;
  const first = words[at + skip]?.lower;
  if (first === undefined) return null;
  const today = dayOf(now);
  if (first === 'today' || first === 'tonight') return { day: today, length: skip + 1 };
  if (first === 'tomorrow') return { day: today + DAY_MS, length: skip + 1 };
  if ((WEEKDAYS as readonly string[]).includes(first)) {
    return { day: nextWeekday(now, first as Weekday), length: skip + 1 };
  }
  const found = dateAt(words, at + skip, now) ?? endAt(words, at + skip, now) ?? aheadAt(words, at, now);
  return found && { day: found.day, length: found.length + (found.from ?? at + skip) - at };
}

type PlacedDay = DayFound & { readonly from?: number };

/** 2026-03-01, 30 June, March 3rd. */
function dateAt(words: readonly Word[], at: number, now: number): PlacedDay | null {
  const number = words[at]?.number ?? null;
  const month = (MONTHS as readonly string[]).indexOf(words[at]?.lower ?? '');
  if (number !== null && words[at + 1]?.lower === '-' && words[at + 3]?.lower === '-') {
    const [monthNumber, day] = [words[at + 2]?.number, words[at + 4]?.number];
    if (number < 1970 || number > 9999 || monthNumber == null || day == null || monthNumber > 12 || day > 31)
      return null;
    return { day: Date.UTC(number, monthNumber - 1, day), length: 5 };
  }
  if (number !== null && number >= 1 && number <= 31) {
    let next = at + 1;
    if (isOrdinalEnding(words[next])) next++;
    if (words[next]?.lower === 'of') next++;
    const named = (MONTHS as readonly string[]).indexOf(words[next]?.lower ?? '');
    const day = named < 0 ? null : nextDate(now, { month: named, day: number });
    return day === null ? null : { day, length: next + 1 - at };
  }
  const dayNumber = words[at + 1]?.number ?? null;
  if (month < 0 || dayNumber === null || dayNumber < 1 || dayNumber > 31) return null;
  const day = nextDate(now, { month, day: dayNumber });
  return day === null ? null : { day, length: isOrdinalEnding(words[at + 2]) ? 3 : 2 };
}

function isOrdinalEnding(word: Word | undefined): boolean {
  return word !== undefined && ['st', 'nd', 'rd', 'th'].includes(word.lower);
}

/** "end of March", "end of the month". */
function endAt(words: readonly Word[], at: number, now: number): PlacedDay | null {
  if (words[at]?.lower !== 'end' || words[at + 1]?.lower !== 'of') return null;
  const named = words[at + 2]?.lower === 'the' || words[at + 2]?.lower === 'this' ? at + 3 : at + 2;
  const name = words[named]?.lower ?? '';
  const month = name === 'month' ? new Date(now).getUTCMonth() : (MONTHS as readonly string[]).indexOf(name);
  return month < 0 ? null : { day: endOfMonth(now, month), length: named + 1 - at };
}

const DAYS_IN: ReadonlyMap<string, number> = new Map([
  ['day', 1],
  ['days', 1],
  ['week', 7],
  ['weeks', 7],
  ['month', 30],
  ['months', 30],
]);

/** "in three days", "in two weeks". */
function aheadAt(words: readonly Word[], at: number, now: number): PlacedDay | null {
  if (words[at]?.lower !== 'in') return null;
  const amount = numberAt(words, at + 1);
  const unit = DAYS_IN.get(words[at + 2]?.lower ?? '');
  if (amount === null || unit === undefined || amount > 1_000) return null;
  return { day: dayOf(now) + amount * unit * DAY_MS, length: 3, from: at };
}

/** "this week", "next week", "this month", "the weekend". */
function spanAt(
  words: readonly Word[],
  at: number,
  now: number,
): { readonly days: readonly [number, number]; readonly length: number } | null {
  const lead = words[at]?.lower;
  const unit = words[at + 1]?.lower;
  if (lead !== 'this' && lead !== 'next' && lead !== 'the') return null;
  const today = dayOf(now);
  const untilSunday = (7 - new Date(today).getUTCDay()) % 7;
  if (unit === 'weekend') {
    const saturday = nextWeekday(now - DAY_MS, 'saturday');
    return { days: [saturday, saturday + DAY_MS], length: 2 };
  }
  if (unit !== 'week' && unit !== 'month') return null;
  if (lead === 'the') return null;
  if (unit === 'month') return { days: [today, endOfMonth(now, new Date(now).getUTCMonth())], length: 2 };
  const start = lead === 'next' ? today + (untilSunday + 1) * DAY_MS : today;
  return { days: [start, start + 6 * DAY_MS], length: 2 };
}
