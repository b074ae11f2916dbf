// Whether several raters say the same of the same things: raw agreement, Cohen's kappa, Krippendorff's alpha, Gwet's AC1 and
// AC2. Each is a function of sums over things, so that a resample is an addition: agreement-interval.ts. Pure.

/** One thing, and what each rater said of it: the number of a category from 0 on, or a value; null = nothing. */
export type Rated = {
  /** Things of one cluster, a scenario's, are more alike than others. */
  readonly cluster: string;
  readonly ratings: readonly (number | null)[];
};

export type Coefficient = {
  /** What a thing adds; always as many numbers. */
  sumsOf(ratings: readonly (number | null)[]): readonly number[];
  /** null = it is not defined: nothing was rated twice, or there is no chance to correct for. */
  valueOf(sums: ArrayLike<number>): number | null;
};

/** How far apart two categories are: not the same; by their places; by the square of that. */
export type Weights = 'nominal' | 'linear' | 'quadratic';

export function coefficientOf(rated: readonly Rated[], coefficient: Coefficient): number | null {
  return rated.length === 0
    ? null
    : coefficient.valueOf(addUp(rated.map(({ ratings }) => coefficient.sumsOf(ratings))));
}

export function addUp(all: readonly ArrayLike<number>[]): Float64Array {
  const sums = new Float64Array(all[0]?.length ?? 0);
  for (const one of all) for (let i = 0; i < sums.length; i++) sums[i]! += one[i]!;
  return sums;
}

/** Share of the pairs of raters that say the same; each thing weighs the same. Things that one rater saw do not count. */
export const rawAgreement: Coefficient = {
  sumsOf(ratings) {
    const said = saidOf(ratings);
    if (said.length < 2) return [0, 0];
    let same = 0;
    for (const a of said) for (const b of said) if (a === b) same++;
    return [(same - said.length) / (said.length * (said.length - 1)), 1];
  },
  valueOf: (sums) => (sums[1]! === 0 ? null : sums[0]! / sums[1]!),
};

/**
 * J. Cohen, Educational and Psychological Measurement 20 (1960), and with weights Psychological Bulletin 70 (1968): of two
 * raters, the first two of each thing, where both said something. @param categories how many there are
 */
export function cohenKappa(categories: number, weights: Weights = 'nominal'): Coefficient {
  const distance = distanceBy(weights);
  return {
    sumsOf([a = null, b = null]) {
      const table = new Array<number>(categories ** 2).fill(0);
      if (a !== null && b !== null) table[a * categories + b] = 1;
      return table;
    },
    valueOf(table) {
      const rows = new Float64Array(categories);
      const columns = new Float64Array(categories);
      let total = 0;
      eachPair(categories, (a, b, at) => {
        rows[a]! += table[at]!;
        columns[b]! += table[at]!;
        total += table[at]!;
      });
      let seen = 0;
      let byChance = 0;
      eachPair(categories, (a, b, at) => {
        seen += table[at]! * distance(a, b);
        byChance += (rows[a]! * columns[b]! * distance(a, b)) / total;
      });
      return total === 0 || byChance === 0 ? null : 1 - seen / byChance;
    },
  };
}

/**
 * K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011): of any number of raters, some of whom may have said
 * nothing. Of two things that are called ordinal alpha this is his own: the distance of two categories is the number of
 * ratings between them, half of their own included. The other takes their places as values: `intervalAlpha` over codes.
 */
export function krippendorffAlpha(categories: number, scale: 'nominal' | 'ordinal'): Coefficient {
  return {
    // The table of coincidences.
    sumsOf(ratings) {
      const said = saidOf(ratings);
      const table = new Array<number>(categories ** 2).fill(0);
      if (said.length < 2) return table;
      said.forEach((a, i) => {
        said.forEach((b, j) => {
          if (i !== j) table[a * categories + b]! += 1 / (said.length - 1);
        });
      });
      return table;
    },
    valueOf(table) {
      const counts = new Float64Array(categories);
      eachPair(categories, (a, _, at) => {
        counts[a]! += table[at]!;
      });
      const ranks = midRanks(counts);
      const distance = (a: number, b: number): number =>
        scale === 'nominal' ? Number(a !== b) : (ranks[a]! - ranks[b]!) ** 2;
      const total = counts.reduce((sum, count) => sum + count, 0);
      let seen = 0;
      let byChance = 0;
      eachPair(categories, (a, b, at) => {
        seen += table[at]! * distance(a, b);
        byChance += counts[a]! * counts[b]! * distance(a, b);
      });
      return total < 2 || byChance === 0 ? null : 1 - ((total - 1) * seen) / byChance;
    },
  };
}

