// LiteLLM's table of models (model_prices_and_context_window.json) -> lists by seller. Its numbers are USD per token.
// https://docs.litellm.ai/docs/provider_registration/add_model_pricing
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Price, PriceList, Rates } from '../../core/manifest.ts';
import type { JsonPath } from '../errors/place.ts';
import { nameless } from '../variants/providers.ts';

/** Whether a file is one: entries that name LiteLLM's provider, and no list of sellers. */
export function isLiteLlm(value: unknown): value is JsonObject {
  if (!isJsonObject(value) || Object.hasOwn(value, 'sellers')) return false;
  return Object.values(value).some(
    (entry) => isJsonObject(entry) && Object.hasOwn(entry, 'litellm_provider'),
  );
}

export type LiteLlmFile = {
  readonly lists: ReadonlyMap<string, PriceList>;
  /** Entries of which no price of ours can be made, by seller and model: why. */
  readonly refused: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly mistakes: readonly { readonly path: JsonPath; readonly message: string }[];
};

/** @param isWanted by seller: what others have wrong is their affair */
export function readLiteLlm(
  value: JsonObject,
  { shown, isWanted }: { readonly shown: string; readonly isWanted: (seller: string) => boolean },
): LiteLlmFile {
  const prices = new Map<string, Map<string, Price>>();
  const refused = new Map<string, Map<string, string>>();
  const mistakes: { path: JsonPath; message: string }[] = [];
  for (const [id, entry] of Object.entries(value)) {
    if (id === 'sample_spec' || !isJsonObject(entry)) continue;
    const { litellm_provider: provider } = entry;
    if (typeof provider !== 'string') continue;
    const seller = SELLERS.get(provider) ?? provider;
    if (!isWanted(seller)) continue;
    const wrong = Object.keys(entry).filter((name) => costOf(name) !== null && !isCost(entry[name]));
    for (const name of wrong)
      mistakes.push({ path: [id, name], message: `"${name}" is no cost: a number from 0` });
    if (wrong.length > 0) continue;
    const price = priceOf(entry);
    if (price === null) continue;
    const model = withoutPrefix(id, provider);
    const before = prices.get(seller)?.get(model);
    if (typeof price === 'string') put(refused, seller).set(model, price);
    else if (before !== undefined && JSON.stringify(before) !== JSON.stringify(price)) {
      put(refused, seller).set(model, 'it stands there twice, with two prices');
    } else put(prices, seller).set(model, price);
  }
  for (const [seller, models] of refused)
    for (const model of models.keys()) prices.get(seller)?.delete(model);
  const lists = [...prices].map(([seller, models]): [string, PriceList] => [
    seller,
    // The file tells no day.
    { from: 'file', source: shown, date: null, snapshots: false, prices: nameless([...models]) },
  ]);
  return { lists: new Map(lists), refused, mistakes };
}

/** Its names for the types of ours; any other is what an account may be called in the manifest. */
const SELLERS: ReadonlyMap<string, string> = new Map([
  ['text-completion-openai', 'openai'],
  ['gemini', 'google'],
  ['bedrock_converse', 'bedrock'],
  ['cohere_chat', 'cohere'],
]);

const INPUT = 'input_cost_per_token';
const OUTPUT = 'output_cost_per_token';
const CACHED = 'cache_read_input_token_cost';
const WRITTEN = 'cache_creation_input_token_cost';
const WRITTEN_1H = `${WRITTEN}_above_1hr`;
const COSTS = [INPUT, OUTPUT, CACHED, WRITTEN, WRITTEN_1H];

/** Which cost a member tells, with or without a step; null = none of ours. */
function costOf(name: string): string | null {
  const cost = STEP.exec(name)?.[1] ?? name;
  return COSTS.includes(cost) ? cost : null;
}

function isCost(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** `gemini/gemini-2.5-pro` is gemini-2.5-pro at Gemini; what stands before the slash of others belongs to the model. */
function withoutPrefix(id: string, provider: string): string {
  const seller = id.slice(0, Math.max(0, id.indexOf('/')));
  const isPrefix = seller === provider || (seller !== '' && SELLERS.get(provider) === SELLERS.get(seller));
  return isPrefix && seller !== '' ? id.slice(seller.length + 1) : id;
}

/** null = it is not sold by the token; a text = it is, and not by what a price of ours can say. */
function priceOf(entry: JsonObject): Price | string | null {
  const base = ratesAt(entry, '');
  if (base === null) return null;
  if (entry.tiered_pricing !== undefined) return 'its price has steps of its own (tiered_pricing)';
  const reasoning = entry.output_cost_per_reasoning_token;
  if (typeof reasoning === 'number' && perMillion(reasoning) !== base.output)
    return 'its reasoning costs otherwise than its output';
  const steps = new Set(
    Object.keys(entry).flatMap((name) => {
      const step = STEP.exec(name)?.[2];
      return step !== undefined && costOf(name) !== null ? [Number(step)] : [];
    }),
  );
  if (steps.size === 0) return { ...base, ...batchShare(entry, base) };
  if (steps.size > 1) return 'its price has more than one step';
  const [step] = steps as Set<number>;
  const above = ratesAt(entry, `_above_${step}k_tokens`, base);
  return above === null
    ? 'the step of its price is not whole'
    : { ...base, ...batchShare(entry, base), above: { tokens: step! * 1000, ...above } };
}

/** Only where input and output are cheaper by the same share: a price of ours says one. */
function batchShare(entry: JsonObject, { input, output }: Rates): { readonly batch?: number } {
  const [inBatch, outBatch] = [INPUT, OUTPUT].map((name) => entry[`${name}_batches`]);
  if (typeof inBatch !== 'number' || typeof outBatch !== 'number' || input <= 0 || output <= 0) return {};
  const share = Number((perMillion(inBatch) / input).toPrecision(6));
  const isSame = share === Number((perMillion(outBatch) / output).toPrecision(6));
  return isSame && share >= 0 && share <= 1 ? { batch: share } : {};
}

const STEP = /^(.+)_above_([0-9]{1,6})k_tokens$/;

/** @param base what a step does not name costs what it did before */
function ratesAt(entry: JsonObject, suffix: string, base?: Rates): Rates | null {
  const at = (name: string): number | null => {
    const cost = entry[name + suffix];
    return typeof cost === 'number' && isCost(cost) ? perMillion(cost) : null;
  };
  const input = at(INPUT) ?? base?.input ?? null;
  // Nobody is answered by an embedding.
  const output = at(OUTPUT) ?? base?.output ?? (entry.mode === 'embedding' ? 0 : null);
  if (input === null || output === null) return null;
  const cacheWrite = at(WRITTEN) ?? base?.cacheWrite;
  const cacheWrite1h = at(WRITTEN_1H) ?? base?.cacheWrite1h;
  return {
    input,
    cachedInput: at(CACHED) ?? base?.cachedInput ?? null,
    output,
    ...(cacheWrite === undefined ? {} : { cacheWrite }),
    ...(cacheWrite1h === undefined ? {} : { cacheWrite1h }),
  };
}

/** Twelve digits: 3e-7 a token is 0.3 a million, and not 0.30000000000000004. */
function perMillion(cost: number): number {
  return Number((cost * 1_000_000).toPrecision(12));
}

function put<Value>(sellers: Map<string, Map<string, Value>>, seller: string): Map<string, Value> {
  let models = sellers.get(seller);
  if (models === undefined) {
    models = new Map();
    sellers.set(seller, models);
  }
  return models;
}
