// Whose turn it is in a process that serves one task after the other, told to the recording proxy before it begins and after
// it has ended. Over HTTP as everything else that goes there: whoever works needs nothing but the order.
import http from 'node:http';
import type { ProxyOrder } from '../../core/proxy.ts';

/** @param line the name of the process, as in its addresses */
export async function tellTurn(
  { base, share, route }: ProxyOrder,
  input: { readonly line: string; readonly begins: boolean },
): Promise<void> {
  const url = `${base}/${share}/${input.line}/${input.begins ? '~begin' : '~end'}`;
  await new Promise<void>((resolve) => {
    const request = http.request(url, { method: 'POST', agent: false }, (response) => {
      response.resume();
      response.on('close', resolve);
    });
    // A proxy that is gone records nothing more: its task ends with it.
    request.on('error', () => resolve());
    request.end(JSON.stringify({ route }));
  });
}
