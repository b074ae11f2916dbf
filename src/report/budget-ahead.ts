// Whether a budget holds what is planned, before anything of it is spent. Pure.
import type { Estimate } from '../core/estimate.ts';
import { formatMoney } from '../progress/format.ts';

/** null = it holds, as far as can be told. Retries, which no estimate has, count against it as well. */
export function budgetNote(of: {
  readonly estimate: Estimate;
  readonly budgetUsd: number;
  /** What is known without an estimate: that it holds not one call. */
  readonly beyond: string | null;
}): string | null {
  const { estimate, budgetUsd, beyond } = of;
  if (beyond !== null) return `${beyond}; nothing would be drawn`;
  const { costUsd, costUsdAtLeast, costUsdAtMost } = estimate;
  const budget = `the budget of $${budgetUsd} (execution.budget_usd)`;
  const stops = 'a run stops where the next call does not fit any more';
  if ((costUsd ?? costUsdAtLeast) > budgetUsd) {
    return `the estimate of ${formatMoney(costUsd ?? costUsdAtLeast)} is above ${budget}: ${stops}`;
  }
  if (costUsd === null && costUsdAtMost !== null && costUsdAtMost > budgetUsd) {
    return `at most ${formatMoney(costUsdAtMost)}, which is above ${budget}: ${stops}`;
  }
  return null;
}
