// Answers that came in steps: how small p has to be at each of several looks, so that all of them together find what is not
// there no more often than one. Pure.
import { normalCdf, normalQuantile } from './special.ts';

/**
 * Level of each look, two-sided, that makes all of them together come to `level`: the constant boundary of S. Pocock
 * (Biometrika 64, 1977) for looks at any fractions of the information, by the recursive integration of P. Armitage, C.
 * McPherson and B. Rowe (JRSS A 132, 1969; C. Jennison and B. Turnbull, "Group Sequential Methods", 2000, chapter 19).
 *
 * Fractions are those of cells. Where scenarios differ and only runs are added, looks are more alike than that, and the level
 * is stricter than it had to be: never too lax.
 *
 * @param fractions of the information at each look, rising, the last one 1
 */
export function levelOfLooks(fractions: readonly number[], level = 0.05): number {
  if (fractions.length < 2) return level;
  let low = normalQuantile(1 - level / 2);
  // Bonferroni's bound is never too low.
  let high = normalQuantile(1 - level / (2 * fractions.length));
  for (let n = 0; n < BISECTIONS; n++) {
    const middle = (low + high) / 2;
    if (crossing(middle, fractions) > level) low = middle;
    else high = middle;
  }
  return 2 * normalCdf(-high);
}

/** Of a bound between 1.96 and some 3.5: to 1e-5. */
const BISECTIONS = 17;
/** Of the density on each side of zero, Simpson's rule; with narrow steps more. */
const LEAST_POINTS = 81;

/** Chance that any look is beyond the bound where nothing differs. */
function crossing(bound: number, fractions: readonly number[]): number {
  const [first, ...later] = fractions as readonly [number, ...number[]];
  let nodes = nodesWithin(bound * Math.sqrt(first), later[0]! - first);
  let density = nodes.at.map((at) => Math.exp((-at * at) / (2 * first)) / Math.sqrt(2 * Math.PI * first));
  let crossed = 2 * normalCdf(-bound);
  later.forEach((fraction, i) => {
    const step = Math.sqrt(fraction - (fractions[i] ?? 0));
    const edge = bound * Math.sqrt(fraction);
    const weighted = density.map((one, j) => one * nodes.weight[j]!);
    weighted.forEach((one, j) => {
      const at = nodes.at[j]!;
      crossed += one * (normalCdf((at - edge) / step) + normalCdf((-edge - at) / step));
    });
    if (i === later.length - 1) return;
    const from = nodes.at;
    nodes = nodesWithin(edge, Math.min(step ** 2, later[i + 1]! - fraction));
    density = nodes.at.map((at) => {
      let sum = 0;
      for (let j = 0; j < from.length; j++)
        sum += weighted[j]! * Math.exp(-0.5 * ((at - from[j]!) / step) ** 2);
      return sum / (step * Math.sqrt(2 * Math.PI));
    });
  });
  return crossed;
}

/** Three points in a standard deviation of what comes next: Simpson's rule has five digits then. */
function nodesWithin(
  edge: number,
  variance: number,
): { readonly at: readonly number[]; readonly weight: readonly number[] } {
  const points = Math.max(LEAST_POINTS, 2 * Math.ceil((3 * edge) / Math.sqrt(variance)) + 1);
  const step = (2 * edge) / (points - 1);
  const at = Array.from({ length: points }, (_, i) => -edge + i * step);
  const weight = at.map((_, i) => (step / 3) * (i === 0 || i === points - 1 ? 1 : i % 2 === 1 ? 4 : 2));
  return { at, weight };
}
