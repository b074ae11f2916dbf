// Where numbers lie along an axis, and which of them are written beside it. Pure.
import { formatDifference, formatMetric } from '../../analysis/compare/numbers.ts';
import { formatCount } from '../../text/format.ts';
import type { Scale } from './plot.ts';

export type Axis = {
  readonly at: (value: number) => number;
  readonly ticks: readonly { readonly value: number; readonly text: string }[];
};

/** @param pixels from, to: of the lowest and the highest value */
export function axisOf(
  values: readonly number[],
  {
    scale,
    pixels: [from, to],
    most,
  }: { readonly scale: Scale; readonly pixels: readonly [number, number]; readonly most: number },
): Axis {
  const finite = values.filter(Number.isFinite);
  let low = finite.reduce((least, value) => Math.min(least, value), Infinity);
  let high = finite.reduce((largest, value) => Math.max(largest, value), -Infinity);
  if (low > high) [low, high] = [0, 1];
  // What is all alike still has a place: in the middle.
  if (low === high) {
    const around = Math.abs(low) / 2 || 0.5;
    [low, high] = [low - around, high + around];
  }
  const margin = (high - low) * 0.04;
  [low, high] = [low - margin, high + margin];
  const step = stepFor((high - low) / Math.max(1, most), scale.unit === 'count');
  const ticks: { value: number; text: string }[] = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) {
    const value = i * step;
    ticks.push({ value, text: tickText(value, scale) });
  }
  return { at: (value) => from + ((value - low) / (high - low)) * (to - from), ticks };
}

/** 1, 2 or 5 times a power of ten. */
function stepFor(least: number, isWhole: boolean): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].find((times) => times * power >= least)! * power;
  return isWhole ? Math.max(1, Math.round(step)) : step;
}

function tickText(value: number, { unit, isChange }: Scale): string {
  if (unit === 'count') return formatCount(value);
  const text = isChange ? formatDifference(unit, value) : formatMetric(unit, value);
  // `0.200` beside an axis is `0.2`: what follows is the same for all of them.
  return text.replace(/(\.\d*?)0+(?=\D|$)/, '$1').replace(/\.(?=\D|$)/, '');
}
