// What an order by vectors comes to: both texts are sent in one request, and how near they are is the verdict.
import type { Clock } from '../core/clock.ts';
import { EMPTY_COMPLETION } from '../core/completion.ts';
import type { Env } from '../core/env.ts';
import type { Order } from '../core/order.ts';
import type { ScoreOrder } from '../core/score-order.ts';
import { type Embed, makeEmbedder } from '../providers/index.ts';
import type { ClientAnswer, EmbedAnswer } from '../providers/provider.ts';
import { similarityOf } from '../scoring/similarity.ts';
import type { Attempted } from './attempt.ts';
import { startDeadline } from './deadline.ts';

/** Of each worker one: its connections are kept. */
const embedders = new WeakMap<Env, Embed>();

/** The texts are those of the request's messages: the answer's, then the reference. */
export async function embedded(input: {
  readonly order: Order;
  readonly signal: AbortSignal | null;
  readonly env: Env;
  readonly clock: Clock;
}): Promise<Attempted> {
  const { order, env, clock } = input;
  const score = order.score!;
  const { model, params, messages } = order.request;
  const { dimensions } = score.embedding!;
  const texts = messages.map(({ content }) => (typeof content === 'string' ? content : ''));
  const embed = embedders.get(env) ?? makeEmbedder({ env, clock });
  embedders.set(env, embed);
  using deadline = startDeadline({ timeoutMs: order.timeoutMs, cancel: input.signal, clock });
  const options = { signal: deadline.signal, run: order.cell.run };
  const answer = await embed(order.endpoint, { model, texts, dimensions, params }, options);
  return { answer: answer.kind === 'embeddings' ? judged(answer, score) : answer, turns: null };
}

type Vectors = Extract<EmbedAnswer, { readonly kind: 'embeddings' }>;

/** Vectors that cannot be compared were paid for all the same. */
function judged(
  { vectors, usage, servedModel, requestId, limits }: Vectors,
  score: ScoreOrder,
): ClientAnswer {
  const verdict = similarityOf(vectors, score);
  if (verdict.kind === 'ok') {
    const completion = { ...EMPTY_COMPLETION, usage, servedModel, verdict: verdict.value };
    return { kind: 'completion', completion, requestId, limits };
  }
  const failure = {
    kind: 'invalid-response' as const,
    status: null,
    retryAfterMs: null,
    message: verdict.error,
    ...(usage === null ? {} : { usage }),
  };
  return { kind: 'failure', failure, requestId, limits };
}
