// What a report is made of: plain data that use cases gathered. Nothing in it is fit to be shown before it was escaped.
import type { CompareInput } from '../../analysis/compare/input.ts';
import type { Compared } from '../../analysis/compare/result.ts';
import type { ChatMessage } from '../../core/chat.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { ClosedReview, ProtocolFile } from '../../core/review.ts';
import type { ReviewStatus } from '../../core/review-status.ts';
import type { Block } from '../../text/sheet.ts';
import type { Plot } from '../plot/plot.ts';
import type { Interleaving } from '../run/interleaving.ts';

/** One draw: the record that counts for a cell, or that there is none. */
export type DrawFacts = {
  readonly run: number;
  /** `unjudged`: answered, and nobody says whether it passes. The last three have no answer that counts. */
  readonly mark: 'passed' | 'failed' | 'unjudged' | 'error' | 'stale' | 'missing';
  /** `key@generation`; null = missing. */
  readonly record: string | null;
  readonly text: string | null;
  readonly toolCalls: readonly { readonly name: string; readonly arguments: Json }[];
  readonly turns: readonly ChatMessage[];
  readonly finishReason: string | null;
  readonly scores: readonly {
    readonly scorer: string;
    readonly score: number | null;
    readonly passed: boolean | null;
    readonly reason: string | null;
    readonly missing: string | null;
  }[];
  readonly score: number | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly latencyMs: number | null;
  readonly costUsd: number | null;
  readonly servedModel: string | null;
  readonly startedAt: string | null;
  readonly invocation: string | null;
  readonly langsmithUrl: string | null;
};

export type ScenarioFacts = {
  readonly scenario: string;
  readonly category: string | null;
  readonly description: string | null;
  readonly input: readonly ChatMessage[];
  readonly expect: JsonObject | null;
  /** In the order of the manifest. */
  readonly arms: readonly { readonly variant: string; readonly runs: readonly DrawFacts[] }[];
};

/** How an arm asks. */
export type ArmFacts = {
  readonly variant: string;
  readonly provider: string;
  readonly model: string;
  readonly temperature: number | null;
  readonly maxOutputTokens: number | null;
  readonly maxTurns: number;
  readonly seed: number | null;
  readonly runs: number;
  readonly params: JsonObject;
  readonly system: string | null;
  readonly template: string | readonly ChatMessage[];
  readonly tools: readonly string[];
  readonly toolsDigest: string;
  /** Who does the work where it is not expgraph: a module, a command, pytest. */
  readonly harness: string | null;
};

export type InvocationFacts = {
  readonly invocation: string;
  readonly command: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly how: string;
  readonly executed: number;
  readonly failed: number;
  readonly costUsd: number | null;
  readonly commit: string | null;
  readonly isDirty: boolean;
  readonly versions: string;
};

export type ReportFacts = {
  readonly experiment: string;
  readonly description: string | null;
  /** ISO 8601. */
  readonly madeAt: string;
  /** What repeats it. */
  readonly command: string;
  readonly isSimulated: boolean;
  readonly arms: readonly ArmFacts[];
  readonly scenarios: readonly ScenarioFacts[];
  /** `key@generation` in full, of each record that counts. */
  readonly records: readonly string[];
  /** Of passes and of scores, where somebody judges; of what is there, marked where something is not. */
  readonly pass: Compared | null;
  readonly score: Compared | null;
  /** What readers said who did not know the arm, a dimension each, corrected for each other. */
  readonly humans: readonly { readonly dimension: string; readonly compared: Compared }[];
  /** Which of two answers they preferred, as `compare` tells it; [] = no pairs were read. */
  readonly preferred: readonly Exclude<Block, { readonly kind: 'chart' }>[];
  /** Of the passes. */
  readonly cells: Pick<CompareInput, 'arms' | 'groupsOf' | 'cluster'> | null;
  readonly plots: readonly Plot[];
  readonly interleaving: Interleaving | null;
  /** Project of the traces; null = there are none. */
  readonly langsmith: string | null;
  /** Blind reviews that were closed. */
  readonly reviews: readonly {
    readonly protocol: ProtocolFile;
    readonly closed: ClosedReview;
    /** How far readers agreed; null = its verdicts cannot be read any more, which fsck tells. */
    readonly status: ReviewStatus | null;
  }[];
  readonly invocations: readonly InvocationFacts[];
  /** Scenarios that are shown side by side. */
  readonly most: number;
  /** Transcripts of these alone. */
  readonly onlyDifferences: boolean;
};

export function hasAnswer({ mark }: Pick<DrawFacts, 'mark'>): boolean {
  return mark === 'passed' || mark === 'failed' || mark === 'unjudged';
}
