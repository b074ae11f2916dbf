// The answer's number: its text where that is one, else the last number in it.
import type { Check } from '../core/scoring.ts';
import { type Answer, type Holding, holding } from './holding.ts';
import { quote } from './words.ts';

export function holdNumeric(check: Extract<Check, { kind: 'numeric' }>, { output }: Answer): Holding {
  const found = lastNumber(output.text);
  const { value } = check;
  const room = Math.max(check.tolerance, check.relative * Math.abs(value));
  const wanted = room === 0 ? String(value) : `${value} ± ${room}`;
  if (found === null) return holding(false, `expected ${wanted}, found no number in ${quote(output.text)}`);
  // 0.1 + 0.2 is 0.3 for whoever wrote the expectation.
  const slack = room + Number.EPSILON * Math.max(Math.abs(value), Math.abs(found)) * 4;
  const holds = Math.abs(found - value) <= slack;
  return holding(holds, holds ? `found ${found}` : `expected ${wanted}, found ${found}`);
}

/**
 * Thousands may be grouped by commas: `1,234.50`. A sign counts where no word or number stands before it, so a date has
 * no negative months. Each character is looked at a bounded number of times.
 */
const NUMBER = /(?:(?<![\w.)])[-+−])?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?/gu;

export function lastNumber(text: string): number | null {
  let last: string | null = null;
  for (const [found] of text.matchAll(NUMBER)) last = found;
  if (last === null) return null;
  const number = Number(last.replaceAll(',', '').replace('−', '-'));
  return Number.isFinite(number) ? number : null;
}
