// Which fault strikes each request and how long it takes, by settings, seed and the request's number.
import type { SimSettings } from '../../core/manifest.ts';
import { gaussian, makeDice } from '../wire/dice.ts';

export type Fault = 'error' | 'dropped' | 'hung' | 'halved' | 'dripped' | 'garbled' | 'huge';

/** `fault`: null = the request is answered as it should be. */
export type Drawn = { readonly fault: Fault | null; readonly delayMs: number };

/** Timers take no more than this, and nobody waits longer. */
const MAX_DELAY_MS = 600_000;

/** One a call, always the same sequence for the same settings. A provider that drifted has another median latency. */
export function makeFaults(settings: SimSettings): (latencyMs?: number) => Drawn {
  const dice = makeDice(settings.seed);
  const rates: readonly (readonly [Fault, number])[] = [
    ['error', settings.errorRate],
    ['dropped', settings.dropRate],
    ['hung', settings.hangRate],
    ['halved', settings.halfJsonRate],
    ['dripped', settings.dripRate],
    ['garbled', settings.invalidUtf8Rate],
    ['huge', settings.hugeRate],
  ];
  const faultAt = (roll: number): Fault | null => {
    let below = 0;
    for (const [fault, rate] of rates) {
      below += rate;
      if (roll < below) return fault;
    }
    return null;
  };
  return (latencyMs = settings.latencyMs) => {
    // Three rolls whatever happens: the n-th request keeps its fault when another rate changes.
    const roll = dice();
    const delayMs = latencyMs * Math.exp(settings.latencySpread * gaussian(dice));
    return { fault: faultAt(roll), delayMs: Math.min(MAX_DELAY_MS, delayMs) };
  };
}
