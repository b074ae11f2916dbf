// The recording proxy as orders know it: addresses on loopback, made for one attempt or one process. Plain data, no key.

export type ProxySettings = {
  /** Requests like those of the kept draw are answered from it. */
  readonly replay: boolean;
};

/** What whoever does the work is told. The two tokens are good for this invocation only. */
export type ProxyOrder = {
  /** `http://127.0.0.1:<port>` */
  readonly base: string;
  /** Of this attempt: whatever comes by it belongs to it. */
  readonly route: string;
  /** Of all attempts with these upstreams: for processes that serve many; they say whose turn it is. */
  readonly share: string;
  /** Variables that are pointed at the proxy; each is a place of its own. */
  readonly places: readonly string[];
  /** Of the manifest's own provider; null = there is none. */
  readonly provider: string | null;
};

/** Of a completion whose text is what a test printed: it yields to what its model answered. */
export const PRINTED = 'stdout';

/** The place of the manifest's provider. */
export const PROVIDER_PLACE = 'provider';

/** Addresses that belong to this attempt alone, by variable. */
export function routeUrls({ base, route, places }: ProxyOrder): { readonly [variable: string]: string } {
  return Object.fromEntries(places.map((place) => [place, `${base}/${route}/${place}`]));
}

/** Addresses of a process that serves one attempt after the other, by variable. @param line its name, of letters, digits and `-` */
export function lineUrls(
  { base, share, places }: Pick<ProxyOrder, 'base' | 'share' | 'places'>,
  line: string,
): { readonly [variable: string]: string } {
  return Object.fromEntries(places.map((place) => [place, `${base}/${share}/${line}/${place}`]));
}

/**
 * Variables for a process: the addresses, and loopback taken out of what goes through a proxy of the user's.
 * @param set what the process is given otherwise
 */
export function withProxy(
  set: { readonly [name: string]: string },
  urls: { readonly [variable: string]: string },
): { readonly [name: string]: string } {
  const hasProxy = PROXY_NAMES.some((name) => set[name]);
  const direct = (name: string): string => [set[name], '127.0.0.1'].filter(Boolean).join(',');
  return {
    ...set,
    ...urls,
    ...(hasProxy ? { NO_PROXY: direct('NO_PROXY'), no_proxy: direct('no_proxy') } : {}),
  };
}

const PROXY_NAMES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'];
