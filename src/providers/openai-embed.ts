// Texts as vectors over OpenAI's embeddings. https://platform.openai.com/docs/api-reference/embeddings
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { parseObject } from '../core/json-text.ts';
import { headersOf } from './lean-response.ts';
import { factsIn, tellAbort, tellFailure, tellStatus } from './openai-answer.ts';
import { findHiddenError, readServerError } from './openai-error-body.ts';
import { readObjects, readText } from './openai-read.ts';
import type { OpenAiParts } from './openai-split.ts';
import { readUsage } from './openai-usage.ts';
import type { CallOptions, ClientAnswer, EmbedAnswer, EmbedRequest } from './provider.ts';

export async function embedTexts(
  of: OpenAiParts,
  { request, options }: { readonly request: EmbedRequest; readonly options: CallOptions },
): Promise<EmbedAnswer> {
  const { teller } = of;
  const { signal } = options;
  const { model, texts, dimensions, params } = request;
  const body = {
    ...{ model, input: texts, encoding_format: 'float' },
    ...(dimensions === null ? {} : { dimensions }),
    ...params,
  };
  try {
    const response = await of.ask({
      ...{ method: 'post', path: '/embeddings', body: JSON.stringify(body), signal },
    });
    const text = await response.text();
    const { status } = response;
    const headers = headersOf(response);
    if (!response.ok)
      return failed(tellStatus({ told: readServerError(text, status), status, headers, teller }));
    const told = parseObject(text) ?? {};
    const vectors = vectorsIn(told, texts.length);
    if (vectors === null) {
      const hidden = findHiddenError(Buffer.from(text));
      if (hidden !== null) return failed(tellStatus({ told: hidden, status, headers, teller }));
      const message = `${teller.host}: the answer has no vector for each text: ${text.slice(0, 200)}`;
      return failed(tellFailure({ kind: 'invalid-response', status, message, ...factsIn(headers), teller }));
    }
    return {
      ...{ kind: 'embeddings', vectors, usage: usageIn(told.usage), servedModel: readText(told.model) },
      ...factsIn(headers),
    };
  } catch (error) {
    return failed(signal.aborted ? tellAbort(signal, teller) : of.tellThrown(error, teller));
  }
}

/** A filter is no answer to a text that was only measured. */
export function failed(answer: ClientAnswer): Exclude<ClientAnswer, { readonly kind: 'completion' }> {
  if (answer.kind !== 'completion') return answer;
  const { requestId, limits, completion } = answer;
  const message = completion.refusal ?? 'the text was refused';
  const failure = { kind: 'bad-request', status: null, message, retryAfterMs: null } as const;
  return { kind: 'failure', failure, requestId, limits };
}

/** In the order of the texts, whatever the order of the answer. */
function vectorsIn(told: JsonObject, count: number): readonly (readonly number[])[] | null {
  const data = readObjects(told.data);
  if (data.length !== count) return null;
  // Some call each the first: then their order is all that there is.
  const isUncounted = data.every(({ index }) => index === 0);
  const vectors: (readonly number[])[] = [];
  for (const [n, { index, embedding }] of data.entries()) {
    if (!isVector(embedding)) return null;
    vectors[typeof index === 'number' && Number.isInteger(index) && !isUncounted ? index : n] = embedding;
  }
  return vectors.length === count && vectors.every((one) => one !== undefined) ? vectors : null;
}

/** Of numbers alone: what is none would make every similarity none. */
export function isVector(value: Json | undefined): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => Number.isFinite(one));
}

/** Nothing is made: some servers count the input alone. */
function usageIn(told: Json | undefined) {
  return readUsage(isJsonObject(told) ? { completion_tokens: 0, ...told } : told).usage;
}
