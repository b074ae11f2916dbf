// ISO 8601 moments, of which a day alone is midnight and a time without an offset is UTC.

const MOMENT =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?$/i;

/** Milliseconds since 1970; null = no moment, or one that no calendar has. */
export function parseMoment(text: string): number | null {
  const match = MOMENT.exec(text.trim());
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    ...[number, number, number],
    ...[number, number, number],
  ];
  const offset = offsetMinutes(match[8]);
  if (hour > 23 || minute > 59 || second > 59 || offset === null) return null;
  const millis = Math.floor(Number(`0.${match[7] ?? '0'}`) * 1000);
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second, millis));
  // 30 February would become a day in March.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return date.getTime() - offset * 60_000;
}

/** `09:30` of a moment in UTC, or of a time of day with or without seconds; null = neither. A day alone has no time. */
export function timeOfDay(text: string): string | null {
  const alone = /^([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d(?:[.,]\d{1,9})?)?Z?$/i.exec(text.trim());
  if (alone) return `${alone[1]!.padStart(2, '0')}:${alone[2]}`;
  const moment = /[T ]/i.test(text.trim()) ? parseMoment(text) : null;
  return moment === null ? null : dateAndTime(moment).time;
}

/** `2026-02-17` and `11:00`, in UTC. */
export function dateAndTime(moment: number): { readonly date: string; readonly time: string } {
  const text = new Date(moment).toISOString();
  return { date: text.slice(0, 10), time: text.slice(11, 16) };
}

function offsetMinutes(text: string | undefined): number | null {
  if (text === undefined || /^z$/i.test(text)) return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(-2));
  if (hours > 23 || minutes > 59) return null;
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
