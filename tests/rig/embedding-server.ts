// A server of embeddings on loopback, in the form of OpenAI (and Mistral) or of Gemini: each text is a vector by a function of it.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isJsonObject, type Json, type JsonObject } from '../../src/core/json.ts';

export type Embedded = { readonly path: string; readonly body: JsonObject };

export type EmbeddingServer = AsyncDisposable & {
  /** Without a path behind it. */
  readonly url: string;
  /** All requests so far. */
  readonly requests: readonly Embedded[];
};

/** What is answered instead: a status with a body. undefined = the vectors. */
export type Instead = (
  request: Embedded,
  n: number,
) => { readonly status: number; readonly body: Json } | undefined;

export async function startEmbeddings(
  vectorOf: (text: string) => readonly number[],
  instead: Instead = () => undefined,
): Promise<EmbeddingServer> {
  const requests: Embedded[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => {});
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as JsonObject;
      const asked = { path: request.url ?? '', body };
      requests.push(asked);
      const { status, body: told } = instead(asked, requests.length) ?? {
        status: 200,
        body: (asked.path.includes('mbedContent') ? asGemini : asOpenAi)(body, vectorOf),
      };
      response.writeHead(status, {
        'content-type': 'application/json',
        'x-request-id': `r${requests.length}`,
      });
      response.end(JSON.stringify(told));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type VectorOf = (text: string) => readonly number[];

/** In the reverse order: what says where it belongs is the index. */
function asOpenAi({ input, model }: JsonObject, vectorOf: VectorOf): Json {
  const texts = input as readonly string[];
  const data = texts.map((text, index) => ({ object: 'embedding', index, embedding: [...vectorOf(text)] }));
  const tokens = texts.join('').length;
  return {
    ...{ object: 'list', model: `${String(model)}-served`, data: data.reverse() },
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

function asGemini(body: JsonObject, vectorOf: VectorOf): Json {
  const requests = (body.requests ?? [body]) as readonly JsonObject[];
  const embeddings = requests.map(({ content }) => ({ values: [...vectorOf(textIn(content))] }));
  return Array.isArray(body.requests) ? { embeddings } : { embedding: embeddings[0]! };
}

function textIn(content: Json | undefined): string {
  const [part] = (isJsonObject(content) ? content.parts : []) as readonly JsonObject[];
  return String(part?.text);
}
