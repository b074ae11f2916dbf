// Agreement of raters with intervals, and of the votes of judges.

import {
  type Coefficient,
  coefficientOf,
  cohenKappa,
  gwetAC,
  intervalAlpha,
  krippendorffAlpha,
  type Rated,
  rawAgreement,
} from '../../analysis/statistics/agreement.ts';
import { agreementInterval } from '../../analysis/statistics/agreement-interval.ts';
import { makeRandom } from '../../analysis/statistics/random.ts';
import type { KeyVerdict, StoreReader } from '../../cache/store.ts';
import type { Agreement, Estimate, VotesAgreement } from '../../core/agreement.ts';
import type { ScoreRecord } from '../../core/record.ts';
import type { JudgeScorer } from '../../core/scoring.ts';
import { judgementsOf, type ScoredCell } from '../../planner/scores.ts';
import type { ReadyScorer } from '../select/scorers.ts';

/** What ratings can be. */
export type Scale = {
  /** In their order, where they have one. */
  readonly categories: readonly string[];
  readonly isOrdered: boolean;
};

export const PASSES: Scale = { categories: ['not passed', 'passed'], isOrdered: false };

/** Labels from the lowest score to the highest; labels with equal scores have no order. */
export function scaleOfChoices(choices: NonNullable<JudgeScorer['choices']>): Scale {
  const sorted = Object.entries(choices).toSorted(([, a], [, b]) => a - b);
  const isOrdered = sorted.length > 2 && new Set(sorted.map(([, score]) => score)).size === sorted.length;
  return { categories: sorted.map(([label]) => label), isOrdered };
}

const SEED = 17;

/** @param at.values the same things as numbers, where the raters gave some */
export function agreementOf(
  rated: readonly Rated[],
  input: { readonly scale: Scale; readonly raters: number; readonly values?: readonly Rated[] | undefined },
): Agreement {
  const { categories, isOrdered } = input.scale;
  const q = categories.length;
  const estimate = (coefficient: Coefficient, of = rated): Estimate => {
    const interval = agreementInterval(of, { coefficient, random: makeRandom(SEED) });
    return {
      value: coefficientOf(of, coefficient),
      low: interval?.low ?? null,
      high: interval?.high ?? null,
    };
  };
  const isPair = input.raters === 2;
  const ordered = isOrdered ? ('ordinal' as const) : ('nominal' as const);
  return {
    raw: estimate(rawAgreement),
    ...(isPair ? { kappa: estimate(cohenKappa(q)) } : {}),
    ...(isPair && isOrdered ? { kappa_quadratic: estimate(cohenKappa(q, 'quadratic')) } : {}),
    ...(input.values === undefined
      ? { alpha: estimate(krippendorffAlpha(q, ordered)), alpha_scale: ordered }
      : { alpha: estimate(intervalAlpha, input.values), alpha_scale: 'interval' as const }),
    ac: estimate(gwetAC(q, isOrdered ? 'quadratic' : 'nominal')),
    ac_kind: isOrdered ? 'AC2' : 'AC1',
  };
}

/** Of each judge with several votes, where an answer has two of them. Equal answers were judged once, and count once. */
export function votesAgreement(input: {
  readonly scorers: readonly ReadyScorer[];
  readonly cells: readonly ScoredCell[];
  readonly scores: Pick<StoreReader<ScoreRecord>, 'verdicts'>;
}): readonly VotesAgreement[] {
  const judges = input.scorers.flatMap(({ scorer, planned }) =>
    scorer.kind === 'judge' && scorer.votes > 1 && scorer.pairwise === undefined ? [{ scorer, planned }] : [],
  );
  if (judges.length === 0) return [];
  const known = input.scores.verdicts();
  return judges.flatMap(({ scorer, planned }) => {
    const answers = new Map<string, { readonly cluster: string; readonly votes: Votes }>();
    for (const cell of input.cells) {
      const keys = judgementsOf(planned, cell).map(({ key }) => key);
      const votes = keys.map((key) => known.of(key)?.verdict ?? null);
      if (votes.filter((vote) => vote !== null).length > 1)
        answers.set(keys[0]!, { cluster: cell.scenario, votes });
    }
    return answers.size === 0 ? [] : [ofVotes(scorer, [...answers.values()])];
  });
}

type Votes = readonly KeyVerdict['verdict'][];

function ofVotes(
  scorer: JudgeScorer,
  answers: readonly { readonly cluster: string; readonly votes: Votes }[],
): VotesAgreement {
  const { name, votes, choices, passAt } = scorer;
  const scale = choices === null ? PASSES : scaleOfChoices(choices);
  const codeOf = (vote: Votes[number]): number | null => {
    if (vote === null) return null;
    if (choices === null) return vote.score === null ? null : Number(vote.score >= passAt);
    const code = vote.label === null ? -1 : scale.categories.indexOf(vote.label);
    return code < 0 ? null : code;
  };
  const rated = answers.map(({ cluster, votes: all }) => ({ cluster, ratings: all.map(codeOf) }));
  const values =
    choices === null
      ? answers.map(({ cluster, votes: all }) => ({
          cluster,
          ratings: all.map((vote) => vote?.score ?? null),
        }))
      : undefined;
  const unanimous = rated.filter(({ ratings }) => new Set(ratings.filter((one) => one !== null)).size === 1);
  return {
    scorer: name,
    votes,
    answers: rated.length,
    unanimous: unanimous.length,
    scenarios: new Set(rated.map(({ cluster }) => cluster)).size,
    ...agreementOf(rated, { scale, raters: votes, values }),
  };
}
