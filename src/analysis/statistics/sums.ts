// Sums that do not hang on the order of what is summed. Pure.

/**
 * The sum of all values, rounded once: the same for every order of them. What a rounding leaves over is kept in partial
 * sums that do not overlap (J. Shewchuk, "Adaptive Precision Floating-Point Arithmetic", Discrete & Computational Geometry
 * 18, 1997); they are rounded together, half to even, as Python's math.fsum does it. Means of 1e308 overflow as elsewhere.
 */
export function exactSum(values: ArrayLike<number>): number {
  const counted = wholeSum(values);
  if (counted !== null) return counted;
  const partials: number[] = [];
  for (let i = 0; i < values.length; i++) {
    let x = values[i]!;
    let kept = 0;
    for (const partial of partials) {
      const [large, small] = Math.abs(x) < Math.abs(partial) ? [partial, x] : [x, partial];
      const high = large + small;
      const low = small - (high - large);
      if (low !== 0) partials[kept++] = low;
      x = high;
    }
    partials.length = kept;
    partials.push(x);
  }
  const sum = roundedOnce(partials);
  return Number.isFinite(sum) ? sum : plainSum(values);
}

const MOST_WHOLE = 2 ** 52;

/** Passes, tokens and milliseconds are whole: their plain sum is exact. null = it may not be. */
function wholeSum(values: ArrayLike<number>): number | null {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    sum += values[i]!;
    if (!Number.isInteger(values[i]!) || Math.abs(sum) > MOST_WHOLE) return null;
  }
  return sum;
}

/** Partials go from small to large; only two that are half way between neighbours need a look at the third. */
function roundedOnce(partials: readonly number[]): number {
  let at = partials.length - 1;
  if (at < 0) return 0;
  let high = partials[at]!;
  let low = 0;
  while (at > 0) {
    const x = high;
    const y = partials[--at]!;
    high = x + y;
    low = y - (high - x);
    if (low !== 0) break;
  }
  if (at > 0 && Math.sign(low) === Math.sign(partials[at - 1]!)) {
    const twice = low * 2;
    const next = high + twice;
    if (next - high === twice) high = next;
  }
  return high;
}

function plainSum(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}

/** Never outside of the values: numbers that are all alike have themselves as their mean, to the last bit. */
export function exactMean(values: ArrayLike<number>): number {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! < least) least = values[i]!;
    if (values[i]! > most) most = values[i]!;
  }
  const mean = exactSum(values) / values.length;
  return values.length === 0 || Number.isNaN(mean) ? Number.NaN : Math.min(most, Math.max(least, mean));
}
