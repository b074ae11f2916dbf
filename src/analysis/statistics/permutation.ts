// Sign flips: if the arms were alike, each scenario's difference could as well have had the other sign.
import { mcnemarExact, mcnemarMid } from './exact.ts';
import type { Random } from './random.ts';
import { erfc } from './special.ts';
import { exactSum } from './sums.ts';

export type Permuted = {
  /** Of flips at least as extreme as what was seen. At most as often as it says below its level: the one to report. */
  readonly p: number;
  /** Flips exactly as extreme count half (H. O. Lancaster, JASA 56, 1961): true to its level on average, not always. */
  readonly midP: number;
  /** Every flip was counted; false = a seeded sample of them. */
  readonly isExact: boolean;
};

/** Up to this many differences that are not 0, all flips are counted: 2^36 as pairs of 2^18, some 50 ms. */
const MOST_EXACT = 36;
const SAMPLES = 50_000;
/**
 * Above this many, the sum of flips is normal to within what a sample could tell (of sums on a lattice, 0.002 at p = 0.05),
 * unless one of them outweighs the rest.
 */
const MOST_SAMPLED = 2_500;
/** Of the sum of squares. */
const OUTWEIGHS = 0.02;
/** Then fewer flips are drawn: some 50 ms of them. */
const MOST_FLIPS = 200_000_000;
const GROUP = 8;
/** Sums that should be equal differ in their last bits; relative to the sum of all sizes. */
const TIE = 1e-11;

type Counted = { readonly extreme: number; readonly ties: number };

/**
 * Sign-flip permutation test of paired differences, two-sided on their mean. R. A. Fisher, "The Design of Experiments"
 * (1935), section 21; E. J. G. Pitman (1937). Of a sample (extreme + 1) / (samples + 1), which is never 0: B. Phipson and
 * G. Smyth (2010).
 * @param noise what rounding may leave of the sum of all differences, where their values are larger than they are
 */
export function signFlip(differences: readonly number[], random: Random, noise = 0): Permuted {
  // Which flips are drawn does not hang on the names of scenarios.
  const moved = differences.filter((one) => one !== 0).sort((a, b) => a - b);
  if (moved.length === 0) return { p: 1, midP: 1, isExact: true };
  const seen = Math.abs(exactSum(moved));
  const tie = Math.max(noise, TIE * exactSum(moved.map(Math.abs)));
  if (moved.length <= MOST_EXACT) {
    const total = 2 ** moved.length;
    const { extreme, ties } = everyFlip(moved, { seen, tie });
    return { p: extreme / total, midP: (extreme - ties / 2) / total, isExact: true };
  }
  // All of one size, as passes of one run are: their sum is a count of coins.
  if (moved.every((one) => Math.abs(one) === Math.abs(moved[0]!))) {
    const up = moved.filter((one) => one > 0).length;
    return {
      p: mcnemarExact(up, moved.length - up),
      midP: mcnemarMid(up, moved.length - up),
      isExact: true,
    };
  }
  if (moved.length > MOST_SAMPLED && !outweighs(moved)) {
    const p = erfc(seen / Math.sqrt(2 * exactSum(moved.map((one) => one ** 2))));
    return { p, midP: p, isExact: false };
  }
  const samples = Math.min(SAMPLES, Math.ceil(MOST_FLIPS / moved.length));
  const { extreme, ties } = someFlips(moved, { seen, tie, samples, random });
  return { p: (extreme + 1) / (samples + 1), midP: (extreme - ties / 2 + 1) / (samples + 1), isExact: false };
}

function outweighs(moved: readonly number[]): boolean {
  let squares = 0;
  let most = 0;
  for (const one of moved) {
    squares += one ** 2;
    most = Math.max(most, one ** 2);
  }
  return most >= OUTWEIGHS * squares;
}

/** Each half's sums are listed and sorted; then pairs of them are counted, not made. */
function everyFlip(
  moved: readonly number[],
  { seen, tie }: { readonly seen: number; readonly tie: number },
): Counted {
  const half = moved.length >> 1;
  const left = sumsOf(moved.slice(0, half)).sort();
  const right = sumsOf(moved.slice(half)).sort();
  if (seen <= tie) {
    const all = left.length * right.length;
    const above = 2 * pairsAtLeast(left, right, tie);
    return { extreme: all, ties: all - above };
  }
  // Flipping all signs mirrors a sum, so one tail is half of both.
  const extreme = 2 * pairsAtLeast(left, right, seen - tie);
  return { extreme, ties: extreme - 2 * pairsAtLeast(left, right, seen + tie) };
}

function pairsAtLeast(left: Float64Array, right: Float64Array, least: number): number {
  let from = right.length;
  let count = 0;
  for (const one of left) {
    while (from > 0 && one + right[from - 1]! >= least) from--;
    count += right.length - from;
  }
  return count;
}

/** One coin a difference, eight at a time: their 256 sums are known beforehand. */
function someFlips(
  moved: readonly number[],
  input: { readonly seen: number; readonly tie: number; readonly samples: number; readonly random: Random },
): Counted {
  const padded = [...moved, ...Array<number>((GROUP - (moved.length % GROUP)) % GROUP).fill(0)];
  const groups = padded.length / GROUP;
  const sums = new Float64Array(groups * 256);
  for (let group = 0; group < groups; group++) {
    sums.set(sumsOf(padded.slice(group * GROUP, (group + 1) * GROUP)), group * 256);
  }
  let extreme = 0;
  let ties = 0;
  for (let n = 0; n < input.samples; n++) {
    let sum = 0;
    let coins = 0;
    for (let group = 0; group < groups; group++) {
      coins = group % 4 === 0 ? input.random.bits() : coins >>> GROUP;
      sum += sums[group * 256 + (coins & 255)]!;
    }
    const size = Math.abs(sum);
    if (size >= input.seen - input.tie) extreme++;
    if (Math.abs(size - input.seen) <= input.tie) ties++;
  }
  return { extreme, ties };
}

/** The sum under each choice of signs: bit i of the place says whether difference i is turned. */
function sumsOf(moved: readonly number[]): Float64Array<ArrayBuffer> {
  const sums = new Float64Array(2 ** moved.length);
  let filled = 1;
  for (const one of moved) {
    for (let i = 0; i < filled; i++) {
      sums[filled + i] = sums[i]! - one;
      sums[i]! += one;
    }
    filled *= 2;
  }
  return sums;
}
