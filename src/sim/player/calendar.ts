// Days and times as numbers, in UTC: what the reader of times and the writer of arguments both count with.

export const WEEKDAYS = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
] as const;

export const DAY_MS = 86_400_000;

/** Later days are written with six digits and a sign, which no date format takes. */
const LAST_DAY = Date.UTC(9999, 11, 31);

/** Midnight (UTC) of the day that holds `time`. */
export function dayOf(time: number): number {
  return Math.floor(time / DAY_MS) * DAY_MS;
}

/** The first such weekday after the day of `time`. */
export function nextWeekday(time: number, weekday: Weekday): number {
  const today = dayOf(time);
  const ahead = (WEEKDAYS.indexOf(weekday) - new Date(today).getUTCDay() + 7) % 7;
  return today + (ahead === 0 ? 7 : ahead) * DAY_MS;
}

/** The next such date that is not before the day of `time`; null where the month has no such day. */
export function nextDate(
  time: number,
  date: { readonly month: number; readonly day: number },
): number | null {
  const year = new Date(time).getUTCFullYear();
  const thisYear = Date.UTC(year, date.month, date.day);
  const found = thisYear < dayOf(time) ? Date.UTC(year + 1, date.month, date.day) : thisYear;
  return new Date(found).getUTCDate() === date.day ? found : null;
}

/** The last day of a month, this year or the next. */
export function endOfMonth(time: number, month: number): number {
  const now = new Date(time);
  const year = now.getUTCFullYear() + (month < now.getUTCMonth() ? 1 : 0);
  return Date.UTC(year, month + 1, 0);
}

/** 2026-02-16 */
export function dateText(day: number): string {
  return new Date(Math.min(day, LAST_DAY)).toISOString().slice(0, 10);
}

/** 15:00 */
export function clockText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
