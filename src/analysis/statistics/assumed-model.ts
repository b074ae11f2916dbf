// What answers are taken to be like where none were drawn yet. Pure.
import { type AnswersModel, makeModel } from './answers-model.ts';
import { normalCdf, normalQuantile } from './special.ts';

/** Standard deviation of scores on the probit scale: some 0.24 where their mean is one half. */
const SPREAD = 0.75;
const STEPS = 64;

/** Of the variance of z, half is the run. Of the rest arms share most: a prompt that helps one scenario does not help each. */
export const ASSUMED_OWN = 0.1;

/**
 * Of a mean between 0 and 1. Passes: chances of scenarios are Φ(normal), uniform where the mean is one half. Scores: Φ(normal)
 * themselves.
 */
export function assumedModel(kind: 'pass' | 'score', base: number, own: number = ASSUMED_OWN): AnswersModel {
  const common = { shared: 0.5 - own, own, isSplit: true };
  if (kind === 'pass') {
    const values = [
      { value: 0, weight: 1 - base },
      { value: 1, weight: base },
    ];
    return makeModel({ ...common, values, shift: 'threshold' });
  }
  const middle = normalQuantile(base) * Math.hypot(1, SPREAD);
  const values = Array.from({ length: STEPS }, (_, i) => ({
    value: normalCdf(middle + SPREAD * normalQuantile((i + 0.5) / STEPS)),
    weight: 1,
  }));
  return makeModel({ ...common, values, shift: 'clipped' });
}
