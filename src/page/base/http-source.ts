// Screens of the server that this page came from. The token came behind the # of the first address, and is kept by the browser
// for this origin: unlike a cookie, no other port of this machine is sent it.
import type { Answer, ScreenName } from '../../screens/screen.ts';
import type { Source } from './source.ts';

const KEPT = 'expgraph-token';

/** Takes the token out of the address, so that an address that is copied does not give it away. */
export function takeToken(): string {
  const given = /^#token=([\w-]+)$/.exec(location.hash)?.[1];
  if (given !== undefined) {
    localStorage.setItem(KEPT, given);
    history.replaceState(history.state, '', location.pathname + location.search);
  }
  return given ?? localStorage.getItem(KEPT) ?? '';
}

export function httpSource(token: string): Source {
  const headers = { authorization: `Bearer ${token}` };
  return {
    kind: 'server',
    async get<Name extends ScreenName>(name: Name, query: URLSearchParams, signal?: AbortSignal) {
      try {
        const response = await fetch(`/api/${name}?${query}`, { headers, signal: signal ?? null });
        return (await response.json()) as Answer<Name>;
      } catch (cause) {
        if (signal?.aborted) throw cause;
        const message =
          'expgraph view does not answer: it was stopped, or the machine slept. Start it again.';
        return { ok: false, refusal: { kind: 'broken', message } };
      }
    },
    onChange(listener) {
      const leaving = new AbortController();
      void follow(headers, { listener, signal: leaving.signal });
      return () => leaving.abort();
    },
    async saveVerdict(verdict) {
      try {
        const response = await fetch('/api/review/verdict', {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify(verdict),
        });
        return await response.json();
      } catch {
        return { ok: false, message: 'not saved: expgraph does not answer' };
      }
    },
  };
}

/** One line of JSON a change. A stream that ends is opened again: the server was started anew, or a laptop slept. */
async function follow(
  headers: Readonly<Record<string, string>>,
  { listener, signal }: { readonly listener: (revision: string) => void; readonly signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    try {
      const response = await fetch('/api/changes', { headers, signal });
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        text += value;
        for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n')) {
          const line = text.slice(0, end);
          text = text.slice(end + 1);
          if (line !== '') listener((JSON.parse(line) as { revision: string }).revision);
        }
      }
    } catch {
      if (signal.aborted) return;
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
