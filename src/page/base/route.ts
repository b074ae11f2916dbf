// The state of the page is its address: path = screen, query = what is asked of it. Going back is going back.
import type { ScreenName } from '../../screens/screen.ts';
import { signal } from './preact.ts';

export type Route = { readonly screen: ScreenName; readonly query: URLSearchParams };

/** A file from disk has no paths of its own: its whole state is behind the #. */
const isFile = (): boolean => location.protocol === 'file:';

let start: ScreenName = 'matrix';

export function readRoute(): Route {
  const from = isFile() ? new URL(location.hash.slice(1) || '/', 'http://page') : new URL(location.href);
  const name = from.pathname.replace(/^\/+/, '') || start;
  return { screen: name as ScreenName, query: from.searchParams };
}

export const route = signal<Route>(readRoute());

/** What an address without a name shows. */
export function startAt(screen: ScreenName): void {
  start = screen;
  route.value = readRoute();
}

export function addressOf({ screen, query }: Route): string {
  const text = query.toString();
  const address = `/${screen}${text === '' ? '' : `?${text}`}`;
  return isFile() ? `#${address}` : address;
}

/** @param isSame the same page in another state: the way back does not stop at each key that was typed */
export function go(to: Route, isSame = false): void {
  if (isSame) history.replaceState(null, '', addressOf(to));
  else history.pushState(null, '', addressOf(to));
  route.value = to;
}

export function listenToRoute(): void {
  const reread = (): void => {
    route.value = readRoute();
  };
  addEventListener('popstate', reread);
  addEventListener('hashchange', reread);
}
