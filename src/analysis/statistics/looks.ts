// Several looks at what grows: how small p has to be at each of them, so that all together find what is not there no more often
// than one. Pure.
import { normalCdf, normalQuantile } from './special.ts';

/**
 * Level of each look, two-sided, that makes all of them together come to `level`: the constant boundary of S. Pocock
 * (Biometrika 64, 1977) for looks at any fractions of the information, by the recursive integration of P. Armitage, C.
 * McPherson and B. Rowe (JRSS A 132, 1969; C. Jennison and B. Turnbull, "Group Sequential Methods", 2000, chapter 19).
 *
 * Fractions are those of cells. Where scenarios differ and only runs are added, looks are more alike than that, and the level
 * is stricter than it had to be: never too lax.
 *
 * The bound is found by the rule of false position with Illinois' halving: the logarithm of the chance is nearly a line, so a
 * few integrals do.
 *
 * @param times of the looks, rising: the information at each, in any unit
 */
export function levelOfLooks(times: readonly number[], level = 0.05): number {
  if (times.length < 2) return level;
  const miss = (bound: number): number => Math.log(crossing(bound, times) / level);
  let low = normalQuantile(1 - level / 2);
  // Bonferroni's bound is never too low.
  let high = normalQuantile(1 - level / (2 * times.length));
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

/** Points of the integral over what was not beyond the bound yet: twice as many change no printed digit. */
const POINTS = 161;
/** In a standard deviation of what comes next. */
const POINTS_EACH = 4;
/** Standard deviations: what comes from farther away is 0 to the last digit. */
const FAR = 8.5;

/**
 * The chance that any of the looks is beyond the bound where nothing differs: of a sum whose variance at each look is its time,
 * over the root of it. What is seen is as likely as its mirror image, so the upper half is enough.
 */
export function crossing(bound: number, times: readonly number[]): number {
  const steps = times.map((time, k) => time - (times[k - 1] ?? 0));
  // As fine as what is known at a look and what comes next ask for.
  const nodesAt = (k: number): Nodes =>
    nodesWithin(bound * Math.sqrt(times[k]!), Math.sqrt(Math.min(steps[k]!, steps[k + 1]!)));
  let crossed = 2 * normalCdf(-bound);
  if (times.length < 2) return crossed;
  const first = times[0]!;
  let { at, weight } = nodesAt(0);
  let density = at.map((x) => Math.exp((-x * x) / (2 * first)) / Math.sqrt(2 * Math.PI * first));
  for (let k = 1; k < times.length; k++) {
    const edge = bound * Math.sqrt(times[k]!);
    const step = Math.sqrt(steps[k]!);
    const weighted = density.map((one, i) => one * weight[i]!);
    for (let i = 0; i < at.length; i++) {
      const beyond = (edge - at[i]!) / step;
      // The mirror image goes beyond the lower edge as often.
      if (beyond < FAR) crossed += 2 * weighted[i]! * normalCdf(-beyond);
    }
    if (k === times.length - 1) break;
    const next = nodesAt(k);
    density = upperHalf(next.at, (x) => densityAt(x, { at, weighted, step }));
    ({ at, weight } = next);
  }
  return crossed;
}

/** At the next look; only the nodes near enough to come from. */
function densityAt(
  x: number,
  input: { readonly at: Float64Array; readonly weighted: Float64Array; readonly step: number },
): number {
  const { at, weighted, step } = input;
  const apart = at[1]! - at[0]!;
  const from = Math.max(0, Math.ceil((x - FAR * step - at[0]!) / apart));
  const to = Math.min(at.length - 1, Math.floor((x + FAR * step - at[0]!) / apart));
  let sum = 0;
  for (let i = from; i <= to; i++) sum += weighted[i]! * Math.exp(-0.5 * ((x - at[i]!) / step) ** 2);
  return sum / (step * Math.sqrt(2 * Math.PI));
}

function upperHalf(input: Float64Array, of: (x: number) => number): Float64Array<ArrayBuffer> {
  const values = new Float64Array(input.length);
  for (let i = (input.length - 1) / 2; i < input.length; i++) {
    values[i] = of(input[i]!);
    values[input.length - 1 - i] = values[i]!;
  }
  return values;
}

type Nodes = { readonly at: Float64Array<ArrayBuffer>; readonly weight: Float64Array<ArrayBuffer> };

/** Simpson's rule; an odd number of points, the middle one at 0. */
function nodesWithin(edge: number, finest: number): Nodes {
  const points = Math.max(POINTS, 2 * Math.ceil((edge * POINTS_EACH) / finest) + 1);
  const apart = (2 * edge) / (points - 1);
  const at = Float64Array.from({ length: points }, (_, i) => -edge + i * apart);
  const weight = at.map((_, i) => (apart / 3) * (i === 0 || i === points - 1 ? 1 : i % 2 === 1 ? 4 : 2));
  return { at, weight };
}
