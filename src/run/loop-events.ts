// How the loop's facts are worded as events and sentences. Pure.
import type { RunEvent } from '../core/event.ts';
import type { Repair } from '../core/gate.ts';
import type { Failure } from '../core/outcome.ts';
import { unreachable } from '../core/result.ts';
import type { Task } from '../core/task.ts';
import type { TaskContext } from './input.ts';
import type { Budget, Refused } from './limits/budget.ts';
import type { LaneNews } from './limits/lanes.ts';
import { noHostSentence } from './limits/no-server-words.ts';
import type { RetryDecision } from './limits/retry.ts';

export function nameOf(task: Task): {
  readonly key: string;
  readonly variant: string;
  readonly scenario: string;
  readonly run: number;
} {
  return { key: task.key, variant: task.variant, scenario: task.scenario, run: task.run };
}

export function attemptFailed(input: {
  readonly job: { readonly task: Task };
  readonly order: { readonly attempt: number };
  readonly outcome: { readonly failure: Failure; readonly worker?: string };
  readonly decision: RetryDecision;
}): RunEvent {
  const { failure, worker } = input.outcome;
  const { kind, status, message, retryAfterMs } = failure;
  const { decision } = input;
  return {
    kind: 'attempt-failed',
    ...nameOf(input.job.task),
    attempt: input.order.attempt,
    error: { kind, status, message, retry_after_ms: retryAfterMs },
    decision:
      decision.kind === 'retry'
        ? { kind: 'retry', delay_ms: decision.delayMs, next_attempt: decision.nextAttempt }
        : decision,
    ...(worker === undefined ? {} : { worker }),
  };
}

/** `why`: the sentence of the failure that led to it. */
export function laneEvent(input: {
  readonly lane: string;
  readonly news: LaneNews;
  readonly why: string;
  /** A warning that nothing listens there was given. */
  readonly isAwaited?: boolean;
}): RunEvent {
  const { lane, news, why } = input;
  switch (news.kind) {
    case 'cooled':
      return { kind: 'lane-cooled', lane, for_ms: Math.round(news.forMs) };
    case 'suspended':
      return {
        kind: 'lane-suspended',
        lane,
        for_ms: Math.round(news.forMs),
        probes: news.probes,
        why,
        ...(input.isAwaited ? { is_awaited: true } : {}),
      };
    case 'resumed':
      return { kind: 'lane-resumed', lane, after_ms: Math.round(news.afterMs) };
    case 'given-up':
      return { kind: 'lane-given-up', lane, after_ms: Math.round(news.afterMs), probes: news.probes, why };
    default:
      return unreachable(news);
  }
}

export function armLeft({ arm, why }: { readonly arm: string; readonly why: string }): RunEvent {
  return {
    kind: 'diagnostic',
    severity: 'warning',
    code: 'inputs-changed',
    message: `${arm}: ${why}`,
    hint: `nothing of ${arm} is started any more, what stands still goes on; run again to draw it as it is now`,
  };
}

/** What was refused stands in the lines of its cells, and at the end: here it is what that means for the arm. */
export function armRefused({ arm, of }: { readonly arm: string; readonly of: RefusedOf }): RunEvent {
  return {
    kind: 'diagnostic',
    severity: 'warning',
    code: 'arm-refused',
    message: `${arm}: ${OF_WHOM[of]}: nothing of it is started any more, the other arms go on`,
    hint: 'run again when it is corrected',
  };
}

export type RefusedOf = 'model' | 'requests' | 'code';

const OF_WHOM: { readonly [of in RefusedOf]: string } = {
  model: 'its model is refused',
  requests: 'its first requests were refused, alike',
  code: 'its code was refused what it asks',
};

export function refusedOf({ refuses, isOfCode }: Failure): RefusedOf {
  if (isOfCode) return 'code';
  return refuses === 'model' ? 'model' : 'requests';
}

