// How one draw strays from the most likely answer: never at temperature 0, a little at 0.2, often at 1.
import { type Dice, hashText, makeDice } from '../wire/dice.ts';
import type { Prompt } from '../wire/prompt.ts';

export type Slips = {
  /** Another wording of the same. */
  readonly wording: boolean;
  /** One optional argument more. */
  readonly detail: boolean;
  /** Acts where it would ask, or asks where it would act. */
  readonly nerve: boolean;
  /** Takes the second-best tool of the same kind. */
  readonly tool: boolean;
  /** For the choices within a slip. */
  readonly dice: Dice;
};

export type Draw = { readonly prompt: Prompt; readonly run: number; readonly hash: number };

export function slipsOf({ prompt, run, hash }: Draw): Slips {
  const temperature = Math.max(0, Math.min(2, prompt.temperature ?? 1));
  const dice = makeDice(temperature === 0 ? hash : hashText(`${run}/${prompt.seed}/${temperature}`, hash));
  // A larger model is surer of itself.
  const strength = temperature * (prompt.model.includes('large') ? 0.5 : 1);
  return {
    wording: dice() < Math.min(0.9, strength * 0.9),
    detail: dice() < Math.min(0.5, strength * 0.4),
    nerve: dice() < Math.min(0.3, strength * 0.2),
    tool: dice() < Math.min(0.2, strength * 0.1),
    dice,
  };
}
