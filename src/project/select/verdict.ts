// What all scorers together say of one answer.
import type { CellScore, ScoreBook } from '../../core/scoring.ts';
import { CommandError } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import { openKeptBook } from './kept-scenarios.ts';
import { openScoreBook } from './score-book.ts';

export type JointVerdict = {
  /**
   * Mean of the scorers that give a number, without those that nobody named beside others; null = none does, or one is still
   * missing.
   */
  readonly score: number | null;
  /** All that say pass or fail say pass; null as above. */
  readonly passed: boolean | null;
  /** What stands between: no scorer is about this scenario, or one has not judged it yet. */
  readonly lack: 'unjudged' | 'unscored' | null;
};

/** Of scenarios that are gone it knows what was judged (`score --at`). */
export function bookOfToday(experiment: Experiment): ScoreBook {
  const { of, ...book } = openScoreBook({ experiment });
  const ofGone = openKeptBook(experiment);
  return {
    ...book,
    of: (cell) => {
      const isKnown = experiment.scenarioIndex.has(cell.scenario);
      return isKnown ? of(cell) : book.scorers.length === 0 ? [] : ofGone(cell);
    },
  };
}

/** A missing score is never a zero: a mean over fewer scorers than elsewhere would compare unlike things. */
export function verdictOf(said: readonly CellScore[]): JointVerdict {
  // Of the arm that others are held against there is none: a verdict with it would compare unlike things.
  const scores = said.some(({ isPair }) => isPair) ? said.filter(({ isPair }) => !isPair) : said;
  if (scores.length === 0) return { score: null, passed: null, lack: 'unjudged' };
  const [only] = scores;
  if (scores.length === 1 && only!.missing === null) {
    return { score: only!.isBeside ? null : only!.score, passed: only!.passed, lack: null };
  }
  if (scores.some(({ missing }) => missing !== null)) return { score: null, passed: null, lack: 'unscored' };
  const numbers = scores.flatMap(({ score, isBeside }) => (isBeside ? [] : (score ?? [])));
  const passes = scores.flatMap(({ passed }) => passed ?? []);
  return {
    score: numbers.length === 0 ? null : numbers.reduce((sum, one) => sum + one, 0) / numbers.length,
    passed: passes.length === 0 ? null : passes.every(Boolean),
    lack: null,
  };
}

/** By scenario the scorers that gave a number, or said pass or fail, of any answer to it. */
export type Speakers = ReadonlyMap<string, ReadonlySet<string>>;

type Spoken = { readonly scenario: string; readonly scores: readonly CellScore[] };

export function speakersIn(metric: 'score' | 'pass', cells: Iterable<Spoken>): Speakers {
  const speakers = new Map<string, Set<string>>();
  for (const { scenario, scores } of cells) {
    for (const score of scores) {
      if (!speaks(score, metric)) continue;
      const known = speakers.get(scenario);
      if (known) known.add(score.scorer);
      else speakers.set(scenario, new Set([score.scorer]));
    }
  }
  return speakers;
}

/**
 * Whether a scorer judged this answer and did not say what it says of others to the same scenario: a number that is left out
 * where an answer is odd is not left out by chance. What nobody says of any of them is not asked for.
 */
export function isSilent(
  scores: readonly CellScore[],
  { metric, speakers }: { readonly metric: string; readonly speakers: ReadonlySet<string> | undefined },
): boolean {
  if (speakers === undefined) return false;
  return scores.some((score) => speakers.has(score.scorer) && !speaks(score, metric));
}

function speaks({ score, passed, isBeside, isPair }: CellScore, metric: string): boolean {
  if (isPair) return false;
  return metric === 'score' ? score !== null && !isBeside : passed !== null;
}

type Judged = {
  readonly variant: string;
  readonly scenario: string;
  readonly run: number;
  readonly outputDigest: string | null;
  readonly tested: string | null;
  readonly ending: string | null;
};

/** What a book says of records, for tables beside them. */
export function openJudge(book: ScoreBook): (row: Judged) => Pick<JointVerdict, 'score' | 'passed'> {
  return ({ variant, scenario, run, outputDigest, tested, ending }) => {
    if (outputDigest === null) return { score: null, passed: null };
    const { score, passed } = verdictOf(book.of({ variant, scenario, run, outputDigest, tested, ending }));
    return { score, passed };
  };
}

/** The same book with the chosen scorers only; none chosen = all. @throws CommandError on a name that is not in it. */
export function chosenScorers(book: ScoreBook, names: readonly string[]): ScoreBook {
  if (names.length === 0) return book;
  const unknown = names.find((name) => !book.scorers.includes(name));
  if (unknown !== undefined) {
    const there =
      book.scorers.length === 0 ? 'this experiment has none' : `there are ${book.scorers.join(', ')}`;
    throw new CommandError(`there is no scorer ${JSON.stringify(unknown)}; ${there}`);
  }
  const { pairs = [] } = book;
  return {
    scorers: book.scorers.filter((name) => names.includes(name)),
    pairs: pairs.filter((name) => names.includes(name)),
    of: (cell) => saidBy(book.of(cell), names),
  };
}

/** Who is asked for by name has a number like all others. */
export function saidBy(scores: readonly CellScore[], names: readonly string[]): readonly CellScore[] {
  return scores.flatMap(({ isBeside: _, isPair: __, ...score }) =>
    names.includes(score.scorer) ? [score] : [],
  );
}
