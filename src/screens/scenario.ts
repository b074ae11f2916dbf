// Side by side: one scenario, all arms x runs, with everything that a reader needs to judge them. All of it is hostile text.
import type { ChatMessage } from '../core/chat.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { Mark } from './matrix.ts';

export type ToolText = {
  readonly name: string;
  readonly description: string | null;
  /** JSON Schema, as the model is sent it. */
  readonly parameters: Json;
};

export type ToolCallText = {
  readonly name: string;
  /** As it is; a string where it was no JSON. */
  readonly arguments: Json;
};

export type AttemptText = {
  readonly n: number;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly error: { readonly kind: string; readonly status: number | null; readonly message: string } | null;
};

export type ScoreText = {
  readonly scorer: string;
  readonly score: number | null;
  readonly passed: boolean | null;
  readonly reason: string | null;
  /** What stands in the place of a verdict: not judged yet, the judge failed. */
  readonly missing: string | null;
};

/** One draw: the record that counts for the cell, or an older one in a cell's history. */
export type DrawText = {
  readonly run: number;
  readonly mark: Mark;
  /** Equal numbers are equal answers within the scenario; null = no answer. */
  readonly answer: number | null;
  /** `key@generation`: `expgraph show` takes it. null = missing. */
  readonly record: string | null;
  readonly text: string | null;
  readonly toolCalls: readonly ToolCallText[];
  /** The whole conversation after the input, results of tools included; [] where it was one turn. */
  readonly turns: readonly ChatMessage[];
  readonly finishReason: string | null;
  readonly attempts: readonly AttemptText[];
  readonly scores: readonly ScoreText[];
  readonly score: number | null;
  readonly passed: boolean | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly latencyMs: number | null;
  readonly costUsd: number | null;
  readonly model: string | null;
  readonly servedModel: string | null;
  readonly temperature: number | null;
  readonly seed: number | null;
  readonly startedAt: string | null;
  readonly invocation: string | null;
  /** Where its number is another's as well. */
  readonly called?: string;
  /** https only; else null. */
  readonly langsmithUrl: string | null;
  /** What its place in a file is, for whoever looks for the line. */
  readonly file: string | null;
};

export type ArmColumn = {
  readonly variant: string;
  readonly system: string | null;
  readonly tools: readonly ToolText[];
  readonly runs: readonly DrawText[];
};

export type ScenarioScreen = {
  readonly scenario: string;
  readonly category: string | null;
  readonly tags: readonly string[];
  readonly description: string | null;
  readonly input: readonly ChatMessage[];
  readonly expect: JsonObject | null;
  readonly arms: readonly ArmColumn[];
  /** Neighbours in the order of the matrix's query; null = it is the first or the last. */
  readonly previous: string | null;
  readonly next: string | null;
  /** From 0, among `total` that match. */
  readonly position: number;
  readonly total: number;
  readonly revision: string;
};
