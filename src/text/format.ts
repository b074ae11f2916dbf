// Numbers as people read them: counts, durations, money, rates. The same text in every table and every line.

/** `12,345`. Not by locale: tables must be the same on every machine. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `120 tasks`, `1 task`. */
export function formatAmount(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`;
  const plural = noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${formatCount(count)} ${plural}`;
}

/** `0 ms`, `850 ms`, `1.2 s`, `3m 04s`, `2h 05m`, `3d 04h`. Of nothing: `-`. */
export function formatDuration(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return '-';
  const whole = Math.max(0, Math.round(ms));
  if (whole < 1_000) return `${whole} ms`;
  // What would be printed as 60.0 s is a minute.
  if (whole < 59_950) return `${(whole / 1_000).toFixed(1)} s`;
  const seconds = Math.round(whole / 1_000);
  if (seconds < HOUR_S) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < DAY_MIN) return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)}d ${two(hours % 24)}h`;
}

/** For what is only estimated: `2 s`, not `2.0 s`. */
export function formatRoughDuration(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  return seconds < 60 ? `${Math.max(0, seconds)} s` : formatDuration(seconds * 1_000);
}

/** Two numbers in one unit: `121/210 ms`, `1.2/3.4 s`, `62/180 s`. Of nothing: `-`. */
export function formatDurationPair(first: number | null, second: number | null): string {
  if (first === null || second === null) return '-';
  if (Math.max(first, second) < 1_000) return `${Math.round(first)}/${Math.round(second)} ms`;
  const digits = Math.max(first, second) < 100_000 ? 1 : 0;
  return `${(first / 1_000).toFixed(digits)}/${(second / 1_000).toFixed(digits)} s`;
}

/** `$0.0312`, `$1.23`, `$1,234.56`, `<$0.0001`, `$0`; what is not known is `unknown`, never 0. */
export function formatMoney(usd: number | null): string {
  if (usd === null) return 'unknown';
  if (usd === 0) return '$0';
  if (usd < 0.0001) return '<$0.0001';
  if (usd < 0.99995) return `$${usd.toFixed(4)}`;
  const cents = Math.round(usd * 100);
  return `$${formatCount(Math.floor(cents / 100))}.${two(cents % 100)}`;
}

/** Finished tasks a second: `31/s`, `2.5/s`; slower than one in two seconds by the minute: `12/min`. */
export function formatRate(perSecond: number): string {
  if (perSecond >= 9.95) return `${formatCount(perSecond)}/s`;
  if (perSecond >= 0.5) return `${perSecond.toFixed(1)}/s`;
  const perMinute = perSecond * 60;
  return `${perMinute < 9.95 ? perMinute.toFixed(1) : Math.round(perMinute)}/min`;
}

/** Whole percent, rounded down: 100% is said only of all. */
export function formatPercent(part: number, whole: number): string {
  return `${whole === 0 ? 100 : Math.floor((part / whole) * 100)}%`;
}

/** `2026-02-15 10:00:00` of an ISO time, in UTC. */
export function formatTime(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ');
}

const HOUR_S = 3_600;
const DAY_MIN = 24 * 60;

function two(number: number): string {
  return String(number).padStart(2, '0');
}
