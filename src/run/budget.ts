// Money: what this invocation has spent, and whether one call more fits. Pure.
import type { Price } from '../core/manifest.ts';
import type { Failure, FailureKind, Outcome, Usage } from '../core/outcome.ts';
import { unreachable } from '../core/result.ts';

/**
 * Cost of one answer in USD; null where the price or the usage is unknown: never guessed as 0. Where nobody declares a price, what
 * the server says that it charged.
 */
export function costOf(usage: Usage | null, price: Price | null): number | null {
  if (!usage) return null;
  if (!price) return usage.costUsd === undefined ? null : Math.round(usage.costUsd * 1e7) / 1e7;
  const cached = price.cachedInput === null ? 0 : (usage.cachedInputTokens ?? 0);
  const fresh = usage.inputTokens - cached;
  const total = fresh * price.input + cached * (price.cachedInput ?? 0) + usage.outputTokens * price.output;
  // Rounded to a tenth of a micro-dollar: sums of floats would otherwise differ by the order of adding.
  return Math.round(total * 10) / 10_000_000;
}

/** What a budget has to believe of a call that has ended. */
export type Settlement = number | 'unknown' | 'nothing';

/**
 * What a call has cost. A failure that came as an error of the server is not charged for; where the answer was on its
 * way or came in pieces, it may have been, and a budget counts what was reserved for it.
 */
export function settlementOf(
  outcome: Outcome,
  price: Price | null,
): { readonly costUsd: number | null; readonly settlement: Settlement } {
  if (outcome.kind === 'success') {
    const costUsd = costOf(outcome.completion.usage, price);
    return { costUsd, settlement: costUsd ?? 'unknown' };
  }
  if (outcome.kind === 'cancelled') return { costUsd: null, settlement: 'unknown' };
  const { usage = null } = outcome.failure;
  return { costUsd: null, settlement: settlementOfCall(outcome.failure, costOf(usage, price)) };
}

/** The same for one call of several. */
export function settlementOfCall(failure: Failure | null, costUsd: number | null): Settlement {
  // An answer that was none says what it took as well.
  if (failure !== null && costUsd === null) return mayBeCharged(failure.kind) ? 'unknown' : 'nothing';
  return costUsd ?? 'unknown';
}

/** Whether a failure of this kind may have cost something. */
export function mayBeCharged(kind: FailureKind): boolean {
  switch (kind) {
    case 'timeout':
    case 'network':
    case 'invalid-response':
    case 'worker-lost':
    case 'cancelled':
    case 'inputs-changed':
    case 'internal':
    case 'code-failed':
    case 'code-temporary':
    case 'code-timeout':
    case 'broken-output':
    case 'score-failed':
      return true;
    case 'rate-limited':
    case 'overloaded':
    case 'bad-request':
    case 'context-exceeded':
    case 'unauthorized':
    case 'quota-exhausted':
      return false;
    default:
      return unreachable(kind);
  }
}

export type Budget = {
  spentUsd(): number;
  /**
   * Reserves a call, or says that it does not fit beside what is spent and what is in flight. Until a call has been
   * paid for, `estimatedUsd` is reserved; then the mean of what calls have cost. A first call always fits.
   */
  reserve(estimatedUsd: number): number | null;
  /** The call has ended. Of unknown cost it counts as what was reserved for it. */
  settle(reservedUsd: number, spentUsd: Settlement): void;
};

export function makeBudget(limitUsd: number | null): Budget {
  let spent = 0;
  let reserved = 0;
  let paidCalls = 0;
  return {
    spentUsd: () => spent,
    reserve(estimatedUsd) {
      if (limitUsd === null) return 0;
      const amount = paidCalls === 0 ? estimatedUsd : spent / paidCalls;
      const isFirst = spent === 0 && reserved === 0;
      // At the limit nothing fits, also where calls cost too little to show.
      if (!isFirst && (spent >= limitUsd || spent + reserved + amount > limitUsd)) return null;
      reserved += amount;
      return amount;
    },
    settle(reservedUsd, spentUsd) {
      reserved = Math.max(0, reserved - reservedUsd);
      if (spentUsd === 'nothing') return;
      spent += spentUsd === 'unknown' ? reservedUsd : spentUsd;
      paidCalls++;
    },
  };
}
