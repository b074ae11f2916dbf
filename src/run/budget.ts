// Money: what this invocation has spent, and whether one call more fits. Pure.
import type { Price } from '../core/manifest.ts';
import type { Usage } from '../core/outcome.ts';

/** Cost of one answer in USD; null where the price or the usage is unknown: never guessed as 0. */
export function costOf(usage: Usage | null, price: Price | null): number | null {
  if (!usage || !price) return null;
  const cached = price.cachedInput === null ? 0 : (usage.cachedInputTokens ?? 0);
  const fresh = usage.inputTokens - cached;
  const total = fresh * price.input + cached * (price.cachedInput ?? 0) + usage.outputTokens * price.output;
  // Rounded to a tenth of a micro-dollar: sums of floats would otherwise differ by the order of adding.
  return Math.round(total * 10) / 10_000_000;
}

export type Budget = {
  spentUsd(): number;
  /** Whether a call may start beside those in flight, each taken to cost what calls have cost so far. */
  allows(inFlight: number): boolean;
  spend(costUsd: number | null): void;
};

export function makeBudget(limitUsd: number | null): Budget {
  let spent = 0;
  let calls = 0;
  return {
    spentUsd: () => spent,
    allows(inFlight) {
      if (limitUsd === null) return true;
      const mean = calls === 0 ? 0 : spent / calls;
      return spent < limitUsd && spent + mean * (inFlight + 1) <= limitUsd;
    },
    spend(costUsd) {
      spent += costUsd ?? 0;
      calls++;
    },
  };
}
