// What the SDK of own code sends with: each request is handed to whoever asks the lane, watches the deadline and keeps
// the account, and comes back as a whole answer.

import { EMPTY_COMPLETION } from '../core/completion.ts';
import type { EndpointSettings } from '../core/endpoint-settings.ts';
import type { JsonObject } from '../core/json.ts';
import { parseObject } from '../core/json-text.ts';
import { ok } from '../core/result.ts';
import type { LeanFetch } from './lean-fetch.ts';
import { asBuiltIn } from './lean-response.ts';
import { type Teller, tellAbort, tellBody, tellServerError } from './openai-answer.ts';
import { readChatCompletion } from './openai-chat.ts';
import { readServerError } from './openai-error-body.ts';
import type { BodyReader } from './openai-read.ts';
import { readResponse } from './openai-responses.ts';
import { joinStream } from './openai-stream.ts';
import { streamFields } from './openai-ways.ts';
import type { CallHook, ClientAnswer } from './provider.ts';
import { TransportError } from './transport-error.ts';

/** @param of.tellThrown what the transport's errors are called. */
export function makeBoundFetch(context: {
  readonly send: LeanFetch;
  readonly hook: CallHook;
  readonly teller: Teller;
  readonly tellThrown: (error: unknown, teller: Teller) => ClientAnswer;
  /** What own code leaves open is asked as the manifest says. */
  readonly stream?: EndpointSettings['stream'];
}): LeanFetch {
  const { teller, stream = 'auto' } = context;
  return async (input, init = {}) => {
    let came: Response | null = null;
    let thrown: unknown = null;
    const asked = readBody(init.body);
    const body = shaped({ asked, url: String(input), stream });
    const text = body === asked ? init.body : JSON.stringify(body);
    const answer = await context.hook({
      body,
      async send(signal) {
        const both = init.signal ? AbortSignal.any([signal, init.signal]) : signal;
        try {
          const answered = await context.send(input, { ...init, body: text ?? '', signal: both });
          const bytes = Buffer.from(await answered.bytes());
          const told = tell({ url: String(input), response: answered, bytes, teller });
          came = asked.stream === true ? asItCame(answered, bytes) : whole(answered, bytes, told);
          return told;
        } catch (error) {
          thrown = error;
          return both.aborted ? tellAbort(both, teller) : context.tellThrown(error, teller);
        }
      },
    });
    if (came) return came;
    // As the built-in fetch ends: what own code catches is the SDK's own error.
    throw thrown ?? new DOMException(messageOf(answer), 'AbortError');
  };
}

function asItCame({ status, statusText, headers }: Response, bytes: Buffer<ArrayBuffer>): Response {
  return new Response(bytes.length === 0 ? null : bytes, { status, statusText, headers });
}

/** A stream that own code did not ask for would be text to it: it gets the answer that it asked for, or hears why not. */
function whole(answered: Response, bytes: Buffer<ArrayBuffer>, told: ClientAnswer): Response {
  if (answered.status >= 300) return asItCame(answered, bytes);
  const joined = joinStream(bytes, answered.headers.get('content-type'));
  // Its bytes may be read again.
  if (joined.kind === 'plain') return asBuiltIn(answered);
  if (joined.kind !== 'whole') {
    const kind = joined.kind === 'cut-off' ? 'network' : 'invalid-response';
    throw new TransportError({ kind, message: messageOf(told), status: answered.status });
  }
  const headers = new Headers(answered.headers);
  headers.set('content-type', 'application/json');
  headers.delete('content-length');
  const { status, statusText } = answered;
  return new Response(new Uint8Array(joined.bytes), { status, statusText, headers });
}

function shaped(input: {
  readonly asked: JsonObject;
  readonly url: string;
  readonly stream: EndpointSettings['stream'];
}): JsonObject {
  const { asked, url, stream } = input;
  const isChat = CHAT.test(url);
  if (stream === 'auto' || asked.stream !== undefined || (!isChat && !RESPONSES.test(url))) return asked;
  return { ...asked, ...streamFields({ stream: stream === 'always', asksUsage: true }, isChat) };
}

function messageOf(answer: ClientAnswer): string {
  return answer.kind === 'failure' ? answer.failure.message : 'the run is given up';
}

function readBody(body: unknown): JsonObject {
  return typeof body === 'string' ? (parseObject(body) ?? {}) : {};
}

function tell(input: {
  readonly url: string;
  readonly response: Response;
  readonly bytes: Buffer<ArrayBuffer>;
  readonly teller: Teller;
}): ClientAnswer {
  const { response, teller } = input;
  if (response.status >= 300) {
    const error = readServerError(input.bytes.toString('utf8'), response.status);
    return tellServerError({ error, headers: response.headers, teller });
  }
  return tellBody({ response, bytes: input.bytes, read: readerOf(input.url), teller });
}

const CHAT = /\/chat\/completions(?:\?|$)/;
const RESPONSES = /\/responses(?:\?|$)/;

function readerOf(url: string): BodyReader {
  if (CHAT.test(url)) return readChatCompletion;
  if (RESPONSES.test(url)) return readResponse;
  // Embeddings and the like: a call of the account, and no answer of a model.
  return () => ok(EMPTY_COMPLETION);
}
