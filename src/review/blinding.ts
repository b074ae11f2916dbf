// Whether readers could tell the arms: what they guessed at the end, arm by arm.
import type { BlindingIndex, SealedKey } from '../core/review.ts';
import type { CardReading } from './standing.ts';

/**
 * Bang's blinding index, H. Bang, L. Ni, C. E. Davis, "Assessment of blinding in clinical trials", Controlled Clinical
 * Trials 25 (2004) 143-156: of two arms (2 x right / (right + wrong) - 1) x (right + wrong) / all. Of more than two what is
 * right beyond chance takes the place of the first factor. Answers that several arms gave alike tell nothing, and are left out.
 */
export function blindingIndex(input: {
  readonly readings: readonly CardReading[];
  readonly key: SealedKey;
  /** Letter -> variant. */
  readonly arms: Readonly<Record<string, string>>;
}): readonly BlindingIndex[] {
  const { readings, key, arms } = input;
  const names = Object.values(arms);
  const counts = new Map(names.map((arm) => [arm, { guesses: 0, right: 0, unsure: 0 }]));
  for (const { card, line } of readings) {
    const of = new Set(key.cards[card]?.[0]?.cells.map(({ variant }) => variant));
    const [arm] = of;
    const count = of.size === 1 && line.guess !== null ? counts.get(arm!) : undefined;
    if (count === undefined) continue;
    count.guesses++;
    const guessed = arms[line.guess!];
    if (guessed === undefined) count.unsure++;
    else if (guessed === arm) count.right++;
  }
  const chance = 1 / names.length;
  return [...counts].flatMap(([arm, { guesses, right, unsure }]) => {
    if (guesses === 0) return [];
    const said = guesses - unsure;
    const beyond = said === 0 ? 0 : (right / said - chance) / (1 - chance);
    return [{ arm, guesses, right, unsure, index: (beyond * said) / guesses }];
  });
}
