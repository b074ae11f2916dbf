// What is known of the scores of any output: today's scorers, and the judgements that are kept of it.
import type { KeyVerdict, KeyVerdicts, StoreReader } from '../../cache/store.ts';
import type { Digest } from '../../core/brand.ts';
import { type Meaning, meaningOf, meantBy } from '../../core/meaning.ts';
import type { ScoreRecord } from '../../core/record.ts';
import type { CellScore, ScoreBook } from '../../core/scoring.ts';
import { judgementsOf } from '../../planner/scores.ts';
import type { Experiment } from '../open/experiment.ts';
import { answersOf, scoreOfPair } from './pairwise.ts';
import { type ReadyScorer, readyScorers } from './scorers.ts';

/** Takes no lock and writes nothing. An experiment without scorers reads nothing. */
export function openScoreBook(input: {
  readonly experiment: Experiment;
  /** Names; empty = all. */
  readonly only?: readonly string[];
}): ScoreBook {
  const { experiment, only = [] } = input;
  const scorers = readyScorers(experiment, only, answersOf(experiment));
  if (scorers.length === 0 || !experiment.stores.hasScores()) return bookOf(scorers, NOTHING_JUDGED);
  using scores = experiment.stores.readScores();
  return bookOf(scorers, scores.verdicts());
}

/** The same of a store that is open already. */
export function scoreBookOf(
  scorers: readonly ReadyScorer[],
  scores: Pick<StoreReader<ScoreRecord>, 'verdicts'>,
): ScoreBook {
  return bookOf(scorers, scores.verdicts());
}

type Known = Pick<KeyVerdict, 'status' | 'verdict'>;
type Rows = Pick<KeyVerdicts, 'of'>;

const NOTHING_JUDGED: Rows = { of: () => undefined };

function bookOf(scorers: readonly ReadyScorer[], rows: Rows): ScoreBook {
  const isBeside = ({ scorer }: ReadyScorer): boolean =>
    scorer.kind === 'outcome' && scorer.isBeside === true;
  const ready = scorers.map(
    (one): Asked => ({ ready: one, meaning: meaningOf(one.scorer), isBeside: isBeside(one) }),
  );
  const [alone] = ready;
  const saidAlone = alone !== undefined && ready.length === 1 ? makeSaidAlone() : null;
  return {
    scorers: scorers.map(({ scorer }) => scorer.name),
    beside: scorers.filter(isBeside).map(({ scorer }) => scorer.name),
    pairs: scorers.filter(({ planned }) => planned.otherOf).map(({ scorer }) => scorer.name),
    of({ variant, scenario, run, outputDigest, tested, ending }) {
      // It was checked when its record became a row.
      const cell = { variant, scenario, run, output: outputDigest as Digest, tested, ending };
      if (saidAlone !== null) return saidAlone(saidBy(alone!, { cell, rows }));
      const said: CellScore[] = [];
      for (const asked of ready) {
        const one = saidBy(asked, { cell, rows });
        if (one !== null) said.push(one);
      }
      return said;
    },
  };
}

const NOTHING_SAID: readonly CellScore[] = [];

/** One scorer says the same of most answers: whoever holds what is said of 100,000 of them holds it once. */
function makeSaidAlone(): (score: CellScore | null) => readonly CellScore[] {
  let last: readonly [CellScore] | null = null;
  return (score) => {
    if (score === null) return NOTHING_SAID;
    if (last === null || !isSame(score, last[0])) last = [score];
    return last;
  };
}

function isSame(a: CellScore, b: CellScore): boolean {
  return (
    a.scorer === b.scorer &&
    a.score === b.score &&
    a.passed === b.passed &&
    a.label === b.label &&
    a.missing === b.missing &&
    a.isBeside === b.isBeside &&
    a.isPair === b.isPair
  );
}

type Asked = {
  readonly ready: ReadyScorer;
  readonly meaning: Meaning | null;
  readonly isBeside: boolean;
};

/** null = it says nothing of this cell. */
function saidBy(
  { ready, meaning, isBeside }: Asked,
  { cell, rows }: { readonly cell: Parameters<typeof judgementsOf>[1]; readonly rows: Rows },
): CellScore | null {
  const { scorer, planned } = ready;
  const judgements = judgementsOf(planned, cell);
  const votes = judgements.map(({ key }) => rows.of(key));
  if (planned.otherOf && planned.expectationOf(cell) !== null)
    return scoreOfPair(scorer, { votes, other: planned.otherOf(cell) });
  if (votes.length === 0) return null;
  const said = countVotes(scorer, votes, meaning);
  return isBeside ? { ...said, isBeside: true } : said;
}

type Scorer = ReadyScorer['scorer'];

/** More than half of the votes have to be there: fewer are no verdict of this scorer's. */
export function countVotes(
  { name, passAt }: Pick<Scorer, 'name' | 'passAt'>,
  votes: readonly (Known | undefined)[],
  meaning: Meaning | null,
): CellScore {
  const [only] = votes;
  if (votes.length === 1 && only?.status === 'completed' && only.verdict) {
    return { scorer: name, ...meantBy(only.verdict, meaning), missing: null };
  }
  const verdicts = votes.flatMap((vote) =>
    vote?.status === 'completed' && vote.verdict ? [meantBy(vote.verdict, meaning)] : [],
  );
  if (verdicts.length * 2 <= votes.length) {
    const missing = votes.some((vote) => vote?.status === 'failed') ? 'failed' : 'not-run';
    return { scorer: name, score: null, passed: null, label: null, missing };
  }
  const scores = verdicts.flatMap(({ score }) => score ?? []);
  const score = scores.length === 0 ? null : scores.reduce((sum, one) => sum + one, 0) / scores.length;
  const said = verdicts.flatMap(({ passed }) => passed ?? []);
  const yes = said.filter(Boolean).length;
  // A tie is decided by the mean, where there is one.
  const isTie = yes * 2 === said.length;
  const passed = said.length === 0 ? null : isTie ? score !== null && score >= passAt : yes * 2 > said.length;
  return {
    scorer: name,
    score,
    passed,
    label: mostFrequent(verdicts.map(({ label }) => label)),
    missing: null,
  };
}

/** The first of those that are said most often. */
function mostFrequent(labels: readonly (string | null)[]): string | null {
  const counts = new Map<string, number>();
  for (const label of labels) if (label !== null) counts.set(label, (counts.get(label) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  return [...counts].find(([, count]) => count === most)?.[0] ?? null;
}
