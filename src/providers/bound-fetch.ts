// What the SDK of own code sends with: each request is handed to whoever asks the lane, watches the deadline and keeps
// the account, and comes back as a whole answer.

import { EMPTY_COMPLETION } from '../core/completion.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { ok } from '../core/result.ts';
import type { LeanFetch } from './lean-fetch.ts';
import { type Teller, tellAbort, tellBody, tellServerError } from './openai-answer.ts';
import { readChatCompletion } from './openai-chat.ts';
import { readServerError } from './openai-error-body.ts';
import type { BodyReader } from './openai-read.ts';
import { readResponse } from './openai-responses.ts';
import { joinStream } from './openai-stream.ts';
import type { CallHook, ClientAnswer } from './provider.ts';

/** @param of.tellThrown what the transport's errors are called. */
export function makeBoundFetch(of: {
  readonly send: LeanFetch;
  readonly hook: CallHook;
  readonly teller: Teller;
  readonly tellThrown: (error: unknown, teller: Teller) => ClientAnswer;
}): LeanFetch {
  const { teller } = of;
  return async (input, init = {}) => {
    let came: Response | null = null;
    let thrown: unknown = null;
    const answer = await of.hook({
      body: readBody(init.body),
      async send(signal) {
        const both = init.signal ? AbortSignal.any([signal, init.signal]) : signal;
        try {
          const answered = await of.send(input, { ...init, body: init.body ?? '', signal: both });
          const bytes = Buffer.from(await answered.bytes());
          const { status, statusText, headers } = answered;
          came = new Response(bytes.length === 0 ? null : bytes, { status, statusText, headers });
          return tell({ url: String(input), response: answered, bytes, teller });
        } catch (error) {
          thrown = error;
          return both.aborted ? tellAbort(both, teller) : of.tellThrown(error, teller);
        }
      },
    });
    if (came) return came;
    // As the built-in fetch ends: what own code catches is the SDK's own error.
    throw thrown ?? new DOMException(messageOf(answer), 'AbortError');
  };
}

function messageOf(answer: ClientAnswer): string {
  return answer.kind === 'failure' ? answer.failure.message : 'the run is given up';
}

function readBody(body: unknown): JsonObject {
  if (typeof body !== 'string') return {};
  try {
    const parsed = JSON.parse(body) as Json;
    return isJsonObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function tell(of: {
  readonly url: string;
  readonly response: Response;
  readonly bytes: Buffer;
  readonly teller: Teller;
}): ClientAnswer {
  const { response, teller } = of;
  if (response.status >= 300) {
    const error = readServerError(of.bytes.toString('utf8'), response.status);
    return tellServerError({ error, headers: response.headers, teller });
  }
  const isStream = response.headers.get('content-type')?.includes('text/event-stream') ?? false;
  const bytes = isStream ? joinStream(of.bytes.toString('utf8')) : of.bytes;
  return tellBody({ response, bytes, read: readerOf(of.url), teller });
}

function readerOf(url: string): BodyReader {
  if (/\/chat\/completions(?:\?|$)/.test(url)) return readChatCompletion;
  if (/\/responses(?:\?|$)/.test(url)) return readResponse;
  // Embeddings and the like: a call of the account, and no answer of a model.
  return () => ok(EMPTY_COMPLETION);
}
