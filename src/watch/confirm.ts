// Whether a round may start by itself or has to be asked about, from what it is estimated to cost. Pure.
import type { VariantAmount } from '../core/estimate.ts';

export type Consent =
  | { readonly kind: 'free' }
  /** At most so much, and more than was agreed to. */
  | { readonly kind: 'above'; readonly costUsd: number; readonly limitUsd: number }
  /** A real provider, and no price, no prompt or no limit is known. */
  | { readonly kind: 'unknown'; readonly variants: readonly string[] };

/** Variants, and judges of their answers. */
export type Cost = Pick<
  VariantAmount,
  'variant' | 'costUsd' | 'costUsdAtMost' | 'costUsdAtLeast' | 'isSimulated'
>;

/** @param limitUsd null = nothing is asked about. */
export function consentFor(costs: readonly Cost[], limitUsd: number | null): Consent {
  if (limitUsd === null) return { kind: 'free' };
  let costUsd = 0;
  const unknown: string[] = [];
  for (const variant of costs) {
    const cost = variant.costUsd ?? variant.costUsdAtMost;
    costUsd += cost ?? variant.costUsdAtLeast;
    // What is played costs nothing, whatever its tokens.
    if (cost === null && !variant.isSimulated) unknown.push(variant.variant);
  }
  if (costUsd > limitUsd) return { kind: 'above', costUsd, limitUsd };
  return unknown.length > 0 ? { kind: 'unknown', variants: unknown } : { kind: 'free' };
}
