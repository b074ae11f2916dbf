// What a model of an account costs: by the line that the manifest has for it, else by lists, else nothing where the account is
// this machine's.
import { isJsonObject, type JsonObject } from './json.ts';
import type { Price, Provider, Rates } from './manifest.ts';
import { dearestInput, listedPrice } from './rates.ts';

type Priced = Pick<Provider, 'pricing' | 'isLocal' | 'lists'>;

export const FREE: Price = { input: 0, cachedInput: null, output: 0 };

/** What nobody declared: a server that says what it charged knows better. */
const ASSUMED_FREE: Price = { ...FREE, isAssumed: true };

/** Whatever it takes, it costs nothing. */
export function isFree({ above, ...price }: Price): boolean {
  return [price, above].every((rates) => rates === undefined || isNothing(rates));
}

function isNothing(rates: Rates): boolean {
  return rates.output === 0 && dearestInput(rates) === 0;
}

/** null = not known. Names of Object.prototype are no models. */
export function priceIn({ pricing, isLocal, lists = [] }: Priced, model: string): Price | null {
  if (Object.hasOwn(pricing, model)) return pricing[model]!;
  const listed = listedPrice(lists, model);
  if (listed !== null) return listed.price;
  return isLocal ? ASSUMED_FREE : null;
}

/**
 * The same of a caller: lists are of the ordinary service, and what a request asks for beyond that costs otherwise. null = not
 * known.
 */
export function priceFor(
  priced: Priced,
  { model, params }: { readonly model: string; readonly params: JsonObject },
): Price | null {
  const { lists, ...declared } = priced;
  return priceIn(lists === undefined || isOrdinary(params) ? priced : declared, model);
}

/** Whether nothing in it names another class of service: OpenAI's and Groq's tiers, Anthropic's speed and place. */
function isOrdinary(params: JsonObject): boolean {
  // Packages of vendors are told theirs under the vendor's name.
  const told = [params, ...Object.values(params).filter(isJsonObject)];
  return told.every((settings) =>
    Object.entries(settings).every(
      ([name, value]) =>
        !OTHER_SERVICE.has(name.toLowerCase().replaceAll('_', '')) || ORDINARY.has(value as string),
    ),
  );
}

const OTHER_SERVICE: ReadonlySet<string> = new Set(['servicetier', 'speed', 'inferencegeo']);
const ORDINARY: ReadonlySet<string | null> = new Set([
  'default',
  'standard',
  'standard_only',
  'global',
  null,
]);

/**
 * Whether an address is this machine: its loopback, or the name by which a container calls the machine that it is on.
 * Others of a private network are not: what answers there may well be somebody's gateway.
 */
export function isLoopback(baseUrl: string): boolean {
  const host = URL.parse(baseUrl)?.hostname.toLowerCase().replace(/\.$/, '') ?? '';
  return LOCAL_NAMES.has(host) || /(^|\.)localhost$/.test(host) || isLoopbackAddress(host);
}

const LOCAL_NAMES: ReadonlySet<string> = new Set([
  'host.docker.internal',
  'host.containers.internal',
  // The address of all interfaces; asked for, it is this machine.
  '0.0.0.0',
  '[::]',
]);

/** As `URL` writes addresses: 127.1 and 0x7f000001 are 127.0.0.1 by then. */
function isLoopbackAddress(host: string): boolean {
  return /^127(\.\d{1,3}){3}$/.test(host) || host === '[::1]' || /^\[::ffff:7f[0-9a-f]{2}:/.test(host);
}
