// How evenly the arms of an invocation were started: what makes a drift of the provider hit all of them alike. Pure.

export type Interleaving = {
  readonly invocation: string;
  readonly calls: number;
  /**
   * The largest `distance` of an arm, 0..1. 0 = side by side all the time, 1 = one arm after the other. Near 1/n of n
   * calls an arm cannot be told from a shuffled order.
   */
  readonly distance: number;
  readonly arms: readonly {
    readonly variant: string;
    readonly calls: number;
    /** Of its starts among all: 0 = all first, 0.5 = evenly, 1 = all last. */
    readonly mean_rank: number;
    /** How far its cumulative share and that of all other arms were apart at the most. */
    readonly distance: number;
  }[];
};

export type Start = { readonly variant: string; readonly startedAt: string };

/**
 * The two-sample statistic of Kolmogorov and Smirnov, each arm against all others, over the order of first starts: N.
 * Smirnov, Table for Estimating the Goodness of Fit of Empirical Distributions, Ann. Math. Statist. 19 (1948) 279-281.
 * Calls of one millisecond have one rank, the mean of theirs. null where fewer than two arms were started.
 */
export function interleavingOf(invocation: string, starts: readonly Start[]): Interleaving | null {
  const totals = new Map<string, number>();
  for (const { variant } of starts) totals.set(variant, (totals.get(variant) ?? 0) + 1);
  if (totals.size < 2) return null;
  const sorted = [...starts].sort((a, b) => compare(a.startedAt, b.startedAt));
  const sums = new Map([...totals.keys()].map((variant) => [variant, { seen: 0, ranks: 0, distance: 0 }]));
  for (let from = 0; from < sorted.length; ) {
    let to = from + 1;
    while (to < sorted.length && sorted[to]!.startedAt === sorted[from]!.startedAt) to++;
    for (const { variant } of sorted.slice(from, to)) {
      const sum = sums.get(variant)!;
      sum.seen++;
      sum.ranks += (from + to) / 2;
    }
    for (const [variant, sum] of sums) {
      const total = totals.get(variant)!;
      const others = (to - sum.seen) / (sorted.length - total);
      sum.distance = Math.max(sum.distance, Math.abs(sum.seen / total - others));
    }
    from = to;
  }
  const arms = [...sums].map(([variant, { ranks, distance }]) => {
    const calls = totals.get(variant)!;
    return { variant, calls, mean_rank: tidy(ranks / calls / sorted.length), distance: tidy(distance) };
  });
  return {
    invocation,
    calls: sorted.length,
    distance: Math.max(...arms.map((arm) => arm.distance)),
    arms,
  };
}

/** Times of one form: as text they sort as they follow each other. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** More digits would say more than is known. */
function tidy(share: number): number {
  return Math.round(share * 1e4) / 1e4;
}
