// What a pairwise judge holds an answer against, and what both orders of the two come to.
import type { KeyVerdict, StoreReader } from '../../cache/store.ts';
import type { CellScore, Scorer } from '../../core/scoring.ts';
import { NO_FILTER } from '../../core/task.ts';
import { sampleKey } from '../../planner/key.ts';
import { cellsInScope } from '../../planner/plan.ts';
import type { OtherAnswer, PlannedScorer, ScoredCell } from '../../planner/scores.ts';
import { type Preference, preferenceOf, SCORE_OF } from '../../scoring/judges/pairwise.ts';
import type { Experiment } from '../open/experiment.ts';
import { once } from '../open/once.ts';
import { importedRows } from './imported-rows.ts';

/** By the arm that others are held against: its answers. */
export type OtherAnswers = (against: string) => NonNullable<PlannedScorer['otherOf']>;

export const NO_ANSWERS: OtherAnswers = () => () => null;

type Kept = Pick<StoreReader, 'counting' | 'madeBy'>;

/** Those that count now. @param store left out = it is opened when the first of them is asked for */
export function answersOf(
  experiment: Pick<Experiment, 'stores' | 'parts' | 'manifest'>,
  store?: Kept,
): OtherAnswers {
  return (against) => {
    const answers = once(() => {
      if (store !== undefined) return answersIn({ experiment, store, against });
      using own = experiment.stores.read();
      return answersIn({ experiment, store: own, against });
    });
    return (cell) => answers().get(placeOf(cell)) ?? null;
  };
}

function answersIn(input: {
  readonly experiment: Pick<Experiment, 'parts' | 'manifest'>;
  readonly store: Kept;
  readonly against: string;
}): ReadonlyMap<string, NonNullable<OtherAnswer>> {
  const { experiment, store, against } = input;
  const answers = new Map<string, NonNullable<OtherAnswer>>();
  // Imported answers stand for what is not drawn.
  for (const row of importedRows(store).values()) {
    const { outputDigest: output, id: record } = row;
    if (row.variant !== against || row.status !== 'completed' || row.archive !== null || output === null)
      continue;
    answers.set(placeOf(row), { output, record });
  }
  const variants = experiment.parts.filter(({ name }) => name === against);
  const { scenarios } = experiment.manifest;
  // One draw may be the answer to several scenarios: those of which an arm is told the same.
  const places = new Map<string, string[]>();
  for (const { parts, ...cell } of cellsInScope({ variants, scenarios, filter: NO_FILTER })) {
    const key = sampleKey(parts, cell.run);
    const shared = places.get(key);
    if (shared) shared.push(placeOf(cell));
    else places.set(key, [placeOf(cell)]);
    if (!answers.has(placeOf(cell))) answers.set(placeOf(cell), 'missing');
  }
  for (const { key, status, outputDigest: output, id: record } of store.counting()) {
    if (status !== 'completed' || output === null) continue;
    for (const place of places.get(key) ?? []) answers.set(place, { output, record });
  }
  return answers;
}

/** Names hold no control character: NUL keeps them apart. */
function placeOf({ scenario, run }: Pick<ScoredCell, 'scenario' | 'run'>): string {
  return `${scenario}\0${run}`;
}

type Vote = Pick<KeyVerdict, 'status' | 'verdict'> | undefined;

/**
 * More than half of the pairs of votes have to be there in both orders. null = there is no pair: the scorer is not about this
 * answer.
 */
export function scoreOfPair(
  { name, passAt }: Pick<Scorer, 'name' | 'passAt'>,
  { votes, other }: { readonly votes: readonly Vote[]; readonly other: OtherAnswer },
): CellScore | null {
  if (other === null) return null;
  const told = (said: Omit<CellScore, 'scorer' | 'isPair'>): CellScore => ({
    scorer: name,
    ...said,
    isPair: true,
  });
  // Equal answers: nobody was asked.
  const preferences: readonly (Preference | null)[] =
    other !== 'missing' && votes.length === 0 ? ['tie'] : both(votes);
  const known = preferences.filter((one) => one !== null);
  if (known.length * 2 <= preferences.length) {
    const missing = votes.some((vote) => vote?.status === 'failed') ? 'failed' : 'not-run';
    return told({ score: null, passed: null, label: null, missing });
  }
  const score = known.reduce((sum, one) => sum + SCORE_OF[one], 0) / known.length;
  return told({ score, passed: score >= passAt, label: mostOf(known), missing: null });
}

/** A vote with the answer in the first place, and one with it in the second. */
function both(votes: readonly Vote[]): readonly (Preference | null)[] {
  return Array.from({ length: votes.length / 2 }, (_, i) => {
    const [ownFirst, ownSecond] = votes.slice(2 * i, 2 * i + 2).map(said);
    return ownFirst && ownSecond ? preferenceOf(ownFirst, ownSecond) : null;
  });
}

function said(vote: Vote): string | null {
  return vote?.status === 'completed' ? (vote.verdict?.label ?? null) : null;
}

/** The first of those that were said most often. */
function mostOf(all: readonly Preference[]): Preference {
  const countOf = (one: Preference): number => all.filter((other) => other === one).length;
  return all.reduce((most, one) => (countOf(one) > countOf(most) ? one : most));
}
