// What is to be known before cells go in batches: what goes as calls all the same, and what a budget cannot hold.
import { sizeOfOrder } from '../../core/call-size.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { isFree } from '../../core/price.ts';
import type { Plan } from '../../core/task.ts';
import { callsBeside, wayOf } from '../open/batchable.ts';
import { CommandError } from '../open/command-error.ts';
import { type Experiment, priceOf } from '../open/experiment.ts';
import { budgetName } from '../open/limits-given.ts';
import { firstOrder } from './first-order.ts';

/** Batches are asked for, and these variants have none: told, for they cost twice as much. */
export function callsNotes({ manifest }: Pick<Experiment, 'manifest'>): readonly Diagnostic[] {
  return callsBeside(manifest).map(({ why, variants }) => ({
    severity: 'warning',
    code: 'no-batch',
    message: `${variants.length === 1 ? `variant ${variants[0]} goes` : `variants ${variants.join(', ')} go`} as calls, at their full price: ${why}`,
    hint: 'execution.batch is for the variants that can; docs/batch.md says which',
    location: null,
    related: [],
  }));
}

/**
 * A call without a longest answer is tried alone before others are begun beside it; a batch has all of them at once.
 * @throws CommandError where a budget would have nothing to count with
 */
export function checkBatchBudget(experiment: Experiment, { pending }: Pick<Plan, 'pending'>): void {
  const { budgetUsd } = experiment.manifest.execution;
  if (budgetUsd === null) return;
  const seen = new Set<string>();
  for (const task of pending) {
    if (seen.has(task.variant)) continue;
    seen.add(task.variant);
    const { variant } = experiment.variants.get(task.variant)!;
    const price = priceOf(experiment, task.variant);
    if (price === null || isFree(price) || wayOf(experiment.manifest, variant).kind === 'call') continue;
    const order = firstOrder(experiment, task);
    if (sizeOfOrder(order).outputTokens !== null) continue;
    throw new CommandError(
      `${budgetName(experiment)} holds no batch of ${variant.name}: nothing bounds its answers, and all of them are asked for at once; set max_output_tokens, or --no-batch`,
    );
  }
}
