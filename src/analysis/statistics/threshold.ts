// From which score on an answer passes, fitted to what people say of the same answers. Pure.

export type Labelled = {
  readonly cluster: string;
  readonly score: number;
  readonly passed: boolean;
};

export type Fitted = {
  readonly threshold: number;
  /** Of these answers, how many it says the same of as people do. */
  readonly agree: number;
  /** The same where each cluster is judged by the threshold that the others come to: what is to be expected of new ones. */
  readonly agreeLeftOut: number;
};

/**
 * The threshold with the best mean of both shares, of what passes and of what does not (W. Youden, "Index for Rating
 * Diagnostic Tests", Cancer 3, 1950): many answers of one kind do not outweigh few of the other. Of equally good ones the
 * nearest to `now`. @returns null = people passed all of them, or none, or all have one score
 */
export function fitThreshold(all: readonly Labelled[], now: number): Fitted | null {
  if (new Set(all.map(({ score }) => score)).size < 2) return null;
  const candidates = candidatesOf(all, now);
  const clusters = new Map<string, readonly Counts[]>();
  for (const one of all) {
    const known = clusters.get(one.cluster) ?? candidates.map(() => NOTHING);
    clusters.set(
      one.cluster,
      known.map((counts, i) => counted(counts, { ...one, threshold: candidates[i]! })),
    );
  }
  const total = candidates.map((_, i) =>
    [...clusters.values()].reduce((sum, counts) => plus(sum, counts[i]!), NOTHING),
  );
  const best = bestOf(total, { candidates, now });
  if (best === null) return null;
  let agreeLeftOut = 0;
  for (const own of clusters.values()) {
    const others = total.map((counts, i) => minus(counts, own[i]!));
    const at = bestOf(others, { candidates, now });
    agreeLeftOut += rightOf(own[at ?? candidates.indexOf(now)]!);
  }
  return { threshold: candidates[best]!, agree: rightOf(total[best]!), agreeLeftOut };
}

type Counts = {
  readonly passed: number;
  readonly passedRight: number;
  readonly failed: number;
  readonly failedRight: number;
};

const NOTHING: Counts = { passed: 0, passedRight: 0, failed: 0, failedRight: 0 };

function counted(counts: Counts, input: Labelled & { readonly threshold: number }): Counts {
  const isRight = Number(input.score >= input.threshold === input.passed);
  return input.passed
    ? { ...counts, passed: counts.passed + 1, passedRight: counts.passedRight + isRight }
    : { ...counts, failed: counts.failed + 1, failedRight: counts.failedRight + isRight };
}

function plus(a: Counts, b: Counts): Counts {
  return {
    passed: a.passed + b.passed,
    passedRight: a.passedRight + b.passedRight,
    failed: a.failed + b.failed,
    failedRight: a.failedRight + b.failedRight,
  };
}

function minus(a: Counts, b: Counts): Counts {
  return {
    passed: a.passed - b.passed,
    passedRight: a.passedRight - b.passedRight,
    failed: a.failed - b.failed,
    failedRight: a.failedRight - b.failedRight,
  };
}

function rightOf({ passedRight, failedRight }: Counts): number {
  return passedRight + failedRight;
}

function bestOf(
  all: readonly Counts[],
  { candidates, now }: { readonly candidates: readonly number[]; readonly now: number },
): number | null {
  let best: number | null = null;
  let most = 0;
  all.forEach(({ passed, passedRight, failed, failedRight }, i) => {
    if (passed === 0 || failed === 0) return;
    const share = passedRight / passed + failedRight / failed;
    const distance = (at: number): number => Math.abs(candidates[at]! - now);
    const isBetter = best === null || share > most + 1e-12;
    if (!isBetter && !(share > most - 1e-12 && distance(i) < distance(best!))) return;
    best = i;
    most = share;
  });
  return best;
}

/** Between two scores that are there, with as few digits as tell them apart; and the one of now. */
function candidatesOf(all: readonly Labelled[], now: number): readonly number[] {
  const scores = [...new Set(all.map(({ score }) => score))].sort((a, b) => a - b);
  const between = scores.slice(1).map((high, i) => betweenOf(scores[i]!, high));
  return [...new Set([now, ...between])];
}

function betweenOf(low: number, high: number): number {
  const middle = (low + high) / 2;
  for (let digits = 1; digits < 15; digits++) {
    const rounded = Number(middle.toFixed(digits));
    if (rounded > low && rounded <= high) return rounded;
  }
  return high;
}
