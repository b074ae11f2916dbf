// Whether clients of harnesses are recorded in this invocation, and where that is kept.
import { openExchanges } from '../../cache/disk/exchanges.ts';
import type { RunEvent } from '../../core/event.ts';
import type { Recording } from '../../core/exchange.ts';
import type { InvocationRecord } from '../../core/record.ts';
import type { Plan } from '../../core/task.ts';
import type { Emit } from '../open/emit.ts';
import type { Experiment } from '../open/experiment.ts';

export function recording({
  experiment,
  plan,
  record,
  emit,
}: {
  readonly experiment: Experiment;
  readonly plan: Plan;
  readonly record: Pick<InvocationRecord, 'invocation' | 'force'>;
  readonly emit: Emit;
}): { readonly proxy?: Recording } {
  const names = new Set(plan.pending.map(({ variant }) => variant));
  const recorded = [...names].flatMap((name) => {
    const { harness } = experiment.variants.get(name)!.variant;
    return harness?.proxy ? [harness.proxy] : [];
  });
  if (recorded.length === 0) return {};
  const { invocation, force: isForced } = record;
  const { redact, root } = experiment;
  const exchanges = recorded.some(({ replay }) => replay)
    ? openExchanges({ root, invocation, isForced, redact })
    : null;
  return { proxy: { exchanges, unattributed: (count) => emit(outside(count)) } };
}

function outside(count: number): RunEvent {
  return {
    kind: 'diagnostic',
    severity: 'warning',
    code: 'unattributed-requests',
    message: `${count} ${count === 1 ? 'request' : 'requests'} came through the recording proxy while it was nobody's turn: in no record, and held by no limit and no budget`,
    hint: 'fixtures of a session and modules that are imported may ask; what belongs to a test is asked by it (docs/proxy.md)',
  };
}
