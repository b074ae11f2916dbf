// ISO 8601 moments, of which a day alone is midnight and a time without an offset is UTC.

/** A row for each way to write a day; the basic form is the same without hyphens. */
const DAYS = [
  String.raw`(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)`,
  String.raw`(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)`,
  String.raw`(?<year>\d{4})-?W(?<week>\d\d)-?(?<weekday>[1-7])`,
  String.raw`(?<year>\d{4})-?(?<ordinal>\d{3})`,
];

/** Hours alone, with minutes, with seconds, and the last of them with a fraction. */
const TIME = String.raw`(?<hour>\d\d)(?::?(?<minute>\d\d)(?::?(?<second>\d\d))?)?(?:[.,](?<fraction>\d{1,20}))?`;
const OFFSET = String.raw`(?<offset>Z|[-+−]\d\d(?::?\d\d)?)?`;

/** One name twice in a pattern is more than Node 22 can read: a pattern for each way. */
const MOMENTS = DAYS.map((day) => new RegExp(`^${day}(?:[T ]${TIME}${OFFSET})?$`, 'i'));
const ALONE = [
  new RegExp(`^T${TIME}${OFFSET}$`, 'i'),
  new RegExp(
    String.raw`^(?<hour>\d\d?):(?<minute>\d\d)(?::(?<second>\d\d)(?:[.,]\d{1,20})?)?${OFFSET}$`,
    'i',
  ),
];

type Groups = { readonly [name: string]: string | undefined };

/** Milliseconds since 1970; null = no moment, or one that no calendar has. */
export function parseMoment(text: string): number | null {
  const groups = firstOf(MOMENTS, text);
  if (!groups) return null;
  const day = dayOf(groups);
  const time = timeOf(groups);
  const offset = offsetMinutes(groups.offset);
  return day === null || time === null || offset === null ? null : day + time - offset * 60_000;
}

/** `09:30` of a moment in UTC, or of a time of day with or without seconds; null = neither. A day alone has no time. */
export function timeOfDay(text: string): string | null {
  const groups = firstOf(ALONE, text);
  if (groups) {
    const time = timeOf(groups);
    const offset = offsetMinutes(groups.offset);
    return time === null || offset === null ? null : dateAndTime(time - offset * 60_000).time;
  }
  const moment = /[T ]/i.test(text.trim()) ? parseMoment(text) : null;
  return moment === null ? null : dateAndTime(moment).time;
}

/** `2026-02-17` and `11:00`, in UTC. */
export function dateAndTime(moment: number): { readonly date: string; readonly time: string } {
  const text = new Date(moment).toISOString();
  return { date: text.slice(0, 10), time: text.slice(11, 16) };
}

function firstOf(patterns: readonly RegExp[], text: string): Groups | undefined {
  for (const pattern of patterns) {
    const groups = pattern.exec(text.trim())?.groups;
    if (groups) return groups;
  }
  return undefined;
}

const DAY_MS = 86_400_000;

function dayOf({ year, month, day, week, weekday, ordinal }: Groups): number | null {
  const y = Number(year);
  if (ordinal !== undefined) {
    const at = utc(y, 0, Number(ordinal));
    return Number(ordinal) > 0 && new Date(at).getUTCFullYear() === y ? at : null;
  }
  if (week !== undefined) return weekDay(y, { week: Number(week), weekday: Number(weekday) });
  const date = new Date(utc(y, Number(month) - 1, Number(day)));
  // 30 February would become a day in March.
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day)
    ? date.getTime()
    : null;
}

/** Week 1 is the one with 4 January, and begins on its Monday (ISO 8601). */
function weekDay(
  year: number,
  { week, weekday }: { readonly week: number; readonly weekday: number },
): number | null {
  const monday = (y: number): number => {
    const fourth = utc(y, 0, 4);
    return fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * DAY_MS;
  };
  const start = monday(year) + (week - 1) * 7 * DAY_MS;
  return week > 0 && start < monday(year + 1) ? start + (weekday - 1) * DAY_MS : null;
}

/** Date.UTC takes the years before 100 for those of the last century. */
function utc(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month, day);
}

/** 24:00 is the end of the day; a second 60 was put in by the clocks of the world, and is the next one's first. */
function timeOf({ hour, minute, second, fraction }: Groups): number | null {
  const [h, m, s] = [Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0)];
  const part = Number(`0.${fraction ?? '0'}`);
  if (h > 24 || m > 59 || s > 60 || (s === 60 && m !== 59)) return null;
  if (h === 24 && (m > 0 || s > 0 || part > 0)) return null;
  const unit = second !== undefined ? 1000 : minute !== undefined ? 60_000 : 3_600_000;
  return h * 3_600_000 + m * 60_000 + s * 1000 + Math.floor(part * unit);
}

function offsetMinutes(text: string | undefined): number | null {
  if (text === undefined || /^z$/i.test(text)) return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(3).replace(':', '') || 0);
  if (hours > 23 || minutes > 59) return null;
  return (/^[-−]/.test(text) ? -1 : 1) * (hours * 60 + minutes);
}
