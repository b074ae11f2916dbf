// What an answer cost, by the tokens that it took and the price that is declared. Pure.
import { sumUsage } from './conversation.ts';
import type { Price, Rates } from './manifest.ts';
import type { Usage } from './outcome.ts';
import { roundUsd } from './paid.ts';

/**
 * Cost of one answer in USD; null where the price or the usage is unknown: never guessed as 0. Where nobody declares a price, what
 * the server says that it charged.
 */
export function costOf(usage: Usage | null, price: Price | null): number | null {
  const shares = sharesOf(usage, price);
  // Rounded to a tenth of a micro-dollar: sums of floats would otherwise differ by the order of adding.
  return shares && roundUsd(shares.inputUsd + shares.outputUsd);
}

/**
 * Of several calls whose usage is told in one sum. Where long calls cost otherwise, each is charged by its own length, and what
 * the sum has beyond them as one more call.
 */
export function costOfAll(
  usage: Usage | null,
  { calls, price }: { readonly calls: readonly (Usage | null)[]; readonly price: Price | null },
): number | null {
  if (!price?.above || usage === null || calls.length === 0) return costOf(usage, price);
  const told = calls.map((call) => costOf(call, price));
  if (told.includes(null)) return costOf(usage, price);
  const known = told.reduce<number>((sum, one) => sum + (one ?? 0), 0);
  return roundUsd(known + (costOf(beyond(usage, sumUsage(calls)), price) ?? 0));
}

function beyond(usage: Usage, known: Usage | null): Usage {
  const more = (of: (one: Usage) => number | null | undefined): number =>
    Math.max(0, (of(usage) ?? 0) - (known === null ? 0 : (of(known) ?? 0)));
  return {
    inputTokens: more((one) => one.inputTokens),
    outputTokens: more((one) => one.outputTokens),
    totalTokens: more((one) => one.totalTokens),
    cachedInputTokens: more((one) => one.cachedInputTokens),
    reasoningTokens: null,
    cacheWriteInputTokens: more((one) => one.cacheWriteInputTokens),
    cacheWrite1hInputTokens: more((one) => one.cacheWrite1hInputTokens),
  };
}

/** What an answer cost, by what was paid for. */
export type Shares = { readonly inputUsd: number; readonly outputUsd: number };

/** What a call of so many input tokens is charged by. */
export function ratesFor(price: Price, inputTokens: number): Rates {
  return price.above !== undefined && inputTokens > price.above.tokens ? price.above : price;
}

/** The usage of one call, where long ones cost otherwise. Not rounded: a million calls that are too cheap to show are not free. */
export function sharesOf(usage: Usage | null, price: Price | null): Shares | null {
  if (!usage) return null;
  // What it was for nobody says; an input is known before a call, so what is told counts as output.
  if (price === null || (price.isAssumed && usage.costUsd !== undefined))
    return usage.costUsd === undefined ? null : { inputUsd: 0, outputUsd: usage.costUsd };
  const rates = ratesFor(price, usage.inputTokens);
  const cached = rates.cachedInput === null ? 0 : (usage.cachedInputTokens ?? 0);
  const hour = rates.cacheWrite1h === undefined ? 0 : (usage.cacheWrite1hInputTokens ?? 0);
  const written = rates.cacheWrite === undefined ? 0 : Math.max(0, (usage.cacheWriteInputTokens ?? 0) - hour);
  // Counts that contradict one another are charged as they are told, and nothing is given back for them.
  const fresh = Math.max(0, usage.inputTokens - cached - written - hour);
  const input =
    fresh * rates.input +
    cached * (rates.cachedInput ?? 0) +
    written * (rates.cacheWrite ?? 0) +
    hour * (rates.cacheWrite1h ?? 0);
  return { inputUsd: input / 1_000_000, outputUsd: (usage.outputTokens * rates.output) / 1_000_000 };
}
