// Whether two arms were drawn at the same time: what the provider did in one hour, it should have done to both. Pure.

/**
 * The two-sample statistic of Kolmogorov and Smirnov over the times of first starts (N. Smirnov, Ann. Math. Statist. 19,
 * 1948): 0 = side by side, 1 = one arm after the other.
 */
export function distanceInTime(first: readonly number[], second: readonly number[]): number {
  const a = Float64Array.from(first).sort();
  const b = Float64Array.from(second).sort();
  let i = 0;
  let j = 0;
  let most = 0;
  while (i < a.length && j < b.length) {
    // Calls of one millisecond count together.
    const at = Math.min(a[i]!, b[j]!);
    while (i < a.length && a[i] === at) i++;
    while (j < b.length && b[j] === at) j++;
    most = Math.max(most, Math.abs(i / a.length - j / b.length));
  }
  return most;
}

/** Half of an arm was drawn before or after the other; more than shuffling gives one time in a hundred. */
export function areDrawnApart(first: readonly number[], second: readonly number[]): boolean {
  if (first.length === 0 || second.length === 0) return false;
  const distance = distanceInTime(first, second);
  const size = Math.sqrt((first.length * second.length) / (first.length + second.length));
  return distance >= 0.5 && distance * size >= CRITICAL;
}

/** Of Kolmogorov's distribution at 1 %. */
const CRITICAL = 1.628;
