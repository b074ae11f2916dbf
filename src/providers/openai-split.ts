// The two halves of a call on the OpenAI wire, for whoever brings them together another way: a batch. No package is known here.
import type { JsonObject } from '../core/json.ts';
import type { ModelRequest } from '../core/order.ts';
import { err, ok } from '../core/result.ts';
import type { LeanFetch } from './lean-fetch.ts';
import { makeLeanResponse } from './lean-response.ts';
import { type Teller, tellAbort, tellBody, tellServerError } from './openai-answer.ts';
import { readServerError } from './openai-error-body.ts';
import type { BodyReader } from './openai-read.ts';
import type { ClientAnswer, SplitClient } from './provider.ts';

export function makeOpenAiSplit(of: {
  readonly write: (request: ModelRequest) => JsonObject;
  readonly readBody: BodyReader;
  readonly teller: Teller;
  readonly send: LeanFetch;
  /** Address, headers and key of the account. */
  readonly headOf: (at: {
    readonly method: 'get' | 'post' | 'delete';
    readonly path: string;
    readonly headers: { readonly [name: string]: string };
  }) => Promise<{ readonly url: string; readonly headers: { readonly [name: string]: string } }>;
  readonly tellThrown: (error: unknown) => ClientAnswer;
}): SplitClient {
  const { teller } = of;
  return {
    bodyOf: async (request) => ok(of.write(request)),
    async read({ status, headers: named, text }) {
      const headers = new Headers({ 'content-type': 'application/json', ...named });
      if (status >= 300) return tellServerError({ error: readServerError(text, status), headers, teller });
      const body = Buffer.from(text);
      const response = makeLeanResponse({ status, statusText: '', headers, url: '', body });
      return tellBody({ response, bytes: body, read: of.readBody, teller });
    },
    async ask({ method, path, headers = {}, body, signal }) {
      try {
        const lower = method.toLowerCase() as 'get' | 'post' | 'delete';
        const head = await of.headOf({ method: lower, path, headers });
        const more = body === undefined ? {} : { body };
        const response = await of.send(head.url, { method, headers: head.headers, signal, ...more });
        return ok({ status: response.status, headers: response.headers, text: await response.text() });
      } catch (error) {
        const told = signal.aborted ? tellAbort(signal, teller) : of.tellThrown(error);
        return err(
          told.kind === 'failure'
            ? told.failure
            : { kind: 'cancelled', status: null, message: 'not asked', retryAfterMs: null },
        );
      }
    },
  };
}
