// What becomes of each request: how long it takes and which fault strikes it, by settings, seed and the request's number.
import type { SimSettings } from '../../core/manifest.ts';
import { type Dice, makeDice } from '../wire/dice.ts';

export type Fate = {
  readonly kind: 'answered' | 'error' | 'dropped' | 'hung' | 'halved' | 'dripped' | 'garbled' | 'huge';
  readonly delayMs: number;
};

/** Timers take no more than this, and nobody waits longer. */
const MAX_DELAY_MS = 600_000;

/** One fate a call, always the same sequence for the same settings. A drift has another median latency. */
export function makeFates(settings: SimSettings): (latencyMs?: number) => Fate {
  const dice = makeDice(settings.seed);
  return (latencyMs = settings.latencyMs) => {
    // Three rolls whatever happens: the n-th request keeps its fate when another rate changes.
    const roll = dice();
    const gauss = gaussian(dice);
    const delayMs = Math.min(MAX_DELAY_MS, latencyMs * Math.exp(settings.latencySpread * gauss));
    return { kind: kindOf(roll, settings), delayMs };
  };
}

function kindOf(roll: number, settings: SimSettings): Fate['kind'] {
  let below = settings.errorRate;
  if (roll < below) return 'error';
  below += settings.dropRate;
  if (roll < below) return 'dropped';
  below += settings.hangRate;
  if (roll < below) return 'hung';
  below += settings.halfJsonRate;
  if (roll < below) return 'halved';
  below += settings.dripRate;
  if (roll < below) return 'dripped';
  below += settings.invalidUtf8Rate;
  if (roll < below) return 'garbled';
  below += settings.hugeRate;
  return roll < below ? 'huge' : 'answered';
}

/** Standard normal by the Box-Muller transform: the exponent of a log-normal latency. */
function gaussian(dice: Dice): number {
  const radius = Math.sqrt(-2 * Math.log(1 - dice()));
  return radius * Math.cos(2 * Math.PI * dice());
}
