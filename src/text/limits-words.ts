// What an account turned out to allow, in words.
import type { FoundLimits } from '../core/limit-memory.ts';
import { formatCount, formatRate } from './format.ts';

/** `19/s`, `19/s, burst 2`, `8 at once` */
export function limitsWords({ requests_per_s, burst, concurrency }: Omit<FoundLimits, 'lane'>): string {
  const parts = [
    ...(requests_per_s === null ? [] : [formatRate(requests_per_s)]),
    ...(burst === null ? [] : [`burst ${formatCount(burst)}`]),
    ...(concurrency === null ? [] : [`${formatCount(concurrency)} at once`]),
  ];
  return parts.join(', ');
}

const MINUTE_MS = 60_000;
const UNITS = [
  { ms: 24 * 60 * MINUTE_MS, name: 'day' },
  { ms: 60 * MINUTE_MS, name: 'hour' },
  { ms: MINUTE_MS, name: 'minute' },
];

/** `just now`, `5 minutes ago`, `2 hours ago`, `9 days ago` */
export function agoWords(ms: number): string {
  const unit = UNITS.find((one) => ms >= one.ms);
  if (unit === undefined) return 'just now';
  const count = Math.floor(ms / unit.ms);
  return `${count} ${unit.name}${count === 1 ? '' : 's'} ago`;
}
