// A file of prices in our own form, the one that ships among them -> lists by seller.
import type { PriceList as PriceFile } from '../../core/generated/experiment.ts';
import type { Price, PriceList } from '../../core/manifest.ts';
import { priceFrom } from '../variants/price.ts';
import { nameless } from '../variants/providers.ts';

/** @param shown stands for a source that the file does not name */
export function listsIn(
  file: PriceFile,
  { from, shown }: Pick<PriceList, 'from'> & { readonly shown: string },
): ReadonlyMap<string, PriceList> {
  return new Map(
    Object.entries(file.sellers).map(([seller, { prices, snapshots = false, batch, ...told }]) => [
      seller,
      {
        from,
        source: told.source ?? file.source ?? shown,
        date: told.date ?? file.date ?? null,
        snapshots,
        prices: nameless(
          Object.entries(prices).map(([model, raw]): [string, Price] => [
            model,
            // What stands beside a model is about that model.
            { ...(batch === undefined ? {} : { batch }), ...priceFrom(raw) },
          ]),
        ),
      },
    ]),
  );
}
