// Looking again after each further run: how much stricter every single look has to be, so that all of them together are wrong
// no more often than one. Pure.
import { normalCdf, normalQuantile } from './special.ts';

/** One look after every run from `first` to `last`: known before anything is drawn. */
export type Looks = { readonly first: number; readonly last: number };

/**
 * The level of each look, two-sided, that makes all of them together come to `level`: the constant bound of S. Pocock
 * (Biometrika 64, 1977), found by the recursion of P. Armitage, C. McPherson and B. Rowe (JRSS A 132, 1969).
 *
 * A mean over the same scenarios after j and after k > j runs has covariance var(mean after k): what a further run adds is
 * independent of what is there. So the looks are those of any group sequential design (C. Jennison and B. Turnbull, "Group
 * Sequential Methods", 2000, chapter 3), with the information 1 / (b² + w²/k), where b² is the variance between scenarios and
 * w² that of runs. The bound is that of b = 0, information as the number of runs; scenarios that differ make the looks more
 * alike, and the promise is kept with something to spare. It hangs on the plan alone, never on what was seen.
 */
export function levelPerLook(looks: Looks, level = 0.05): number {
  if (looks.last <= looks.first) return level;
  const id = `${looks.first} ${looks.last} ${level}`;
  const known = LEVELS.get(id) ?? boundOf(looks, level);
  LEVELS.set(id, known);
  return known;
}

/** The same for the same plan. */
const LEVELS = new Map<string, number>();

/** By the rule of false position with Illinois' halving: the logarithm of the chance is nearly a line, so a few integrals do. */
function boundOf(looks: Looks, level: number): number {
  const miss = (bound: number): number => Math.log(crossing(bound, looks) / level);
  let low = normalQuantile(1 - level / 2);
  // Bonferroni's bound is never too low.
  let high = normalQuantile(1 - level / (2 * (looks.last - looks.first + 1)));
  let [above, below] = [miss(low), miss(high)];
  let last = 0;
  for (let n = 0; n < MOST_STEPS && high - low > NEAR; n++) {
    const middle = (low * below - high * above) / (below - above);
    const missed = miss(middle);
    if (Math.abs(missed) < NEAR) return 2 * normalCdf(-middle);
    if (missed > 0) {
      [low, above] = [middle, missed];
      if (last > 0) below /= 2;
    } else {
      [high, below] = [middle, missed];
      if (last < 0) above /= 2;
    }
    last = Math.sign(missed);
  }
  return 2 * normalCdf(-high);
}

/** Of the level as of its bound. */
const NEAR = 1e-8;
const MOST_STEPS = 60;

/**
 * What a p of one look is worth after all of them: the repeated p value (C. Jennison and B. Turnbull, 2000, chapter 9), at most
 * as often at or below a level as the level says, whenever and for whatever reason one stops.
 */
export function overLooks(p: number, looks: Looks): number {
  if (p >= 1 || looks.last <= looks.first) return Math.min(1, p);
  const count = looks.last - looks.first + 1;
  // Below this the integral loses its digits; the sum of the looks is an upper bound, and near.
  if (p < 1e-8) return Math.min(1, p * count);
  const bound = -normalQuantile(p / 2);
  return Math.min(1, p * count, Math.max(p, crossing(bound, looks)));
}

/** Points of the integral over what was not beyond the bound yet: twice as many change no printed digit. */
const POINTS = 161;

/** Standard deviations of one run: what comes from farther away is 0 to the last digit. */
const FAR = 8.5;

/**
 * The chance that any of the looks is beyond the bound where nothing differs. What is seen is as likely as its mirror image, so
 * the upper half is enough.
 */
function crossing(bound: number, { first, last }: Looks): number {
  // The sum of runs, in standard deviations of one run: after k of them its variance is k.
  let edge = bound * Math.sqrt(first);
  let { at, weight } = nodesWithin(edge);
  let density = at.map((x) => Math.exp((-x * x) / (2 * first)) / Math.sqrt(2 * Math.PI * first));
  let crossed = 2 * normalCdf(-bound);
  for (let k = first + 1; k <= last; k++) {
    edge = bound * Math.sqrt(k);
    const weighted = density.map((one, i) => one * weight[i]!);
    for (let i = 0; i < at.length; i++) {
      // The mirror image goes beyond the lower edge as often.
      if (edge - at[i]! < FAR) crossed += 2 * weighted[i]! * normalCdf(at[i]! - edge);
    }
    if (k === last) break;
    const next = nodesWithin(edge);
    density = upperHalf(next.at, (x) => densityAt(x, { at, weighted }));
    ({ at, weight } = next);
  }
  return crossed;
}

/** After one run more; only the nodes near enough to come from. */
function densityAt(x: number, of: { readonly at: Float64Array; readonly weighted: Float64Array }): number {
  const { at, weighted } = of;
  const step = at[1]! - at[0]!;
  const from = Math.max(0, Math.ceil((x - FAR - at[0]!) / step));
  const to = Math.min(at.length - 1, Math.floor((x + FAR - at[0]!) / step));
  let sum = 0;
  for (let i = from; i <= to; i++) sum += weighted[i]! * Math.exp(-0.5 * (x - at[i]!) ** 2);
  return sum / Math.sqrt(2 * Math.PI);
}

function upperHalf(at: Float64Array, of: (x: number) => number): Float64Array<ArrayBuffer> {
  const values = new Float64Array(at.length);
  for (let i = (at.length - 1) / 2; i < at.length; i++) {
    values[i] = of(at[i]!);
    values[at.length - 1 - i] = values[i]!;
  }
  return values;
}

/** Simpson's rule; an odd number of points, the middle one at 0. */
function nodesWithin(edge: number): { readonly at: Float64Array; readonly weight: Float64Array } {
  const points = Math.max(POINTS, 2 * Math.ceil(edge * 4) + 1);
  const step = (2 * edge) / (points - 1);
  const at = Float64Array.from({ length: points }, (_, i) => -edge + i * step);
  const weight = at.map((_, i) => (step / 3) * (i === 0 || i === points - 1 ? 1 : i % 2 === 1 ? 4 : 2));
  return { at, weight };
}
