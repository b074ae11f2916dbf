// Which lists of prices say what the models of an account cost: the file that the manifest names, then the one that ships.
import path from 'node:path';
import type { PriceList as PriceFile } from '../../core/generated/experiment.ts';
import type { Provider } from '../../core/manifest.ts';
import { nearest } from '../../core/nearest.ts';
import { entryOf, PROVIDER_TYPES, type ProviderType } from '../../core/providers/table.ts';
import { listedPrice } from '../../core/rates.ts';
import { openDocument } from '../documents/document.ts';
import type { ParsedDocument } from '../errors/place.ts';
import { mistakesOf } from '../errors/validate.ts';
import { type Reading, say } from '../reading.ts';
import { isLiteLlm, type LiteLlmFile, readLiteLlm } from './litellm.ts';
import { listsIn } from './own-form.ts';
import { shippedLists } from './shipped.ts';

type Asked = {
  /** Those in use, by name. */
  readonly providers: ReadonlyMap<string, Provider>;
  readonly callers: readonly { readonly provider: string; readonly model: string }[];
};

/** The accounts with the lists that are about them. A file that cannot be read is among the findings. */
export function withPriceLists(reading: Reading, asked: Asked): ReadonlyMap<string, Provider> {
  const file = readFile(reading, asked);
  const named = new Set(asked.callers.map(({ provider }) => provider));
  const listed = [...asked.providers].map(([name, provider]): [string, Provider] => {
    // Who says that nobody knows is believed.
    if (reading.raw.providers?.[name]?.pricing === 'unknown') return [name, provider];
    const seller = sellerOf(provider);
    const own = isType(name) ? (name === seller ? file.lists.get(name) : undefined) : file.lists.get(name);
    const shipped = seller !== null && named.has(name) ? shippedLists().get(seller) : undefined;
    const lists = [own, seller === null ? undefined : file.lists.get(seller), shipped];
    const told = [...new Set(lists.filter((list) => list !== undefined))];
    return [name, told.length === 0 ? provider : { ...provider, lists: told }];
  });
  const providers = new Map(listed);
  warnOfRefused(reading, { ...asked, providers, file });
  return providers;
}

/** Whose prices hold at this account: the vendor's at its own address. A gateway is another seller. null = nobody's. */
function sellerOf({ type, baseUrl }: Provider): ProviderType | null {
  const { answeredBy, defaults } = entryOf(type);
  if (answeredBy !== 'server' || type === 'ai-sdk') return null;
  const bare = (url: string): string => url.replace(/\/+$/, '').toLowerCase();
  const isOwn = baseUrl === null || (defaults.baseUrl !== null && bare(baseUrl) === bare(defaults.baseUrl));
  return isOwn ? type : null;
}

function isType(name: string): boolean {
  return (PROVIDER_TYPES as readonly string[]).includes(name);
}

type FileLists = Pick<LiteLlmFile, 'lists' | 'refused'>;

const NO_FILE: FileLists = { lists: new Map(), refused: new Map() };

function readFile(reading: Reading, asked: Asked): FileLists {
  const { raw, folder, findings, document } = reading;
  const shown = raw.prices;
  if (shown === undefined) return NO_FILE;
  const file = path.resolve(folder, shown);
  const namedAt = () => document.locate({ path: ['prices'], part: 'value' });
  const opened = openDocument({ file, shown, folder, findings, maxBytes: MAX_BYTES, namedAt });
  if (opened === null) return NO_FILE;
  if (isLiteLlm(opened.value)) {
    const sellers = new Set([...asked.providers].flatMap(([name, { type }]): string[] => [name, type]));
    const read = readLiteLlm(opened.value, { shown, isWanted: (seller) => sellers.has(seller) });
    for (const { path: at, message } of read.mistakes) {
      findings.add(file, () => ({
        code: 'wrong-value',
        message,
        hint: null,
        location: opened.locate({ path: at, part: 'value' }),
      }));
    }
    return read;
  }
  const mistakes = mistakesOf('price-list', opened.value);
  for (const { path: at, part, say: words, alike } of mistakes)
    findings.add(file, () => ({ ...words(), location: opened.locate({ path: at, part }) }), alike);
  if (mistakes.length > 0) return NO_FILE;
  const lists = listsIn(opened.value as PriceFile, { from: 'file', shown });
  warnOfStrangers(reading, { opened, sellers: [...lists.keys()] });
  return { lists, refused: new Map() };
}

/** LiteLLM's has 1.7 MB and grows. */
const MAX_BYTES = 20_000_000;

/** Prices that nobody is charged by: most often a name that is not quite right. */
function warnOfStrangers(
  reading: Reading,
  { opened, sellers }: { readonly opened: ParsedDocument; readonly sellers: readonly string[] },
): void {
  const known = [...new Set([...PROVIDER_TYPES, ...Object.keys(reading.raw.providers ?? {})])];
  for (const seller of sellers) {
    if (known.includes(seller)) continue;
    const guess = nearest(seller, known);
    reading.findings.add(opened.file, () => ({
      severity: 'warning',
      code: 'unknown-seller',
      message: `no provider is named ${JSON.stringify(seller)}: its prices are of no use here`,
      hint: guess === null ? `known here: ${known.join(', ')}` : `did you mean ${JSON.stringify(guess)}?`,
      location: opened.locate({ path: ['sellers', seller], part: 'key' }),
    }));
  }
}

/** A price that is there and cannot be used is told where it is missed. */
function warnOfRefused(reading: Reading, { providers, callers, file }: Asked & { file: FileLists }): void {
  if (file.refused.size === 0) return;
  const told = new Set<string>();
  for (const { provider: name, model } of callers) {
    const provider = providers.get(name);
    if (!provider || Object.hasOwn(provider.pricing, model) || told.has(`${name} ${model}`)) continue;
    const seller = sellerOf(provider);
    const why =
      file.refused.get(name)?.get(model) ??
      (seller === null ? undefined : file.refused.get(seller)?.get(model));
    if (why === undefined) continue;
    told.add(`${name} ${model}`);
    const instead =
      listedPrice(provider.lists ?? [], model) === null ? 'it is not known' : 'the shipped list is taken';
    say(reading, {
      path: ['prices'],
      severity: 'warning',
      code: 'unused-price',
      message: `the price of ${JSON.stringify(model)} in ${reading.raw.prices} is not used, as ${why}: ${instead}`,
      hint: `write it under providers.${name}.pricing`,
    });
  }
}
