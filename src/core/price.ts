// What a model of an account costs: by its own line of the price list, else nothing where the account is this machine's.
import type { Price, Provider } from './manifest.ts';

type Priced = Pick<Provider, 'pricing' | 'isLocal'>;

export const FREE: Price = { input: 0, cachedInput: null, output: 0 };

/** What nobody declared: a server that says what it charged knows better. */
const ASSUMED_FREE: Price = { ...FREE, isAssumed: true };

/** Whatever it takes, it costs nothing. */
export function isFree({ input, cachedInput, output }: Price): boolean {
  return input === 0 && output === 0 && !cachedInput;
}

/** null = not known. Names of Object.prototype are no models. */
export function priceIn({ pricing, isLocal }: Priced, model: string): Price | null {
  if (Object.hasOwn(pricing, model)) return pricing[model]!;
  return isLocal ? ASSUMED_FREE : null;
}

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
