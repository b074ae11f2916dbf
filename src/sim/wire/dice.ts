// Chance that can be repeated: a hash of what was asked starts the dice.
import { makeRandom } from '../../core/shuffle.ts';
import type { Prompt } from './prompt.ts';

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

/** Standard normal by the Box-Muller transform: the exponent of what is log-normal. */
export function gaussian(dice: Dice): number {
  const radius = Math.sqrt(-2 * Math.log(1 - dice()));
  return radius * Math.cos(2 * Math.PI * dice());
}

export type Draw = {
  /** The same for every run and seed. */
  readonly usual: Dice;
  /** null = this draw keeps to the usual answer: always at temperature 0, four times out of five at 0.2, never at 1. */
  readonly stray: Dice | null;
};

/** How one draw is answered: the same for the same request, run and seed. */
export function drawOf(prompt: Prompt, run: number): Draw {
  let hash = hashText(prompt.model, hashText(prompt.toolsText));
  for (const turn of prompt.turns) hash = hashText(turn.text, hashText(turn.role, hash));
  const temperature = Math.min(1, prompt.temperature ?? 1);
  const dice = makeDice(hashText(`${run}/${prompt.seed}/${temperature}`, hash));
  // A larger model is surer of itself.
  const strays = dice() < temperature * (prompt.model.includes('large') ? 0.5 : 1);
  return { usual: makeDice(hash), stray: strays ? dice : null };
}
