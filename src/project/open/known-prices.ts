// What an experiment's models cost, as far as it is known, and who says so.
import { askersOf } from '../../core/asking.ts';
import { matchesGlob } from '../../core/glob.ts';
import type { Manifest, Price, Provider } from '../../core/manifest.ts';
import { priceFor } from '../../core/price.ts';
import { entryOf } from '../../core/providers/table.ts';
import { listedPrice } from '../../core/rates.ts';

/** `local`: this machine answers, and nobody named a price. */
export type PriceFrom = 'manifest' | 'file' | 'shipped' | 'simulation' | 'local';

export type KnownPrice = {
  readonly provider: string;
  readonly model: string;
  /** null = not known. */
  readonly price: Price | null;
  readonly from: PriceFrom | null;
  /** Of a list: where its numbers are from, the day on which they were looked up, and the id that it has the model under. */
  readonly list: { readonly source: string; readonly date: string | null; readonly line: string } | null;
};

/** @param model an id or a glob: what is known of it at every account; null = of what variants and scorers ask */
export function knownPrices(manifest: Manifest, model: string | null): readonly KnownPrice[] {
  const found = new Map<string, KnownPrice>();
  const add = (provider: Provider, asked: Parameters<typeof priceFor>[1]): void => {
    const row = knownPrice(provider, asked);
    // One that asks for another class of service stands beside the others.
    const id = JSON.stringify([row.provider, row.model, row.from]);
    if (!found.has(id)) found.set(id, row);
  };
  if (model === null) {
    for (const { provider, ...asked } of askersOf(manifest)) {
      const account = manifest.providers[provider];
      if (account && asked.model !== '' && entryOf(account.type).answeredBy !== 'nobody') add(account, asked);
    }
    return [...found.values()];
  }
  for (const provider of Object.values(manifest.providers)) {
    const ids = [
      ...Object.keys(provider.pricing),
      ...(provider.lists ?? []).flatMap(({ prices }) => Object.keys(prices)),
    ];
    for (const id of ids.filter((one) => matchesGlob(model, one))) add(provider, { model: id, params: {} });
    if (listedPrice(provider.lists ?? [], model) !== null) add(provider, { model, params: {} });
  }
  return [...found.values()];
}

function knownPrice(provider: Provider, asked: Parameters<typeof priceFor>[1]): KnownPrice {
  const price = priceFor(provider, asked);
  const { name, type, pricing, lists = [] } = provider;
  const row = { provider: name, model: asked.model, price, list: null };
  if (price === null) return { ...row, from: null };
  if (Object.hasOwn(pricing, asked.model))
    return { ...row, from: entryOf(type).answeredBy === 'simulation' ? 'simulation' : 'manifest' };
  if (price.isAssumed) return { ...row, from: 'local' };
  const { list, id } = listedPrice(lists, asked.model)!;
  return { ...row, from: list.from, list: { source: list.source, date: list.date, line: id } };
}
