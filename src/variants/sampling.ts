// Temperature and seed of one run, as they reach the wire: what a package does not send is not asked for, so that no record says
// that it was. Pure.
import type { Variant } from '../core/manifest.ts';
import type { ModelRequest } from '../core/order.ts';
import { membersOf } from './frame-changes.ts';
import { isFramed } from './variant-content.ts';

/** What vendors call it: Mistral says `random_seed`. */
const SEEDS = ['seed', 'randomseed'];

export function samplingOf(variant: Variant, run: number): Pick<ModelRequest, 'temperature' | 'seed'> {
  // Runs of one variant are different draws: where a provider takes a seed, each gets its own.
  const seed = variant.seed === null ? null : variant.seed + run - 1;
  const { temperature } = variant;
  if (!isFramed(variant)) return { temperature, seed };
  const { body } = variant.frame;
  return {
    temperature: membersOf(body, ['temperature']).length === 0 ? null : temperature,
    seed: membersOf(body, SEEDS).length === 0 ? null : seed,
  };
}
