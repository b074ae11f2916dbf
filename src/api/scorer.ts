// What own scorers are written with: `import { defineScorer } from 'expgraph'`.
import type { Json, JsonObject } from '../core/json.ts';
import type { ChatMessage } from '../core/manifest.ts';

/** The scenario whose answer is judged, with what is expected of it. */
export type ScorerScenario = {
  readonly id: string;
  /** Text, or a conversation. */
  readonly input: string | readonly ChatMessage[];
  readonly category: string | null;
  readonly vars: JsonObject;
  /** As the scenario's file says it; null = nothing is expected. */
  readonly expect: Json;
};

/** The answer: exactly what its digest is made of, so that equal answers are judged once. */
export type ScorerOutput = {
  readonly text: string;
  readonly toolCalls: readonly { readonly name: string; readonly arguments: JsonObject }[];
  readonly finishReason: string | null;
};

export type ScorerContext = {
  readonly scenario: ScorerScenario;
  readonly output: ScorerOutput;
  /** `options` of the manifest. */
  readonly options: JsonObject;
  /** Aborted when the attempt's time is over. */
  readonly signal: AbortSignal;
  /** Kept in the score's record. */
  readonly log: (...words: unknown[]) => void;
};

/** A score from 0 to 1, true or false, or more. */
export type ScorerResult =
  | number
  | boolean
  | {
      /** 0..1. */
      readonly score?: number | null;
      /** Default: whether the score reaches the scorer's `pass_at`. */
      readonly passed?: boolean;
      /** A category. */
      readonly label?: string;
      /** In words, for whoever reads it. */
      readonly reason?: string;
      /** Any further facts, as JSON. */
      readonly details?: JsonObject;
    };

/** What a module's default export is. What `score` throws is a missing score, never a zero. */
export type ScorerDefinition = {
  readonly score: (context: ScorerContext) => ScorerResult | Promise<ScorerResult>;
};

/**
 * Declares a scorer of own code; the module's default export.
 * @throws TypeError where it has no `score`
 */
export function defineScorer(definition: ScorerDefinition): ScorerDefinition {
  if (typeof definition?.score !== 'function') throw new TypeError('defineScorer takes { score }');
  return definition;
}
