// Judges of two answers among the scorers.
import type { Scorer } from './scoring.ts';

/** The arm that a pairwise judge holds others against; undefined of all other scorers. */
export function pairOf(scorer: Scorer): { readonly against: string } | undefined {
  return scorer.kind === 'judge' ? scorer.pairwise : undefined;
}

/** Judgements of one answer: each vote of a pair is asked in both orders. */
export function votesOf(scorer: Scorer): number {
  if (scorer.kind !== 'judge') return 1;
  return scorer.pairwise === undefined ? scorer.votes : 2 * scorer.votes;
}
