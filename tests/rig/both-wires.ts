// A model behind the Anthropic and the OpenAI wire, on loopback: the same request is answered in the same way, each request
// is counted, and the test may make it slow or failing.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '../../src/core/json.ts';
import {
  anthropicAnswer,
  anthropicEvents,
  chatAnswerOf,
  chatEvents,
  responseAnswerOf,
} from './both-forms.ts';

export type WireCall = {
  /** `/v1/messages` */
  readonly path: string;
  readonly body: JsonObject;
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
};

export type BothWires = AsyncDisposable & {
  /** Without `/v1`: for ANTHROPIC_BASE_URL. OPENAI_BASE_URL has `/v1` behind it. */
  readonly url: string;
  /** Those that were answered with a completion. */
  readonly calls: readonly WireCall[];
  /** Variables that the SDKs read. */
  readonly env: { readonly [name: string]: string };
  /** What the next calls are answered with instead, one each. */
  fail(status: number, times: number, headers?: { readonly [name: string]: string }): void;
  /** Milliseconds that an answer takes. */
  slow(ms: number): void;
};

export async function startBothWires(): Promise<BothWires> {
  const calls: WireCall[] = [];
  const failures: { status: number; headers: { readonly [name: string]: string } }[] = [];
  let latencyMs = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => {});
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = (request.url ?? '').split('?')[0]!;
      const text = Buffer.concat(chunks).toString('utf8');
      const failure = failures.shift();
      const answered = formOf(path);
      if (failure || !answered || request.method !== 'POST') {
        const status = failure?.status ?? 404;
        response.writeHead(status, { 'content-type': 'application/json', ...failure?.headers });
        response.end(
          JSON.stringify({ type: 'error', error: { type: 'api_error', message: `status ${status}` } }),
        );
        return;
      }
      const body = JSON.parse(text) as JsonObject;
      calls.push({ path, body, headers: request.headers });
      setTimeout(() => {
        if (body.stream === true && answered.events) {
          response.writeHead(200, { 'content-type': 'text/event-stream' });
          response.end(answered.events(body, calls.length));
        } else {
          response.writeHead(200, {
            'content-type': 'application/json',
            'request-id': `req_${calls.length}`,
          });
          response.end(JSON.stringify(answered.whole(body, calls.length)));
        }
      }, latencyMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    calls,
    env: {
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_KEY: 'sk-ant-test-0123456789',
      OPENAI_BASE_URL: `${url}/v1`,
      OPENAI_API_KEY: 'sk-test-0123456789',
    },
    fail(status, times, headers = {}) {
      for (let n = 0; n < times; n++) failures.push({ status, headers });
    },
    slow(ms) {
      latencyMs = ms;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Form = {
  readonly whole: (body: JsonObject, n: number) => JsonObject;
  readonly events: ((body: JsonObject, n: number) => string) | null;
};

function formOf(path: string): Form | null {
  switch (path) {
    case '/v1/messages':
      return { whole: anthropicAnswer, events: anthropicEvents };
    case '/v1/chat/completions':
      return { whole: chatAnswerOf, events: chatEvents };
    case '/v1/responses':
      return { whole: responseAnswerOf, events: null };
    default:
      return null;
  }
}
