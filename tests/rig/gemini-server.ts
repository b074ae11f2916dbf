// Gemini on loopback: generateContent and streamGenerateContent as the API has them, with thought signatures that must come
// back, usage with what was cached and what was thought, and errors of google.rpc. https://ai.google.dev/api/generate-content
import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isJsonObject, type JsonObject } from '../../src/core/json.ts';

export type GeminiCall = {
  readonly model: string;
  readonly isStreamed: boolean;
  readonly body: JsonObject;
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
};

export type GeminiFailure = {
  readonly status: number;
  /** As google.rpc names it: RESOURCE_EXHAUSTED. */
  readonly name: string;
  /** Of RetryInfo: `0.05s`; left out = nothing is said of it. */
  readonly retryDelay?: string;
};

export type Gemini = AsyncDisposable & {
  /** For base_url. */
  readonly url: string;
  /** Those that were answered. */
  readonly calls: readonly GeminiCall[];
  /** What was refused, as `status name`. */
  readonly refused: readonly string[];
  /** What the next calls are answered with instead. */
  fail(failure: GeminiFailure, times: number): void;
};

export type GeminiSettings = {
  readonly latencyMs?: number;
  /** Left out = a call of the first tool that is offered, then a text. */
  readonly parts?: (call: GeminiCall) => readonly JsonObject[];
};

const FIELDS: ReadonlySet<string> = new Set([
  ...['contents', 'systemInstruction', 'tools', 'toolConfig', 'generationConfig', 'safetySettings'],
  ...['cachedContent', 'labels', 'serviceTier'],
]);

const MISSING =
  'Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance.';

export async function startGemini({
  latencyMs = 0,
  parts = usualParts,
}: GeminiSettings = {}): Promise<Gemini> {
  const calls: GeminiCall[] = [];
  const refused: string[] = [];
  const failures: GeminiFailure[] = [];
  const seen = new Set<string>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => {});
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const refuse = (failure: GeminiFailure, message: string): void => {
        refused.push(`${failure.status} ${failure.name}`);
        sendJson(response, failure.status, errorOf(failure, message));
      };
      const path = /^\/v1beta\/models\/([^/:]+):(generateContent|streamGenerateContent)/.exec(
        request.url ?? '',
      );
      if (path === null) return refuse({ status: 404, name: 'NOT_FOUND' }, 'not found');
      const failure = failures.shift();
      if (failure) return refuse(failure, `${failure.name} as the test has it`);
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as JsonObject;
      const isStreamed = path[2] === 'streamGenerateContent';
      const call = { model: decodeURIComponent(path[1]!), isStreamed, body, headers: request.headers };
      const mistake = mistakeOf(call);
      if (mistake !== null) return refuse({ status: 400, name: 'INVALID_ARGUMENT' }, mistake);
      calls.push(call);
      const answer = answerOf(call, { parts: parts(call), number: calls.length, seen });
      setTimeout(
        () => (isStreamed ? sendStream(response, answer) : sendJson(response, 200, answer)),
        latencyMs,
      );
    });
  });
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1beta`,
    calls,
    refused,
    fail(failure, times) {
      for (let i = 0; i < times; i++) failures.push(failure);
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** As the API has it: the first call of each of the model's turns bears the signature that it was given. */
function mistakeOf({ body }: GeminiCall): string | null {
  const unknown = Object.keys(body).find((name) => !FIELDS.has(name));
  if (unknown !== undefined)
    return `Invalid JSON payload received. Unknown name "${unknown}": Cannot find field.`;
  for (const content of objectsIn(body.contents)) {
    if (content.role !== 'model') continue;
    const call = objectsIn(content.parts).find((part) => isJsonObject(part.functionCall));
    if (call === undefined) continue;
    const { name } = call.functionCall as JsonObject;
    if (call.thoughtSignature === undefined) return MISSING;
    if (call.thoughtSignature !== signatureOf(String(name))) return 'Thought signature is not valid.';
  }
  return null;
}

export function signatureOf(text: string): string {
  return createHash('sha256').update(`gemini ${text}`).digest('base64');
}

/** Thinks and calls the first tool; with a result, or without tools, says what its hash says. */
function usualParts({ body }: GeminiCall): readonly JsonObject[] {
  const tool = objectsIn(body.tools).flatMap((one) => objectsIn(one.functionDeclarations))[0];
  const last = objectsIn(objectsIn(body.contents).at(-1)?.parts);
  const hasResult = last.some((part) => isJsonObject(part.functionResponse));
  const question = String(last.find((part) => typeof part.text === 'string')?.text ?? '');
  if (hasResult || tool === undefined)
    return [{ text: hasResult ? 'That is done.' : `Said: ${question.slice(0, 40)}` }];
  const name = String(tool.name);
  return [
    { text: `I had better call ${name}.`, thought: true },
    { functionCall: { id: `call_${name}`, name, args: {} }, thoughtSignature: signatureOf(name) },
  ];
}

type Answering = {
  readonly parts: readonly JsonObject[];
  readonly number: number;
  /** Beginnings that were sent before: they are read from the cache. */
  readonly seen: Set<string>;
};

function answerOf({ model, body }: GeminiCall, { parts, number, seen }: Answering): JsonObject {
  const count = (value: unknown): number => Math.ceil(JSON.stringify(value ?? '').length / 4);
  const beginning = JSON.stringify([model, body.systemInstruction, body.tools]);
  const cached = seen.has(beginning) ? count(body.systemInstruction) + count(body.tools) : 0;
  seen.add(beginning);
  const thoughts = parts.filter(({ thought }) => thought === true);
  const prompt = count(body.contents) + count(body.systemInstruction) + count(body.tools);
  const [said, thought] = [count(parts.filter((part) => !thoughts.includes(part))), thoughts.length * 7];
  return {
    candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP', index: 0 }],
    usageMetadata: {
      promptTokenCount: prompt,
      candidatesTokenCount: said,
      totalTokenCount: prompt + said + thought,
      ...(cached === 0 ? {} : { cachedContentTokenCount: cached }),
      ...(thought === 0 ? {} : { thoughtsTokenCount: thought }),
    },
    modelVersion: `${model}-001`,
    responseId: `gemini-${number}`,
  };
}

function errorOf({ status, name, retryDelay }: GeminiFailure, message: string): JsonObject {
  const info = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: retryDelay ?? '' };
  const details = retryDelay === undefined ? {} : { details: [info] };
  return { error: { code: status, message, status: name, ...details } };
}

function sendJson(response: ServerResponse, status: number, body: JsonObject): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(body));
}

/** An event for each part, the reason and the counts with the last one. */
function sendStream(response: ServerResponse, { candidates, usageMetadata, ...beside }: JsonObject): void {
  const [{ content, ...about } = {}] = objectsIn(candidates);
  const parts = objectsIn(isJsonObject(content) ? content.parts : null);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  parts.forEach((part, at) => {
    const isLast = at === parts.length - 1;
    const candidate = { content: { role: 'model', parts: [part] }, ...(isLast ? about : {}), index: 0 };
    const event = {
      candidates: [candidate],
      ...(isLast ? { usageMetadata: usageMetadata ?? {} } : {}),
      ...beside,
    };
    response.write(`data: ${JSON.stringify(event)}\r\n\r\n`);
  });
  response.end();
}

function objectsIn(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
