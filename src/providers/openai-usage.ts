// What a call took, as servers of this family tell it: their names for the counts, what they count where, and what some of
// them say that it cost. A count that is not known is never 0. Pure.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { Usage } from '../core/outcome.ts';
import { canBe, NO_WORDS, type Spoken } from './believed-usage.ts';

export type ReadUsage = {
  /** null = a count is missing or is none. */
  readonly usage: Usage | null;
  /** What was told beyond that; {} = nothing. */
  readonly rest: JsonObject;
};

/** @param spoken what was said: left out = not known, or nothing */
export function readUsage(told: Json | undefined, spoken: Spoken = NO_WORDS): ReadUsage {
  if (!isJsonObject(told)) return { usage: null, rest: {} };
  const asTold = countsOf(told);
  const counts = asTold && settled(asTold, told);
  if (counts === null || !canBe({ inputTokens: counts.input, outputTokens: counts.output }, spoken))
    return { usage: null, rest: said(told, KEPT_ELSEWHERE) };
  const costUsd = costIn(told);
  const written = writtenIn(told);
  const hour = hourIn(told);
  const isSame =
    counts.input === asTold?.input && counts.output === asTold.output && counts.total === asTold.total;
  return {
    usage: {
      inputTokens: counts.input,
      outputTokens: counts.output,
      totalTokens: counts.total,
      cachedInputTokens: cachedIn(told),
      reasoningTokens: reasoningIn(told),
      ...(written === null ? {} : { cacheWriteInputTokens: written }),
      ...(written === null || hour === null ? {} : { cacheWrite1hInputTokens: hour }),
      ...(costUsd === null ? {} : { costUsd }),
    },
    // Where the counts are not those that were told, all of them are kept as they were.
    rest: said(told, isSame ? COUNTS : KEPT_ELSEWHERE),
  };
}

type Counts = { readonly input: number; readonly output: number; readonly total: number };

const INPUT = ['prompt_tokens', 'input_tokens'];
const OUTPUT = ['completion_tokens', 'output_tokens'];
const DETAILS = {
  input: ['prompt_tokens_details', 'input_tokens_details'],
  output: ['completion_tokens_details', 'output_tokens_details'],
};

/** Two of the three give the third; of one alone nothing follows. */
function countsOf(told: JsonObject): Counts | null {
  const [input, output, total] = [INPUT, OUTPUT, ['total_tokens']].map((names) => countAt(told, names));
  if (input === 'odd' || output === 'odd') return null;
  const all = total === 'odd' || total === undefined ? null : total;
  if (input !== null && output !== null)
    return { input: input!, output: output!, total: all ?? input! + output! };
  if (all === null) return null;
  if (input !== null && all >= input!) return { input: input!, output: all - input!, total: all };
  if (output !== null && all >= output!) return { input: all - output!, output: output!, total: all };
  return null;
}

/**
 * What is charged as output stands in the output. xAI and Gemini count thinking beside the completion: the total says so, or
 * there is more thinking than completion. Anthropic and what is made like it count what came from a cache beside the input.
 */
function settled(counts: Counts, told: JsonObject): Counts {
  let { input, output } = counts;
  const cached = cachedIn(told) ?? 0;
  const reasoning = reasoningIn(told) ?? 0;
  const beside = counts.total - input - output;
  const fromCache = cached + (countIn(told.cache_creation_input_tokens) ?? 0);
  if (beside > 0 && beside === fromCache && beside !== reasoning) input += beside;
  else if (beside > 0) output += beside;
  if (cached > input) input += fromCache;
  if (reasoning > output) output += reasoning;
  return { input, output, total: input + output };
}

/** OpenAI's details; DeepSeek's, Moonshot's and Anthropic's own words. */
export function cachedIn(told: JsonObject): number | null {
  return (
    detailIn(told, DETAILS.input, 'cached_tokens') ??
    countIn(told.prompt_cache_hit_tokens) ??
    countIn(told.cached_tokens) ??
    countIn(told.cache_read_input_tokens)
  );
}

