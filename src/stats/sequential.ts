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

/** The same for the same plan, and some 100 ms each. */
const LEVELS = new Map<string, number>();

function boundOf(looks: Looks, level: number): number {
  let low = normalQuantile(1 - level / 2);
  // Bonferroni's bound is never too low.
  let high = normalQuantile(1 - level / (2 * (looks.last - looks.first + 1)));
  for (let n = 0; n < BISECTIONS; n++) {
    const middle = (low + high) / 2;
    if (crossing(middle, looks) > level) low = middle;
    else high = middle;
  }
  return 2 * normalCdf(-high);
}

/** Of a bound between 1.96 and some 4: to 1e-7. */
const BISECTIONS = 24;

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

/** The chance that any of the looks is beyond the bound where nothing differs. */
function crossing(bound: number, { first, last }: Looks): number {
  // The sum of runs, in standard deviations of one run: after k of them its variance is k.
  let edge = bound * Math.sqrt(first);
  let nodes = nodesWithin(edge);
  let density = nodes.at.map((at) => Math.exp((-at * at) / (2 * first)) / Math.sqrt(2 * Math.PI * first));
  let crossed = 2 * normalCdf(-bound);
  for (let k = first + 1; k <= last; k++) {
    edge = bound * Math.sqrt(k);
    const weighted = density.map((one, i) => one * nodes.weight[i]!);
    weighted.forEach((one, i) => {
      crossed += one * (normalCdf(nodes.at[i]! - edge) + normalCdf(-edge - nodes.at[i]!));
    });
    if (k === last) break;
    const next = nodesWithin(edge);
    const from = nodes.at;
    density = next.at.map((at) => {
      let sum = 0;
      for (let i = 0; i < from.length; i++) sum += weighted[i]! * Math.exp(-0.5 * (at - from[i]!) ** 2);
      return sum / Math.sqrt(2 * Math.PI);
    });
    nodes = next;
  }
  return crossed;
}

/** Simpson's rule. */
function nodesWithin(edge: number): { readonly at: readonly number[]; readonly weight: readonly number[] } {
  const points = Math.max(POINTS, 2 * Math.ceil(edge * 4) + 1);
  const step = (2 * edge) / (points - 1);
  const at = Array.from({ length: points }, (_, i) => -edge + i * step);
  const weight = at.map((_, i) => (step / 3) * (i === 0 || i === points - 1 ? 1 : i % 2 === 1 ? 4 : 2));
  return { at, weight };
}
