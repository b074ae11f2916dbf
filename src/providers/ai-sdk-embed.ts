// Texts as vectors through a package, in as many requests as it takes: some take one text at a time.
import { sumUsage } from '../core/conversation.ts';
import { parseObject } from '../core/json-text.ts';
import type { EmbeddingModel } from '../core/language-model.ts';
import type { Usage } from '../core/outcome.ts';
import { exchange, type SdkAccount, tellUnanswered } from './ai-sdk-client.ts';
import { settingsOf } from './ai-sdk-params.ts';
import { headersOf } from './lean-response.ts';
import { factsIn, tellFailure, tellStatus } from './openai-answer.ts';
import { failed, isVector } from './openai-embed.ts';
import { readServerError } from './openai-error-body.ts';
import { readText } from './openai-read.ts';
import type { CallOptions, EmbedAnswer, EmbedRequest } from './provider.ts';

export async function embedBy(
  account: SdkAccount,
  request: EmbedRequest,
  { signal }: CallOptions,
): Promise<EmbedAnswer> {
  const found = await account.embeddingModel(request.model);
  if (found.kind === 'err') return { kind: 'failure', failure: found.error, requestId: null, limits: null };
  const model = found.value;
  const most = (await model.maxEmbeddingsPerCall) ?? request.texts.length;
  const answers: Embedded[] = [];
  for (let from = 0; from < request.texts.length; from += most) {
    const texts = request.texts.slice(from, from + most);
    const answer = await embedOnce({ account, model, request: { ...request, texts }, signal });
    if (answer.kind !== 'embeddings') return answer;
    answers.push(answer);
  }
  const { requestId = null, limits = null, servedModel = null } = answers.at(-1) ?? {};
  const usage = sumUsage(answers.map((one) => one.usage));
  return {
    kind: 'embeddings',
    vectors: answers.flatMap(({ vectors }) => vectors),
    usage,
    servedModel,
    requestId,
    limits,
  };
}

type Embedded = Extract<EmbedAnswer, { readonly kind: 'embeddings' }>;

async function embedOnce(of: {
  readonly account: SdkAccount;
  readonly model: EmbeddingModel;
  readonly request: EmbedRequest;
  readonly signal: AbortSignal;
}): Promise<EmbedAnswer> {
  const { account, model, request, signal } = of;
  const { texts, dimensions, params } = request;
  const { providerOptions } = settingsOf(params, account.namespaceOf(model));
  const done = await exchange(() =>
    model.doEmbed({
      ...{ values: [...texts], abortSignal: signal },
      ...(dimensions === null ? {} : { dimensions }),
      ...(providerOptions === undefined ? {} : { providerOptions }),
    }),
  );
  const { seen, value, thrown } = done;
  const teller = account.teller(seen);
  const { response } = seen;
  if (response === null || signal.aborted)
    return failed(tellUnanswered({ seen, thrown }, { teller, signal }));
  const headers = headersOf(response);
  const { status } = response;
  const text = await response.text();
  if (status >= 300)
    return failed(tellStatus({ told: readServerError(text, status), status, headers, teller }));
  const vectors = value?.embeddings ?? [];
  if (vectors.length !== texts.length || !vectors.every(isVector)) {
    const message = `${teller.host}: the answer has no vector for each text: ${text.slice(0, 200)}`;
    return failed(tellFailure({ kind: 'invalid-response', status, message, ...factsIn(headers), teller }));
  }
  return {
    ...{ kind: 'embeddings', vectors, usage: usageOf(value?.usage?.tokens) },
    servedModel: readText(parseObject(text)?.model),
    ...factsIn(headers),
  };
}

/** What is read is all that is charged. */
function usageOf(tokens: unknown): Usage | null {
  if (typeof tokens !== 'number' || !Number.isSafeInteger(tokens) || tokens < 0) return null;
  const read = { inputTokens: tokens, outputTokens: 0, totalTokens: tokens };
  return { ...read, cachedInputTokens: null, reasoningTokens: null };
}
