// What an answer cost, by the tokens that it took and the price that is declared. Pure.
import type { Price } from './manifest.ts';
import type { Usage } from './outcome.ts';

/**
 * Cost of one answer in USD; null where the price or the usage is unknown: never guessed as 0. Where nobody declares a price, what
 * the server says that it charged.
 */
export function costOf(usage: Usage | null, price: Price | null): number | null {
  const shares = sharesOf(usage, price);
  // Rounded to a tenth of a micro-dollar: sums of floats would otherwise differ by the order of adding.
  return shares && Math.round((shares.inputUsd + shares.outputUsd) * 10_000_000) / 10_000_000;
}

/** What an answer cost, by what was paid for. */
export type Shares = { readonly inputUsd: number; readonly outputUsd: number };

/** Not rounded: a million calls that are too cheap to show are not free. */
export function sharesOf(usage: Usage | null, price: Price | null): Shares | null {
  if (!usage) return null;
  // What it was for nobody says; an input is known before a call, so what is told counts as output.
  if (price === null || (price.isAssumed && usage.costUsd !== undefined))
    return usage.costUsd === undefined ? null : { inputUsd: 0, outputUsd: usage.costUsd };
  const cached = price.cachedInput === null ? 0 : (usage.cachedInputTokens ?? 0);
  const fresh = usage.inputTokens - cached;
  const inputUsd = (fresh * price.input + cached * (price.cachedInput ?? 0)) / 1_000_000;
  return { inputUsd, outputUsd: (usage.outputTokens * price.output) / 1_000_000 };
}
