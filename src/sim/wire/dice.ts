// Chance that can be repeated: a hash of what was asked starts the dice.
import { makeRandom } from '../../core/shuffle.ts';

export type Dice = () => number;

/** 32 bits of FNV-1a (public domain); good enough to start dice with, and never used for identity. */
export function hashText(text: string, start = 0x811c9dc5): number {
  let hash = start;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

export function makeDice(seed: number): Dice {
  const dice = makeRandom(seed);
  // The first value of neighbouring seeds is the least mixed one.
  dice();
  return dice;
}

export function pick<Item>(items: readonly Item[], dice: Dice): Item {
  return items[Math.min(items.length - 1, Math.floor(dice() * items.length))]!;
}
