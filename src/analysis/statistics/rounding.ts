// Which differences are differences, and which are what rounding leaves: 0.1 + 0.2 - 0.3 is not 0, and no finding. Pure.

/**
 * 64 units in the last place. A decimal fraction is off by half a unit, its mean by another, a score that is itself a mean
 * by some more; what anyone measures differs by thousands of millions of them. N. Higham, "Accuracy and Stability of Numerical
 * Algorithms" (2002), chapter 4: the error of a sum is bounded by the size of what was summed, not of what it comes to.
 */
const UNITS = 2 ** -46;

/** What rounding may leave of numbers as large as these. */
export function noiseOf(...values: readonly (readonly number[])[]): number {
  let most = 0;
  for (const some of values) for (const one of some) most = Math.max(most, Math.abs(one));
  return UNITS * most;
}

/** Whether all are one number but for rounding. */
export function areAlike(values: readonly number[]): boolean {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const one of values) {
    least = Math.min(least, one);
    most = Math.max(most, one);
  }
  return most - least <= UNITS * Math.max(Math.abs(least), Math.abs(most)) || values.length < 2;
}

/**
 * Numbers whose sizes are alike but for their noise become alike, and what is no more than its noise becomes 0: then signs,
 * ties and constant differences can be told by equality. Does not hang on the order.
 * @param noises of each number, from what it was made of: a difference of two means of a million has theirs
 */
export function levelled(values: readonly number[], noises: readonly number[]): readonly number[] {
  const order = values
    .map((_, i) => i)
    .sort((a, b) => Math.abs(values[a]!) - Math.abs(values[b]!) || noises[a]! - noises[b]!);
  const level = [...values];
  let group = 0;
  let noise = 0;
  for (const i of order) {
    const size = Math.abs(values[i]!);
    const own = Math.max(noise, noises[i]!);
    if (size - group > own) {
      group = size;
      noise = noises[i]!;
    } else noise = own;
    level[i] = size <= noises[i]! ? 0 : Math.sign(values[i]!) * group;
  }
  return level;
}

/** Shares that are 0 or 1 but for rounding are 0 and 1. */
export function share(value: number): number {
  if (Math.abs(value) <= UNITS) return 0;
  return Math.abs(value - 1) <= UNITS ? 1 : value;
}