/** Why an arm, or all of an account, is asked nothing more. */
export function refusalSentence(
  context: Pick<TaskContext, 'provider'>,
  input: {
    readonly failure: Failure;
    readonly model: string;
    readonly ends: 'arm' | 'lane';
    readonly url: string | null;
    readonly usualUrl: string | null;
    readonly writtenAt: string | null;
  },
): string {
  const { failure, model, ends, ...asked } = input;
  const { refuses, message, isOfCode } = failure;
  if (isOfCode) return message;
  if (failure.isNobodyThere === 'host') return noHostSentence({ provider: context.provider, ...asked });
  if (refuses === 'model') return `provider ${context.provider} refuses the model ${model}: ${message}`;
  // It says itself who said what.
  if (refuses === 'all') return `provider ${context.provider}: ${message}`;
  if (refuses !== 'request') return haltSentence(context, failure);
  const whose = ends === 'lane' ? '' : ' of it';
  return `provider ${context.provider} refused all that was asked${whose} first, alike: ${message}`;
}

/** What was refused and what was taken, once for each provider and change: each worker finds it out by itself. */
export function makeRepairNews(
  tell: (event: RunEvent) => void,
): (
  input: { readonly provider: string; readonly model: string; readonly echo: readonly string[] },
  repair: Repair,
) => void {
  const reported = new Set<string>();
  return ({ provider, model, echo }, { changes, refusal }) => {
    const id = JSON.stringify([provider, model, changes]);
    if (reported.has(id)) return;
    reported.add(id);
    const said = changes.map((name) => (name.startsWith('-') ? `without ${name.slice(1)}` : `with ${name}`));
    const members = new Set(changes.map((name) => name.replace(/^-/, '')));
    const setting = [...echo.filter((name) => !members.has(name.replace(/^-/, ''))), ...changes];
    tell({
      kind: 'diagnostic',
      severity: 'warning',
      code: 'echo-repaired',
      message: `${provider} refused what a tool loop says back to ${model} and took it ${said.join(' and ')}; it had said: ${refusal.slice(0, 300)}`,
      hint: `to say so from the first turn on, which saves a refused call: providers: { ${provider}: { echo: [${setting.join(', ')}] } }`,
    });
  };
}

export function haltSentence(context: Pick<TaskContext, 'provider'>, failure: Failure): string {
  const status = failure.status === null ? '' : ` (${failure.status})`;
  return `provider ${context.provider} answered ${failure.kind}${status}: ${failure.message}`;
}

/** Why the next call is not made, and what would let it. */
export function budgetSentence(
  budget: Pick<Budget, 'limitUsd' | 'spent'>,
  { bound, needsUsd }: Refused,
): string {
  const { usd, assumedUsd } = budget.spent();
  // As it stands in the manifest.
  const limit = `budget of $${budget.limitUsd}`;
  const next = `a call of ${bound.arm} ${
    bound.outputUsd === null
      ? `is taken to cost ${formatUsd(needsUsd)}: nothing bounds its answers (max_output_tokens)`
      : `may cost up to ${formatUsd(needsUsd)} (less with a smaller max_output_tokens)`
  }`;
  if (usd === 0) return `${limit} holds not one call: ${next}`;
  const assumed =
    assumedUsd === 0 ? '' : `, ${formatUsd(assumedUsd)} of it for calls that did not say what they cost`;
  const spent = `${limit} reached: ${formatUsd(usd)} is spent${assumed}`;
  return usd >= budget.limitUsd! ? spent : `${spent}, and ${next}`;
}

/** `$5`, `$0.5`, `$0.0123`: three digits that tell, however small it is. */
export function formatUsd(usd: number): string {
  if (usd === 0) return '$0';
  const decimals = usd >= 1 ? 2 : Math.min(12, Math.ceil(-Math.log10(usd)) + 2);
  return `$${usd.toFixed(decimals).replace(/\.?0+$/, '')}`;
}
