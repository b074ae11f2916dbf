// The token of the server that this page came from. It came behind the # of the first address, and is kept by the browser for this
// origin: unlike a cookie, no other port of this machine is sent it.
const KEPT = 'expgraph-token';

let given: string | null = null;

/** Takes the token out of the address, so that an address that is copied does not give it away. @returns whether there was one */
export function takeToken(): boolean {
  const found = /^#token=([\w-]+)$/.exec(location.hash)?.[1];
  if (found === undefined) return false;
  given = found;
  // Where a browser keeps nothing the page works until it is loaded again.
  try {
    localStorage.setItem(KEPT, found);
  } catch {}
  history.replaceState(history.state, '', location.pathname + location.search);
  return true;
}

/**
 * Read at each request: who opened the address that a server printed when it was started anew brought the other windows of this
 * origin theirs as well.
 */
export function currentToken(): string {
  try {
    return localStorage.getItem(KEPT) ?? given ?? '';
  } catch {
    return given ?? '';
  }
}
