// A moment as people and programs write it: ISO 8601, or as log prints it. Pure.

/**
 * Milliseconds since 1970; without an offset it is UTC, whatever zone this machine is in. null = it is none: a day that no
 * calendar has (30 February) would else be one in March.
 */
export function writtenTime(text: string): number | null {
  const [day, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)/.exec(text) ?? [];
  if (day === undefined || !isDay({ year: Number(year), month: Number(month), date: Number(date) }))
    return null;
  const iso = text.replace(`${day} `, `${day}T`).replace(/ ?(?:UTC|GMT)$/i, 'Z');
  const hasOffset = iso === day || /(?:Z|[+-]\d\d:?\d\d)$/i.test(iso);
  const ms = Date.parse(hasOffset ? iso : `${iso}Z`);
  return Number.isNaN(ms) ? null : ms;
}

type Day = { readonly year: number; readonly month: number; readonly date: number };

function isDay({ year, month, date }: Day): boolean {
  const day = new Date(0);
  day.setUTCFullYear(year, month - 1, date);
  return day.getUTCMonth() === month - 1 && day.getUTCDate() === date;
}
