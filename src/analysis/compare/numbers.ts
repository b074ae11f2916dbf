// Numbers of a comparison as people read them, in the metric's unit. Pure.

import { formatCount } from '../../text/format.ts';
import type { Interval } from '../statistics/intervals.ts';
import type { Metric } from './input.ts';
import type { Mark } from './result.ts';

/** `0.812` · `1,234.5` · `640 ms` · `$0.0123` */
export function formatMetric(metric: Metric, value: number): string {
  const sign = value < 0 ? '-' : '';
  return sign + unsigned(metric, Math.abs(value));
}

/** `+0.120`, `-12 ms`; what is rounded to nothing has no sign. */
export function formatDifference(metric: Metric, value: number): string {
  const text = unsigned(metric, Math.abs(value));
  if (!/[1-9]/.test(text)) return text;
  return (value < 0 ? '-' : '+') + text;
}

/** `0.62 to 0.90`, `-7.7 to +18.3 ms`: a unit that both have is said once. */
export function formatInterval({ low, high }: Interval, format: (value: number) => string): string {
  const [from, to] = [format(low), format(high)];
  const unit = / m?s$/.exec(to)?.[0];
  return `${unit && from.endsWith(unit) ? from.slice(0, -unit.length) : from} to ${to}`;
}

/** Nothing varied, or there is one scenario: how far the truth may be from it cannot be told. */
export function hasWidth({ low, high }: Interval): boolean {
  return low < high;
}

/** `0.012`, `<0.001` */
export function formatP(p: number): string {
  return p < 0.001 ? '<0.001' : p.toFixed(3);
}

/** In a sentence: `p = 0.012`, `p < 0.001`. */
export function formatPWords(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`;
}

/** Every pair differs by the same amount: in their deviations that is without bound. */
export function formatEffect(effect: number): string {
  if (!Number.isFinite(effect)) return '-';
  return `${effect < 0 ? '-' : '+'}${Math.abs(effect).toFixed(2)}`;
}

const SIGNS: { readonly [mark in Mark]: string } = { incomplete: '*', 'mixed-models': '†' };

/** Behind each number of a marked arm. */
export function markSigns(marks: readonly Mark[]): string {
  return marks.map((mark) => SIGNS[mark]).join('');
}

function unsigned(metric: Metric, value: number): string {
  switch (metric) {
    case 'score':
    case 'pass':
      return value.toFixed(3);
    case 'tokens':
      return value < 999.95 ? value.toFixed(1) : formatCount(value);
    case 'latency':
      if (value < 99.95) return `${value.toFixed(1)} ms`;
      return value < 9_999.5 ? `${formatCount(value)} ms` : `${(value / 1_000).toFixed(1)} s`;
    case 'cost':
      return `$${value.toFixed(value === 0 ? 0 : digitsFor(value))}`;
  }
}

/** Three digits that say something, and cents at least: calls cost fractions of a cent. */
function digitsFor(value: number): number {
  return Math.min(12, Math.max(2, 2 - Math.floor(Math.log10(value))));
}
