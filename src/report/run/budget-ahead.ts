// Whether a budget holds what is planned, and where it would end, before anything of it is spent. Pure.
import type { Estimate } from '../../core/estimate.ts';
import { formatCount, formatMoney, formatRoughDuration } from '../../text/format.ts';

/** null = it holds, as far as can be told. Retries, which no estimate has, count against it as well. */
export function budgetNote(input: {
  readonly estimate: Estimate;
  readonly budgetUsd: number;
  /** Where it was said: `execution.budget_usd`, `--budget-usd`. */
  readonly name: string;
  /** Tasks that the estimate is of. */
  readonly tasks: number;
  /** How long so many of them are likely to take; null = nothing like them was ever drawn. */
  readonly msOf: (tasks: number) => number | null;
  /** What is known without an estimate: that it holds not one call. */
  readonly beyond: string | null;
}): string | null {
  const { estimate, budgetUsd, beyond } = input;
  if (beyond !== null) return `${beyond}; nothing would be drawn`;
  const { costUsd, costUsdAtLeast, costUsdAtMost } = estimate;
  const budget = `the budget of $${budgetUsd} (${input.name})`;
  const known = costUsd ?? costUsdAtLeast;
  if (known > budgetUsd) {
    return `the estimate of ${formatMoney(known)} is above ${budget}, which is likely to be reached after ${endOf(input, known)}`;
  }
  if (costUsd === null && costUsdAtMost !== null && costUsdAtMost > budgetUsd) {
    return `at most ${formatMoney(costUsdAtMost)}, which is above ${budget}: with the longest answers it is reached after ${endOf(input, costUsdAtMost)}`;
  }
  return null;
}

type Ending = Pick<Parameters<typeof budgetNote>[0], 'tasks' | 'msOf' | 'budgetUsd'>;

/** Arms are started by their shares, so what is spent grows as the tasks do. */
function endOf({ tasks, msOf, budgetUsd }: Ending, costUsd: number): string {
  const until = Math.floor((tasks * budgetUsd) / costUsd);
  const ms = msOf(until);
  const time = ms === null ? '' : `, in about ${formatRoughDuration(ms)}`;
  return `about ${formatCount(until)} of ${formatCount(tasks)} tasks${time}; what is drawn by then is kept`;
}
