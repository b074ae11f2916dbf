// A price as it is written -> as it is reckoned with.
import type { Price as RawPrice } from '../../core/generated/experiment.ts';
import type { Price, Rates } from '../../core/manifest.ts';

type RawRates = Pick<RawPrice, 'input' | 'cached_input' | 'cache_write' | 'cache_write_1h' | 'output'>;

export function priceFrom({ above, batch, ...rates }: RawPrice): Price {
  const long = above === undefined ? {} : { above: { tokens: above.tokens, ...ratesFrom(above) } };
  return { ...ratesFrom(rates), ...long, ...(batch === undefined ? {} : { batch }) };
}

function ratesFrom(raw: RawRates): Rates {
  return {
    input: raw.input,
    cachedInput: raw.cached_input ?? null,
    output: raw.output,
    ...(raw.cache_write === undefined ? {} : { cacheWrite: raw.cache_write }),
    ...(raw.cache_write_1h === undefined ? {} : { cacheWrite1h: raw.cache_write_1h }),
  };
}
