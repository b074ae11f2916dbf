// What `prices` prints: a line a model, with who says what it costs. Pure.
import { printablePrice, type Rates } from '../../core/rates.ts';
import { sanitizeLine } from '../../core/text.ts';
import { formatCount } from '../../text/format.ts';
import { renderTable, type TextOptions } from '../../text/table.ts';

/** As project/open/known-prices.ts finds them. */
export type PriceRow = {
  readonly provider: string;
  readonly model: string;
  readonly price: Parameters<typeof printablePrice>[0] | null;
  readonly from: string | null;
  readonly list: { readonly source: string; readonly date: string | null; readonly line: string } | null;
};

export function priceTable(rows: readonly PriceRow[], options: TextOptions): string {
  const columns = [
    { head: 'provider', shrinksTo: 8 },
    { head: 'model', shrinksTo: 12, cut: 'names' as const },
    ...['input', 'cached', 'written', 'output', 'batch'].map((head) => ({ head, align: 'right' as const })),
    { head: 'by', shrinksTo: 10 },
  ];
  const cells = rows.flatMap((row) => [
    line([row.provider, row.model, ...ratesOf(row.price), batchWords(row.price), byWords(row)]),
    ...(row.price?.above
      ? [
          line([
            '',
            `above ${formatCount(row.price.above.tokens)} tokens`,
            ...ratesOf(row.price.above),
            '',
            '',
          ]),
        ]
      : []),
  ]);
  return `${renderTable({ columns, rows: cells }, options)}\nUSD per million tokens; cached: read from the provider's prompt cache, written: put into it; batch: what a call in one costs of it.\n`;
}

function line(cells: readonly string[]): { readonly kind: 'cells'; readonly cells: readonly string[] } {
  return { kind: 'cells', cells: cells.map(sanitizeLine) };
}

function ratesOf(rates: Rates | null): readonly string[] {
  if (rates === null) return ['unknown', '', '', 'unknown'];
  const { input, cachedInput, cacheWrite, cacheWrite1h, output } = rates;
  const written = [cacheWrite, cacheWrite1h === undefined ? undefined : `${cacheWrite1h} (1 h)`];
  return [
    ...[input, cachedInput ?? ''].map(String),
    written.filter((rate) => rate !== undefined).join(', '),
    String(output),
  ];
}

function batchWords(price: PriceRow['price']): string {
  return price?.batch === undefined ? '' : `${Number((price.batch * 100).toPrecision(6))} %`;
}

function byWords({ from, list, model }: PriceRow): string {
  if (from === null) return 'nobody';
  if (list === null) return from === 'local' ? 'local: taken to be free' : from;
  const { source, date, line: id } = list;
  const as = id === model ? '' : ` as ${id}`;
  return `${from === 'shipped' ? 'shipped' : source}${date === null ? '' : `, ${date}`}${as}`;
}

/** Of the same rows. */
export function pricesJson(rows: readonly PriceRow[]): readonly object[] {
  return rows.map(({ price, ...row }) => ({ ...row, price: price && printablePrice(price) }));
}
