// What the pending tasks will cost, from what the same cells cost before. Unknown is said to be unknown, never 0.
import type { History } from '../core/history.ts';
import type { Price } from '../core/manifest.ts';
import type { Estimate, Plan } from '../core/task.ts';

/** Tokens are null when one pending cell has no earlier record to go by; money is null when one price is missing, too. */
export function estimate(
  plan: Plan,
  given: { readonly history: History; readonly priceOf: (variant: string) => Price | null },
): Estimate {
  const averages = averageTokens(plan, given.history);
  let inputTokens: number | null = 0;
  let outputTokens: number | null = 0;
  let costUsd: number | null = 0;
  for (const task of plan.pending) {
    const before = given.history.byCell(task);
    const tokens =
      before && before.inputTokens !== null && before.outputTokens !== null
        ? { input: before.inputTokens, output: before.outputTokens }
        : averages.get(task.variant);
    if (!tokens) {
      inputTokens = null;
      outputTokens = null;
      costUsd = null;
      break;
    }
    inputTokens += tokens.input;
    outputTokens += tokens.output;
    const price = given.priceOf(task.variant);
    if (!price) costUsd = null;
    if (price && costUsd !== null) {
      costUsd += (tokens.input * price.input + tokens.output * price.output) / 1_000_000;
    }
  }
  return {
    calls: plan.pending.length,
    inputTokens: inputTokens === null ? null : Math.round(inputTokens),
    outputTokens: outputTokens === null ? null : Math.round(outputTokens),
    // Sums of floats differ by the order of adding: a tenth of a micro-dollar is exact enough.
    costUsd: costUsd === null ? null : Math.round(costUsd * 1e7) / 1e7,
  };
}

/** Mean tokens of the cached cells of each variant: the best guess for a cell that was never drawn. */
function averageTokens(plan: Plan, history: History): Map<string, { input: number; output: number }> {
  const sums = new Map<string, { input: number; output: number; count: number }>();
  if (plan.pending.length === 0) return new Map();
  for (const task of plan.tasks) {
    const head = task.state.kind === 'cached' ? history.byKey(task.key) : undefined;
    if (!head || head.inputTokens === null || head.outputTokens === null) continue;
    const sum = sums.get(task.variant) ?? { input: 0, output: 0, count: 0 };
    sums.set(task.variant, sum);
    sum.input += head.inputTokens;
    sum.output += head.outputTokens;
    sum.count++;
  }
  return new Map(
    [...sums].map(([variant, sum]) => [
      variant,
      { input: sum.input / sum.count, output: sum.output / sum.count },
    ]),
  );
}
