// A Response whose body is already here. The built-in class builds streams and guards for each answer: a third of the
// CPU of a whole call to a fast server (measured with lean-fetch: 0.27 instead of 0.32 ms a call).
import { rawHeaders } from '../core/raw-headers.ts';
import type { HeaderSource } from './reset-headers.ts';

export type WholeAnswer = {
  readonly status: number;
  readonly statusText: string;
  /** Or as node:http has them: names and values by turns. */
  readonly headers: Headers | readonly string[];
  readonly url: string;
  readonly body: Buffer<ArrayBuffer>;
};

/** Everything that the interface promises; the readers may be called again, and a stream is made for whoever looks for one. */
export function makeLeanResponse(answer: WholeAnswer): Response {
  return new LeanResponse(answer);
}

let isBuiltIn = false;

/** For code of others, which may ask whether it is a `Response`. Loading the built-in class takes as long as ten answers. */
export function asBuiltIn(response: Response): Response {
  if (!isBuiltIn) Object.setPrototypeOf(LeanResponse.prototype, Response.prototype);
  isBuiltIn = true;
  return response;
}

/** What is read of an answer's headers. `Headers` is made for whoever asks for all of it: it costs as much as parsing the body. */
export function headersOf(response: Response): HeaderSource {
  return response instanceof LeanResponse ? response.told() : response.headers;
}

class LeanResponse implements Response {
  readonly status: number;
  readonly statusText: string;
  readonly url: string;
  readonly ok: boolean;
  readonly redirected = false;
  readonly type = 'basic';
  readonly bodyUsed = false;
  readonly #answer: WholeAnswer;
  #headers: Headers | null = null;
  #stream: ReadableStream<Uint8Array<ArrayBuffer>> | null = null;

  constructor(answer: WholeAnswer) {
    this.#answer = answer;
    this.status = answer.status;
    this.statusText = answer.statusText;
    this.url = answer.url;
    this.ok = answer.status >= 200 && answer.status < 300;
  }

  get headers(): Headers {
    const { headers } = this.#answer;
    if (headers instanceof Headers) return headers;
    this.#headers ??= rawHeaders(headers);
    return this.#headers;
  }

  get body(): ReadableStream<Uint8Array<ArrayBuffer>> | null {
    this.#stream ??= oneChunk(this.#answer.body);
    return this.#stream;
  }

  told(): HeaderSource {
    const { headers } = this.#answer;
    return headers instanceof Headers ? headers : new RawHeaders(headers);
  }

  async text(): Promise<string> {
    return this.#answer.body.toString('utf8');
  }

  async json(): Promise<unknown> {
    return JSON.parse(this.#answer.body.toString('utf8'));
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#answer.body;
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    const { body } = this.#answer;
    return body.buffer.slice(body.byteOffset, body.byteOffset + body.byteLength);
  }

  blob(): Promise<Blob> {
    return this.#builtIn().blob();
  }

  formData(): Promise<FormData> {
    return this.#builtIn().formData();
  }

  clone(): Response {
    return new LeanResponse(this.#answer);
  }

  /** For what nobody reads a model's answer by. */
  #builtIn(): Response {
    return new Response(this.#answer.body, { headers: this.headers });
  }
}

/** Packages of the AI SDK read so; a `Response` around it would take a quarter of a millisecond more of each call. */
function oneChunk(body: Buffer<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start(controller) {
      if (body.length > 0) controller.enqueue(body);
      controller.close();
    },
  });
}

/** As `Headers.get`: names in any case, and what was said twice is joined. */
class RawHeaders implements HeaderSource {
  readonly #values = new Map<string, string>();

  constructor(raw: readonly string[]) {
    for (let at = 0; at + 1 < raw.length; at += 2) {
      const name = raw[at]!.toLowerCase();
      const before = this.#values.get(name);
      this.#values.set(name, before === undefined ? raw[at + 1]! : `${before}, ${raw[at + 1]!}`);
    }
  }

  get(name: string): string | null {
    return this.#values.get(name) ?? null;
  }
}