/** Krippendorff's alpha of values: their distance is the square of their difference. */
export const intervalAlpha: Coefficient = {
  sumsOf(ratings) {
    const said = saidOf(ratings);
    const m = said.length;
    if (m < 2) return [0, 0, 0, 0];
    const sum = said.reduce((total, value) => total + value, 0);
    const squares = said.reduce((total, value) => total + value ** 2, 0);
    const mean = sum / m;
    // About the mean: of equal values it is 0 to the last digit.
    const apart = 2 * m * said.reduce((total, value) => total + (value - mean) ** 2, 0);
    return [m, sum, squares, apart / (m - 1)];
  },
  valueOf(sums) {
    const [n, sum, squares, apart] = [sums[0]!, sums[1]!, sums[2]!, sums[3]!];
    const byChance = 2 * (n * squares - sum ** 2);
    // What is left of equal values is rounding.
    return n < 2 || byChance <= 1e-12 * n * squares ? null : 1 - ((n - 1) * apart) / byChance;
  },
};

/**
 * AC1 (nominal) and AC2 (weighted): K. Gwet, British Journal of Mathematical and Statistical Psychology 61 (2008), and
 * "Handbook of Inter-Rater Reliability" (2014), with raters who said nothing. Where nearly all say the same it stays near
 * raw agreement, while kappa and alpha fall to 0. @param categories how many could be said, seen or not
 */
export function gwetAC(categories: number, weights: Weights = 'nominal'): Coefficient {
  const distance = distanceBy(weights);
  const most = Math.max(1, distance(0, categories - 1));
  const weight = (a: number, b: number): number => 1 - distance(a, b) / most;
  let all = 0;
  eachPair(categories, (a, b) => {
    all += weight(a, b);
  });
  return {
    // Agreement, things with two ratings or more, things with any, and of these the share of each category.
    sumsOf(ratings) {
      const said = saidOf(ratings);
      const shares = new Array<number>(categories).fill(0);
      if (said.length === 0) return [0, 0, 0, ...shares];
      for (const one of said) shares[one]! += 1 / said.length;
      if (said.length < 2) return [0, 0, 1, ...shares];
      let same = 0;
      for (const a of said) for (const b of said) same += weight(a, b);
      return [(same - said.length) / (said.length * (said.length - 1)), 1, 1, ...shares];
    },
    valueOf(sums) {
      if (sums[1]! === 0 || categories < 2) return null;
      let spread = 0;
      for (let k = 0; k < categories; k++) {
        const share = sums[3 + k]! / sums[2]!;
        spread += share * (1 - share);
      }
      const byChance = (all * spread) / (categories * (categories - 1));
      return byChance === 1 ? null : (sums[0]! / sums[1]! - byChance) / (1 - byChance);
    },
  };
}

function saidOf(ratings: readonly (number | null)[]): readonly number[] {
  return ratings.filter((one) => one !== null);
}

function distanceBy(weights: Weights): (a: number, b: number) => number {
  if (weights === 'nominal') return (a, b) => Number(a !== b);
  return weights === 'linear' ? (a, b) => Math.abs(a - b) : (a, b) => (a - b) ** 2;
}

function eachPair(categories: number, visit: (a: number, b: number, at: number) => void): void {
  for (let a = 0; a < categories; a++) for (let b = 0; b < categories; b++) visit(a, b, a * categories + b);
}

/** Of each category the middle of its places among all ratings in order. */
function midRanks(counts: Float64Array): Float64Array {
  let before = 0;
  return counts.map((count) => {
    const middle = before + count / 2;
    before += count;
    return middle;
  });
}
