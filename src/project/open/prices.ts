// What an experiment's models cost by lists: for the record of an invocation, and in words where a list has grown old.
import { askersOf } from '../../core/asking.ts';
import { digestOf } from '../../core/canonical.ts';
import type { Json } from '../../core/json.ts';
import type { Manifest, PriceList } from '../../core/manifest.ts';
import { priceFor } from '../../core/price.ts';
import { type ListedPrice, listedPrice, printablePrice } from '../../core/rates.ts';
import type { InvocationRecord } from '../../core/record.ts';

/** A model that a list has a price of, and nobody else. */
export type Listed = ListedPrice & { readonly provider: string; readonly model: string };

/** Of variants and scorers, each model once. */
export function listedModels(manifest: Manifest): readonly Listed[] {
  const found = new Map<string, Listed>();
  for (const { provider, model, params } of askersOf(manifest)) {
    const account = manifest.providers[provider];
    const id = JSON.stringify([provider, model]);
    if (!account?.lists || Object.hasOwn(account.pricing, model) || found.has(id)) continue;
    const listed = listedPrice(account.lists, model);
    if (listed !== null && priceFor(account, { model, params }) === listed.price)
      found.set(id, { ...listed, provider, model });
  }
  return [...found.values()];
}

/** As the record of an invocation has it: what costs were reckoned by. */
export function recordedPrices({ providers, ...manifest }: Manifest): Pick<InvocationRecord, 'prices'> {
  const lists = Object.values(providers).flatMap(({ name, lists: of = [] }) =>
    of.map((list) => ({ provider: name, list, digest: digestOf(list as unknown as Json) })),
  );
  if (lists.length === 0) return {};
  const digests = new Map(lists.map(({ list, digest }) => [list, digest]));
  return {
    prices: {
      lists: lists.map(({ provider, list: { from, source, date }, digest }) => ({
        provider,
        from,
        source,
        date,
        digest,
      })),
      models: listedModels({ ...manifest, providers }).map(({ provider, model, id, list, price }) => ({
        provider,
        model,
        line: id,
        digest: digests.get(list)!,
        ...printablePrice(price),
      })),
    },
  };
}

const DAY_MS = 86_400_000;
/** A quarter: vendors change prices more often than that. */
const OLD_DAYS = 90;

/** Said where money is foretold: a list that costs are reckoned by and that is old. */
export function oldPrices(manifest: Manifest, now: Date): readonly string[] {
  const old = new Map<PriceList, { readonly days: number; readonly models: Set<string> }>();
  for (const { list, model } of listedModels(manifest)) {
    const days = list.date === null ? 0 : Math.floor((now.getTime() - Date.parse(list.date)) / DAY_MS);
    if (days <= OLD_DAYS) continue;
    const known = old.get(list) ?? { days, models: new Set() };
    known.models.add(model);
    old.set(list, known);
  }
  return [...old].map(([{ from, source, date }, { days, models }]) => {
    const whose = from === 'shipped' ? 'prices that come with expgraph' : `prices of ${source}`;
    return `${whose} for ${namesOf(models)} are of ${date}, ${days} days old: ${HOW[from]}`;
  });
}

const HOW: { readonly [from in PriceList['from']]: string } = {
  shipped:
    'write newer ones in a file and name it in the manifest, prices: ./prices.yaml ("npx expgraph prices" tells what is known)',
  file: 'look them up again, and give the file a new date',
};

function namesOf(models: ReadonlySet<string>): string {
  const [first, second, ...more] = models;
  return second === undefined
    ? first!
    : `${first}, ${second}${more.length === 0 ? '' : `, and ${more.length} more`}`;
}
