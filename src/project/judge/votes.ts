// Whether the votes of judges agree, for the summary of what was judged.
import type { StoreReader } from '../../cache/store.ts';
import type { ScoreRecord } from '../../core/record.ts';
import type { ScoresSummary } from '../../core/summary.ts';
import type { ScoredCell } from '../../planner/scores.ts';
import type { ReadyScorer } from '../select/scorers.ts';

/** Where no judge votes, nothing of it is loaded. */
export async function agreementOfVotes(input: {
  readonly scorers: readonly ReadyScorer[];
  readonly cells: readonly ScoredCell[];
  readonly scores: Pick<StoreReader<ScoreRecord>, 'verdicts'>;
}): Promise<Pick<ScoresSummary, 'agreement'>> {
  if (!input.scorers.some(({ planned }) => planned.votes > 1 && !planned.otherOf)) return {};
  const { votesAgreement } = await import('./agreement.ts');
  const agreement = votesAgreement(input);
  return agreement.length === 0 ? {} : { agreement };
}