/** What went into the cache. OpenRouter's and OpenAI's details; Anthropic's own word. */
function writtenIn(told: JsonObject): number | null {
  return detailIn(told, DETAILS.input, 'cache_write_tokens') ?? countIn(told.cache_creation_input_tokens);
}

/** Of what went into the cache, what is kept for an hour: Anthropic's word, and Bedrock's. null = none, or not told. */
export function hourIn(told: JsonObject): number | null {
  const { cache_creation: created, cacheDetails: details } = told;
  const own = isJsonObject(created) ? countIn(created.ephemeral_1h_input_tokens) : null;
  const ofHour = Array.isArray(details)
    ? (details as readonly Json[]).filter(isJsonObject).find(({ ttl }) => ttl === '1h')
    : undefined;
  return (own ?? countIn(ofHour?.inputTokens)) || null;
}

function reasoningIn(told: JsonObject): number | null {
  return detailIn(told, DETAILS.output, 'reasoning_tokens') ?? countIn(told.reasoning_tokens);
}

function detailIn(told: JsonObject, places: readonly string[], name: string): number | null {
  for (const place of places) {
    const details = told[place];
    const count = isJsonObject(details) ? countIn(details[name]) : null;
    if (count !== null) return count;
  }
  return null;
}

/** https://docs.x.ai/developers/cost-tracking */
const TICKS_PER_USD = 10_000_000_000;

/**
 * What the server says that it charged, in USD. OpenRouter: `cost`, and where the key of an upstream is the user's own, what that
 * upstream charges beside it. Perplexity: an object with a sum. xAI: ticks. DeepInfra: an estimate.
 */
function costIn(told: JsonObject): number | null {
  const { cost, cost_in_usd_ticks: ticks, estimated_cost: estimated } = told;
  const fromTicks = amountIn(ticks);
  if (fromTicks !== null) return fromTicks / TICKS_PER_USD;
  if (isJsonObject(cost)) return amountIn(cost.total_cost);
  const own = amountIn(cost);
  const details = told.cost_details;
  const upstream = isJsonObject(details) ? amountIn(details.upstream_inference_cost) : null;
  if (own !== null && told.is_byok === true) return upstream === null ? null : own + upstream;
  return own ?? amountIn(estimated);
}

function amountIn(value: Json | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}

/** null = not told; `odd` = told, and no count. */
function countAt(told: JsonObject, names: readonly string[]): number | null | 'odd' {
  for (const name of names) {
    const value = told[name];
    if (value !== undefined && value !== null) return countIn(value) ?? 'odd';
  }
  return null;
}

/** No answer has so many tokens; sums of what is below stay exact. */
const MAX_TOKENS = 1e12;

function countIn(value: Json | undefined): number | null {
  const isCount = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_TOKENS;
  return isCount ? value : null;
}

const COUNTS = new Set([
  ...INPUT,
  ...OUTPUT,
  'total_tokens',
  'cached_tokens',
  'reasoning_tokens',
  'prompt_cache_hit_tokens',
  'cache_read_input_tokens',
  'cache_write_tokens',
  'cache_creation_input_tokens',
]);
const KEPT_ELSEWHERE: ReadonlySet<string> = new Set();

/** Without what is kept elsewhere, and without what says nothing: null, 0, and what is made of these alone. */
function said(told: JsonObject, without: ReadonlySet<string>): JsonObject {
  let rest: { [name: string]: Json | undefined } | null = null;
  for (const name in told) {
    const value = told[name];
    if (without.has(name) || (without.size > 0 && (value === null || value === undefined || value === 0)))
      continue;
    const kept = isJsonObject(value) ? said(value, without) : value;
    if (kept === NOTHING_SAID) continue;
    rest ??= {};
    // Defined and not assigned: `__proto__` is a name.
    Object.defineProperty(rest, name, { value: kept, enumerable: true, writable: true, configurable: true });
  }
  return rest ?? NOTHING_SAID;
}

const NOTHING_SAID: JsonObject = {};
