// Which scorers ask a model of an account, and so need a key, a lane, a price and a budget.
import type { Manifest } from './manifest.ts';
import type { EmbeddingScorer, JudgeScorer, Scorer, ScorerKind } from './scoring.ts';

/** `provider` and `model` are whom they ask. */
export type AskingScorer = JudgeScorer | EmbeddingScorer;

export function asksModel(scorer: Scorer): scorer is AskingScorer {
  return isAskingKind(scorer.kind);
}

export function isAskingKind(kind: ScorerKind): boolean {
  return kind === 'judge' || kind === 'embedding';
}

/** Everybody of an experiment who asks a model: its variants, then its scorers. */
export function askersOf({
  variants,
  scorers,
}: Pick<Manifest, 'variants' | 'scorers'>): readonly (Manifest['variants'][number] | AskingScorer)[] {
  return [...variants, ...scorers.filter(asksModel)];
}
