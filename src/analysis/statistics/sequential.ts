// Looking again after each further run: how much stricter every single look has to be, so that all of them together are wrong
// no more often than one. Pure.
import { crossing, levelOfLooks } from './looks.ts';
import { normalQuantile } from './special.ts';

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
  const known = LEVELS.get(id) ?? levelOfLooks(timesOf(looks), level);
  LEVELS.set(id, known);
  return known;
}

/** The same for the same plan. */
const LEVELS = new Map<string, number>();

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
  return Math.min(1, p * count, Math.max(p, crossing(bound, timesOf(looks))));
}

/** The sum of runs, in standard deviations of one run: after k of them its variance is k. */
function timesOf({ first, last }: Looks): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
