// The way of own code to the recording proxy: a thread has one attempt at a time, so its addresses stay what they are, for
// clients that a module makes when it is loaded, and the proxy is told whose turn it is.
import { threadId } from 'node:worker_threads';
import { lineUrls, type ProxyOrder, withProxy } from '../../core/proxy.ts';
import { tellTurn } from '../programs/proxy-line.ts';

/** The environment of this thread is its own. @returns tells that the attempt has ended */
export async function enterProxy(proxy: ProxyOrder): Promise<() => Promise<void>> {
  const line = `own-${threadId}`;
  const set = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  Object.assign(process.env, withProxy(Object.fromEntries(set), lineUrls(proxy, line)));
  await tellTurn(proxy, { line, begins: true });
  return () => tellTurn(proxy, { line, begins: false });
}
