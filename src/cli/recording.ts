// Whether clients of harnesses are recorded in this invocation, and where that is kept.
import { openExchanges } from '../cache/exchanges.ts';
import type { Exchanges } from '../core/exchange.ts';
import type { InvocationRecord } from '../core/record.ts';
import type { Plan } from '../core/task.ts';
import type { Experiment } from './experiment.ts';

export function recording({
  experiment,
  plan,
  record,
}: {
  readonly experiment: Experiment;
  readonly plan: Plan;
  readonly record: Pick<InvocationRecord, 'invocation' | 'force'>;
}): {
  readonly proxy?: { readonly exchanges: Exchanges | null };
} {
  const names = new Set(plan.pending.map(({ variant }) => variant));
  const recorded = [...names].flatMap((name) => {
    const { harness } = experiment.variants.get(name)!.variant;
    return harness?.proxy ? [harness.proxy] : [];
  });
  if (recorded.length === 0) return {};
  if (!recorded.some(({ replay }) => replay)) return { proxy: { exchanges: null } };
  const { invocation, force } = record;
  const { redact } = experiment;
  return {
    proxy: { exchanges: openExchanges({ root: experiment.root, invocation, isForced: force, redact }) },
  };
}
