// An order that judges: what travels with it beside what any order holds.
import type { JsonObject } from './json.ts';
import type { Turn } from './outcome.ts';
import type { Check, JudgedOutput, JudgeScorer, ScoredScenario, ScorerKind, Verdict } from './scoring.ts';

/** Travels with an order that judges; who judges stands in the order as for any other. */
export type ScoreOrder = {
  readonly scorer: string;
  readonly kind: ScorerKind;
  readonly passAt: number;
  readonly output: JudgedOutput;
  /** Why it cannot be judged: the attempt fails with these words. */
  readonly problem?: string;
  /** Of rules. */
  readonly check?: Check;
  /** Of scorers that take what was said of an answer where it was made: what that comes to. */
  readonly verdict?: Verdict;
  /** Of judges: score by category; null = a number is asked for. */
  readonly choices?: JudgeScorer['choices'];
  /** Of scorers by vectors; the answer's text and the reference stand in the request, in this order. */
  readonly embedding?: { readonly dimensions: number | null };
  /** Of pairwise judges: which of the two answers is the one that is judged. */
  readonly own?: 'first' | 'second';
  /** Of own code and programs. */
  readonly scenario?: ScoredScenario;
  readonly options?: JsonObject;
  /** Judgements that were paid for and could not be read. */
  readonly done?: readonly Turn[];
};
