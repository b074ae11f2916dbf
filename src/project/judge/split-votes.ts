// Where the votes of a judge are not of one mind, and where they stand even: for the summary of what was judged.
import type { KeyVerdicts, StoreReader } from '../../cache/store.ts';
import { type Meant, meaningOf, meantBy } from '../../core/meaning.ts';
import type { ScoreRecord } from '../../core/record.ts';
import type { ScoresSummary, SplitVotes } from '../../core/summary.ts';
import { judgementsOf, type ScoredCell } from '../../planner/scores.ts';
import type { ReadyScorer } from '../select/scorers.ts';

/** Where no judge votes, nothing is read. */
export function splitOfVotes(input: {
  readonly scorers: readonly ReadyScorer[];
  readonly cells: readonly ScoredCell[];
  readonly scores: Pick<StoreReader<ScoreRecord>, 'verdicts'>;
}): Pick<ScoresSummary, 'votes'> {
  // The two orders of a pair are no votes: what they say of places differs by nature.
  const judges = input.scorers.filter(({ planned }) => planned.votes > 1 && planned.otherOf === undefined);
  if (judges.length === 0) return {};
  const known = input.scores.verdicts();
  const votes = judges
    .map((judge) => splitOf(judge, { cells: input.cells, known }))
    .filter(({ disagreed }) => disagreed > 0);
  return votes.length === 0 ? {} : { votes };
}

function splitOf(
  { scorer, planned }: ReadyScorer,
  input: { readonly cells: readonly ScoredCell[]; readonly known: KeyVerdicts },
): SplitVotes {
  const meaning = meaningOf(scorer);
  let [cells, disagreed, tied] = [0, 0, 0];
  for (const cell of input.cells) {
    const votes = judgementsOf(planned, cell).flatMap(({ key }) => {
      const known = input.known.of(key);
      return known?.verdict == null || known.status !== 'completed' ? [] : [meantBy(known.verdict, meaning)];
    });
    if (votes.length < 2) continue;
    cells++;
    if (isSplit(votes)) disagreed++;
    if (isTied(votes)) tied++;
  }
  return { scorer: scorer.name, votes: planned.votes, cells, disagreed, tied };
}

function isSplit(votes: readonly Meant[]): boolean {
  const differ = (values: readonly (string | boolean | null)[]): boolean =>
    new Set(values.filter((value) => value !== null)).size > 1;
  return differ(votes.map(({ passed }) => passed)) || differ(votes.map(({ label }) => label));
}

/** As many for as against, or two labels that are said most often. */
export function isTied(votes: readonly Pick<Meant, 'passed' | 'label'>[]): boolean {
  const said = votes.flatMap(({ passed }) => passed ?? []);
  if (said.length > 0 && said.filter(Boolean).length * 2 === said.length) return true;
  const counts = new Map<string, number>();
  for (const { label } of votes) if (label !== null) counts.set(label, (counts.get(label) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  return [...counts.values()].filter((count) => count === most).length > 1;
}
