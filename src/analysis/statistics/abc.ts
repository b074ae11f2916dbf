// The interval that BCa comes to where there is much to resample, by formula: ABC ("approximate bootstrap confidence"). Pure.
import { normalQuantile } from './special.ts';

/**
 * T. DiCiccio and B. Efron, Biometrika 79 (1992), for a mean: it is linear, so its bias correction is its acceleration.
 * @param alpha the lower tail, 0..1
 */
export function abcInterval({
  estimate,
  standardError,
  acceleration,
  alpha,
}: {
  readonly estimate: number;
  readonly standardError: number;
  readonly acceleration: number;
  readonly alpha: number;
}): { readonly low: number; readonly high: number } {
  const at = (tail: number): number => {
    const w = acceleration + normalQuantile(tail);
    return estimate + (standardError * w) / (1 - acceleration * w) ** 2;
  };
  return { low: at(alpha), high: at(1 - alpha) };
}
