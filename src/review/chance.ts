// Chance that a seed and words decide: the same deck and the same order on every machine.
import { makeRandom, type Random } from '../analysis/statistics/random.ts';
import { sha256 } from '../core/canonical.ts';

export type { Random };

/** Each purpose has words of its own: none tells of another. */
export function chanceOf(seed: number, ...words: readonly (string | number)[]): Random {
  return makeRandom(Number.parseInt(sha256(JSON.stringify([seed, ...words])).slice(0, 8), 16));
}

/** A shuffled copy (Fisher-Yates). */
export function shuffled<Item>(items: Iterable<Item>, random: Random): Item[] {
  const list = [...items];
  for (let i = list.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const kept = list[i]!;
    list[i] = list[j]!;
    list[j] = kept;
  }
  return list;
}
