// What a judge's model is asked beside its question: settings, and the form of its verdict as each wire is told it. Pure.
import type { JsonObject } from '../../core/json.ts';
import type { Provider } from '../../core/manifest.ts';
import type { ModelRequest } from '../../core/order.ts';
import type { JudgeScorer } from '../../core/scoring.ts';
import { verdictSchema } from './judge.ts';
import { PAIR_SCHEMA } from './pairwise.ts';

/** Both of OpenAI's are told in `params`, as they always were: what is sent stays what it was. */
export type JudgeWire = 'chat' | 'responses' | 'package';

export function judgeWire({ api, sdk }: Pick<Provider, 'api' | 'sdk'>): JudgeWire {
  return sdk === undefined ? api : 'package';
}

export function judgeRequest(
  scorer: JudgeScorer,
  of: {
    readonly messages: ModelRequest['messages'];
    /** From 1. */
    readonly vote: number;
    readonly wire: JudgeWire;
  },
): ModelRequest {
  const { wire } = of;
  const schema = scorer.pairwise ? PAIR_SCHEMA : verdictSchema(scorer);
  return {
    model: scorer.model,
    messages: of.messages,
    tools: [],
    temperature: scorer.temperature,
    maxOutputTokens: scorer.maxOutputTokens,
    // Votes are different draws: where a provider takes a seed, each gets its own.
    seed: scorer.seed === null ? null : scorer.seed + of.vote - 1,
    params: wire === 'package' ? scorer.params : { ...structured(schema, wire), ...scorer.params },
    // A package that is told nothing holds its model to the schema where the model can be held.
    ...(wire === 'package'
      ? { responseFormat: { kind: 'schema', name: NAME, description: null, schema, strict: null } }
      : {}),
  };
}

const NAME = 'verdict';

function structured(schema: JsonObject, wire: 'chat' | 'responses'): JsonObject {
  const format = { name: NAME, strict: true, schema };
  return wire === 'chat'
    ? { response_format: { type: 'json_schema', json_schema: format } }
    : { text: { format: { type: 'json_schema', ...format } } };
}
