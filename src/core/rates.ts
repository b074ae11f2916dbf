// What tokens cost, as data.

/** USD per million tokens. `cachedInput` null = cached tokens cost what fresh ones do. */
export type Rates = {
  readonly input: number;
  readonly cachedInput: number | null;
  readonly output: number;
  /** Left out = what is written into the cache costs what fresh ones do. */
  readonly cacheWrite?: number;
  /** Of what is written for an hour. Left out = it costs what all that is written does. */
  readonly cacheWrite1h?: number;
};

/** The dearest that a token of input can be. */
export function dearestInput({ input, cachedInput, cacheWrite, cacheWrite1h }: Rates): number {
  return Math.max(input, cachedInput ?? 0, cacheWrite ?? 0, cacheWrite1h ?? 0);
}

export type Price = Rates & {
  /** Only where a call whose input is longer than `tokens` costs otherwise, all of it. */
  readonly above?: Rates & { readonly tokens: number };
  /** Only where it is known: what a call in a batch costs of it, 0..1. */
  readonly batch?: number;
  /** Nobody declared it (core/price.ts). */
  readonly isAssumed?: true;
};

/** Of calls that write nothing for an hour. */
export function withoutHour({ above, ...price }: Price): Price {
  const { cacheWrite1h: _, ...rates } = price;
  if (above === undefined) return rates;
  const { cacheWrite1h: __, ...long } = above;
  return { ...rates, above: long };
}

/** The same price at a share of it: what a batch costs, say. */
export function atShare({ above, ...price }: Price, share: number): Price {
  const of = <Some extends Rates>(rates: Some): Some => ({
    ...rates,
    input: rates.input * share,
    cachedInput: rates.cachedInput === null ? null : rates.cachedInput * share,
    output: rates.output * share,
    ...(rates.cacheWrite === undefined ? {} : { cacheWrite: rates.cacheWrite * share }),
    ...(rates.cacheWrite1h === undefined ? {} : { cacheWrite1h: rates.cacheWrite1h * share }),
  });
  return { ...of(price), ...(above === undefined ? {} : { above: of(above) }) };
}

/** What one seller asks for its models, as somebody wrote it down. */
export type PriceList = {
  /** `file`: of the manifest's `prices`; `shipped`: the one that comes with expgraph. */
  readonly from: 'file' | 'shipped';
  /** Where the numbers are from: an address, a name of a file, or words. */
  readonly source: string;
  /** The day on which they were looked up, YYYY-MM-DD; null = not told. */
  readonly date: string | null;
  /** An id that ends in a day not after `date` goes by the id without it, where it has no line of its own. */
  readonly snapshots: boolean;
  readonly prices: { readonly [model: string]: Price };
};

/** What a list says of a model: `id` is the line that it stands in. */
export type ListedPrice = { readonly id: string; readonly price: Price; readonly list: PriceList };

/** The first list that has the model tells; null = none has it. Names of Object.prototype are no models. */
export function listedPrice(lists: readonly PriceList[], model: string): ListedPrice | null {
  for (const list of lists) {
    const id = lineOf(list, model);
    if (id !== null) return { id, price: list.prices[id]!, list };
  }
  return null;
}

function lineOf({ prices, snapshots, date }: PriceList, model: string): string | null {
  if (Object.hasOwn(prices, model)) return model;
  const dated = snapshots ? SNAPSHOT.exec(model) : null;
  if (dated === null || date === null) return null;
  const [, id, year, month, day] = dated;
  // What came out after the list was made may well cost something else.
  const isOfThen = `${year}-${month}-${day}` <= date;
  return isOfThen && Object.hasOwn(prices, id!) ? id! : null;
}

/** claude-sonnet-4-5-20250929, gpt-5-2025-08-07 */
const SNAPSHOT = /^(.+)-(20\d\d)-?([01]\d)-?([0-3]\d)$/;

/** As a manifest has it, for records. */
export function printablePrice({ above, batch, ...rates }: Price): PrintedPrice {
  const long = above === undefined ? {} : { above: { tokens: above.tokens, ...printableRates(above) } };
  return { ...printableRates(rates), ...(batch === undefined ? {} : { batch }), ...long };
}

type PrintedRates = {
  readonly input: number;
  readonly cached_input: number | null;
  readonly cache_write?: number;
  readonly cache_write_1h?: number;
  readonly output: number;
};

export type PrintedPrice = PrintedRates & {
  readonly batch?: number;
  readonly above?: PrintedRates & { readonly tokens: number };
};

function printableRates({ input, cachedInput, cacheWrite, cacheWrite1h, output }: Rates): PrintedRates {
  return {
    input,
    cached_input: cachedInput,
    ...(cacheWrite === undefined ? {} : { cache_write: cacheWrite }),
    ...(cacheWrite1h === undefined ? {} : { cache_write_1h: cacheWrite1h }),
    output,
  };
}
