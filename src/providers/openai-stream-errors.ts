// An error that was sent as an event, because a stream was asked for: its status counts, and its words are those of the event.
import type { LeanFetch } from './lean-fetch.ts';
import { makeLeanResponse } from './lean-response.ts';
import { joinStream } from './openai-stream.ts';

/** DashScope and LiteLLM answer a refused stream with status 400 and `data: {"error": ...}`. */
export function withJoinedErrors(send: LeanFetch): LeanFetch {
  return async (input, init) => {
    const answered = await send(input, init);
    if (answered.status < 300) return answered;
    const joined = joinStream(await answered.bytes(), answered.headers.get('content-type'));
    if (joined.kind !== 'whole') return answered;
    const { status, statusText, headers, url } = answered;
    const body = Buffer.from(new Uint8Array(joined.bytes));
    return makeLeanResponse({ status, statusText, headers, url, body });
  };
}
