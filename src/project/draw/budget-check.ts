// What can be said of a budget before anything is spent: that it holds not one call of an arm. The loop keeps it (run/limits/budget.ts).
import { sizeOfOrder } from '../../core/call-size.ts';
import type { Plan } from '../../core/task.ts';
import { boundOf } from '../../run/limits/budget.ts';
import { formatUsd } from '../../run/loop-events.ts';
import { type Experiment, priceOf } from '../open/experiment.ts';
import { budgetName } from '../open/limits-given.ts';
import { firstOrder } from './first-order.ts';

export type BeyondBudget = { readonly needsUsd: number; readonly why: string };

/** By the first pending task of each arm whose answers are bounded; null = a call of each fits. */
export function beyondBudget({
  experiment,
  plan,
}: {
  readonly experiment: Experiment;
  readonly plan: Plan;
}): BeyondBudget | null {
  const { budgetUsd } = experiment.manifest.execution;
  if (budgetUsd === null) return null;
  const seen = new Set<string>();
  const beyond: { readonly variant: string; readonly needsUsd: number }[] = [];
  for (const task of plan.pending) {
    if (seen.has(task.variant)) continue;
    seen.add(task.variant);
    const { variant } = experiment.variants.get(task.variant)!;
    // What own code and programs ask for is theirs to say.
    if (variant.harness !== null) continue;
    const order = firstOrder(experiment, task);
    const price = priceOf(experiment, task.variant);
    const { inputUsd, outputUsd } = boundOf({ arm: task.variant, size: sizeOfOrder(order), price });
    const needsUsd = inputUsd + (outputUsd ?? 0);
    if (needsUsd > budgetUsd) beyond.push({ variant: task.variant, needsUsd });
  }
  const [worst] = beyond.sort((a, b) => b.needsUsd - a.needsUsd);
  if (worst === undefined) return null;
  const { variant, needsUsd } = worst;
  const why =
    `budget of $${budgetUsd} holds not one call of ${variant}, which may cost up to ${formatUsd(needsUsd)}: ` +
    `set ${budgetName(experiment)} to ${formatUsd(roundedUp(needsUsd))} at least, or a smaller max_output_tokens`;
  return { needsUsd, why };
}

/** To two digits: a number to be written into a manifest. */
function roundedUp(usd: number): number {
  const unit = 10 ** (Math.floor(Math.log10(usd)) - 1);
  return Math.ceil(usd / unit) * unit;
}
