// Screens of the server that this page came from.
import type { SavedVerdict } from '../../core/review.ts';
import type { RevealedTools } from '../../screens/review.ts';
import { type Answer, type Refusal, type ScreenName, STATUS_OF } from '../../screens/screen.ts';
import { follow } from './follow.ts';
import { followForAll } from './one-stream.ts';
import { signal } from './preact.ts';
import type { Connection, Source } from './source.ts';
import { currentToken } from './token.ts';
import { hopefulWait } from './wait.ts';

const GONE =
  'The viewer does not answer: it was stopped, or this machine slept. `npx expgraph view` starts it again, and this page goes on by itself.';
const REFUSED =
  'This page has no access: `npx expgraph view` was started anew since, or the page was opened without the end of its address. ' +
  'Open the address that it printed last; it ends with #token=…';

type Said<Saved> =
  | { readonly ok: true; readonly saved: Saved }
  | { readonly ok: false; readonly message: string };

export function httpSource(): Source {
  const connection = signal<Connection>('open');
  const ask = async (path: string, more: RequestInit = {}): Promise<Response> => {
    const headers = { ...more.headers, authorization: `Bearer ${currentToken()}` };
    const response = await fetch(path, { ...more, headers });
    if (response.status === STATUS_OF.unauthorized) connection.value = 'refused';
    return response;
  };
  /** There is one address where something is written. */
  const say = async <Saved>(body: object): Promise<Said<Saved>> => {
    try {
      const response = await ask('/api/review/verdict', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (response.status === STATUS_OF.unauthorized) return { ok: false, message: `not saved: ${REFUSED}` };
      return (await response.json()) as Said<Saved>;
    } catch {
      return { ok: false, message: 'not saved: expgraph does not answer' };
    }
  };
  return {
    kind: 'server',
    connection,
    holds: (name) => name !== 'report',
    async get<Name extends ScreenName>(name: Name, query: URLSearchParams, signal?: AbortSignal) {
      try {
        return await readAnswer<Name>(await ask(`/api/${name}?${query}`, { signal: signal ?? null }));
      } catch (cause) {
        if (signal?.aborted) throw cause;
        return refused({ kind: 'broken', message: GONE });
      }
    },
    async file(sha256) {
      try {
        const response = await ask(`/api/file/${sha256}`);
        return response.ok ? await response.blob() : null;
      } catch {
        return null;
      }
    },
    onChange(listener) {
      const leaving = new AbortController();
      const until = leaving.signal;
      const told = {
        changed: listener,
        state: (now: Connection) => {
          connection.value = now;
        },
      };
      const open = (ended: AbortSignal): Promise<Response> => ask('/api/changes', { signal: ended });
      followForAll((tell) => follow({ ...tell, open, signal: until, wait: hopefulWait }), {
        told,
        signal: until,
      });
      return () => leaving.abort();
    },
    saveVerdict: (verdict) => say<SavedVerdict>(verdict),
    revealTools: (asked) => say<RevealedTools>(asked),
  };
}

async function readAnswer<Name extends ScreenName>(response: Response): Promise<Answer<Name>> {
  // Whatever the server says of it: what helps is the address that it printed.
  if (response.status === STATUS_OF.unauthorized) return refused({ kind: 'unauthorized', message: REFUSED });
  const text = await response.text();
  try {
    const answer = JSON.parse(text) as Answer<Name>;
    if (typeof answer.ok === 'boolean') return answer;
  } catch {}
  return refused({
    kind: 'broken',
    message: `The viewer answered ${response.status}, and nothing that this page can read. Its terminal may say why.`,
  });
}

function refused<Name extends ScreenName>(refusal: Refusal): Answer<Name> {
  return { ok: false, refusal };
}
