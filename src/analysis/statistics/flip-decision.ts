// Whether the sign-flip test would find something, without its p: a power simulation asks that many thousand times.
import { erfc, normalCdf } from './special.ts';

/** Up to so many differences, flips are counted until there are too many of them. */
const MOST_COUNTED = 16;
/** Up to so many the tail is Lugannani and Rice's, above it Edgeworth's: both are within 1 % of it then. */
const MOST_SADDLE = 60;
/** A normal tail so many times the level is no close call, where there are more than MOST_COUNTED differences. */
const FAR = 2.5;
const TIE = 1e-9;

export type Flips = {
  /** Of the scenarios; the first `count` of them. They are left as they are. */
  readonly differences: Float64Array;
  readonly count: number;
  /** p has to be below it. */
  readonly level: number;
  /** All differences are multiples of it; null = they are not, or it is too fine to matter. */
  readonly step: number | null;
};

/**
 * The decision of `signFlip` (permutation.ts): p of all flips, two-sided on the mean, below the level. Exact where sums are
 * counts or differences few; else by saddlepoint (R. Lugannani and S. Rice, Advances in Applied Probability 12, 1980).
 */
export function makeFlipDecision(most: number): (input: Flips) => boolean {
  const sizes = new Float64Array(most);
  return ({ differences, count, level, step }) => {
    let moved = 0;
    let sum = 0;
    let all = 0;
    let squares = 0;
    for (let i = 0; i < count; i++) {
      const one = differences[i]!;
      const size = Math.abs(one);
      if (size < 1e-12) continue;
      sizes[moved++] = size;
      sum += one;
      all += size;
      squares += size * size;
    }
    // Two of 2^moved flips at least are as extreme as what was seen.
    if (moved === 0 || 2 ** (1 - moved) >= level) return false;
    const seen = Math.abs(sum);
    // Hoeffding's bound holds for every number of them.
    if (2 * Math.exp(-(seen * seen) / (2 * squares)) < level) return true;
    const tail = { sizes: sizes.subarray(0, moved), seen, all, squares };
    if (moved <= MOST_COUNTED) return isCountBelow(tail, level);
    if (erfc(seen / Math.sqrt(2 * squares)) > FAR * level) return false;
    if (step !== null) return 2 * latticeTail(tail, step) < level;
    return 2 * (moved <= MOST_SADDLE ? saddleTail(tail) : edgeworthTail(tail)) < level;
  };
}

type Tail = {
  readonly sizes: Float64Array;
  readonly seen: number;
  /** Sum of the sizes, and of their squares. */
  readonly all: number;
  readonly squares: number;
};

/** Flips that leave a sum of `seen` or more turn at most half of what is missing to the sum of all sizes. */
function isCountBelow({ sizes, seen, all }: Tail, level: number): boolean {
  const sorted = sizes.slice().sort();
  const most = (all - seen) / 2 + TIE * all;
  const limit = level * 2 ** (sorted.length - 1);
  let counted = 0;
  // Each call is one set of turned differences that is extreme enough, so the work is what is counted.
  const count = (from: number, left: number): void => {
    counted++;
    for (let i = from; i < sorted.length && counted < limit; i++) {
      if (sorted[i]! > left) return;
      count(i + 1, left - sorted[i]!);
    }
  };
  count(0, most);
  return counted < limit;
}

/** Where sums are whole multiples of a step: the chance that what is turned is at most half of what is missing. */
function latticeTail({ sizes, seen, all }: Tail, step: number): number {
  const most = Math.floor((all - seen) / (2 * step) + 1e-6);
  const chance = new Float64Array(most + 1);
  chance[0] = 1;
  for (const size of sizes) {
    const by = Math.round(size / step);
    for (let i = most; i >= 0; i--) chance[i] = (chance[i]! + (i >= by ? chance[i - by]! : 0)) / 2;
  }
  return chance.reduce((sum, one) => sum + one, 0);
}

function saddleTail({ sizes, seen, squares }: Tail): number {
  let t = seen / squares;
  for (let n = 0; n < 30; n++) {
    let slope = 0;
    let curve = 0;
    for (const size of sizes) {
      const tanh = Math.tanh(size * t);
      slope += size * tanh;
      curve += size * size * (1 - tanh * tanh);
    }
    const move = (seen - slope) / curve;
    t = Math.max(t / 4, Math.min(t * 4, t + move));
    if (Math.abs(move) < 1e-9 * t) break;
  }
  let cumulant = 0;
  let curve = 0;
  for (const size of sizes) {
    const x = size * t;
    // ln cosh x without overflow.
    cumulant += x + Math.log1p(Math.exp(-2 * x)) - Math.LN2;
    curve += size * size * (1 - Math.tanh(x) ** 2);
  }
  const w = Math.sqrt(Math.max(1e-12, 2 * (t * seen - cumulant)));
  const u = t * Math.sqrt(curve);
  return 1 - normalCdf(w) + density(w) * (1 / u - 1 / w);
}

function edgeworthTail({ sizes, seen, squares }: Tail): number {
  const x = seen / Math.sqrt(squares);
  let fourth = 0;
  for (const size of sizes) fourth += size ** 4;
  const kurtosis = (-2 * fourth) / squares ** 2;
  return 1 - normalCdf(x) + (density(x) * kurtosis * (x ** 3 - 3 * x)) / 24;
}

function density(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}
