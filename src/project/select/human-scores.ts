// What people said in reviews that are closed, as scores: `human.<dimension>` and `human.pass`. They hang on the digest of the
// answer, as all scores do, and count only where somebody names them: people read some answers, and no mean of others waits for it.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { readText } from '../../cache/disk/disk-read.ts';
import type { ClosedReview, HumanScore } from '../../core/review.ts';
import type { CellScore, ScoreBook } from '../../core/scoring.ts';
import { sanitizeLine } from '../../core/text.ts';
import { readClosedText } from '../../review/closed-text.ts';
import { rubricDigest } from '../../review/digests.ts';
import { CommandError, EXIT } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import { reviewsRoot } from '../open/open-reviews.ts';

export const HUMAN = 'human';
const PREFIX = `${HUMAN}.`;
export const HUMAN_PASS = `${PREFIX}pass`;

export function isHuman(scorer: string): boolean {
  return scorer.startsWith(PREFIX);
}

export type HumanBook = {
  /** `human.<dimension>` in the order of the rubric, then `human.pass`; none = no review of single answers is closed. */
  readonly scorers: readonly string[];
  /** Closed, with the rubric that counts: the newest. Oldest first. */
  readonly reviews: readonly ClosedReview[];
  /** Closed with another rubric: left out, for what they say was asked otherwise. */
  readonly left: readonly ClosedReview[];
  /** What was said of pairs in the newest of such reviews; null = none is closed. */
  readonly pairs: {
    /** `human.<dimension>` in the order of the rubric. */
    readonly scorers: readonly string[];
    readonly review: ClosedReview;
  } | null;
  /** The rubric of the manifest is another one by now. */
  readonly isRubricChanged: boolean;
  /** One a scorer; an answer that nobody read has none yet. */
  of(cell: { readonly scenario: string; readonly outputDigest: string }): readonly CellScore[];
  /** As they were written down; none = nobody read it. */
  saidOf(cell: { readonly scenario: string; readonly outputDigest: string }): readonly HumanScore[];
};

/** @throws CommandError where a closed review cannot be read: a number without it would be another one */
export function openHumanBook({ root, manifest }: Pick<Experiment, 'root' | 'manifest'>): HumanBook {
  const all = closedReviews(root);
  const closed = all.filter(({ scores }) => scores.length > 0);
  const paired = all.findLast(({ preferences }) => preferences.length > 0);
  const newest = closed.at(-1);
  const reviews = closed.filter(({ rubric }) => rubric === newest?.rubric);
  const byAnswer = new Map<string, Map<string, HumanScore>>();
  const dimensions = new Set<string>();
  // Of an answer that was read in two of them the newer one counts.
  for (const { scores } of reviews) {
    for (const score of scores) {
      dimensions.add(score.dimension);
      const id = idOf(score.scenario, score.answer);
      byAnswer.set(id, (byAnswer.get(id) ?? new Map<string, HumanScore>()).set(score.dimension, score));
    }
  }
  // In the order of the rubric, whatever the order of cards.
  const names = [...dimensions].sort((a, b) => Number(a === 'pass') - Number(b === 'pass'));
  return {
    scorers: names.map((name) => `${PREFIX}${name}`),
    reviews,
    left: closed.filter(({ rubric }) => rubric !== newest?.rubric),
    pairs: paired ? { review: paired, scorers: scorersOfPairs(paired) } : null,
    isRubricChanged:
      newest !== undefined &&
      manifest.review !== undefined &&
      rubricDigest(manifest.review) !== newest.rubric,
    of: ({ scenario, outputDigest }) => {
      const said = byAnswer.get(idOf(scenario, outputDigest));
      return names.map((name) => cellScore(`${PREFIX}${name}`, said?.get(name)));
    },
    saidOf: ({ scenario, outputDigest }) => [...(byAnswer.get(idOf(scenario, outputDigest))?.values() ?? [])],
  };
}

function scorersOfPairs({ preferences }: ClosedReview): readonly string[] {
  return [...new Set(preferences.map(({ dimension }) => `${PREFIX}${dimension}`))];
}

function idOf(scenario: string, answer: string): string {
  return `${answer} ${scenario}`;
}

function cellScore(scorer: string, said: HumanScore | undefined): CellScore {
  if (said === undefined) return { scorer, score: null, passed: null, label: null, missing: 'not-run' };
  const labels = new Set(said.labels.map(({ label }) => label));
  const [only = null] = labels;
  return {
    scorer,
    score: said.score,
    passed: said.passed,
    label: labels.size === 1 && !said.adjudicated ? only : null,
    missing: null,
  };
}

/** By the time they were closed. */
export function closedReviews(root: string): readonly ClosedReview[] {
  const folder = reviewsRoot(root);
  return foldersIn(folder)
    .flatMap((id) => {
      const file = path.join(folder, id, 'closed.json');
      const text = readText(file);
      if (text === null) return [];
      const read = readClosedText(text);
      if (read.kind === 'ok') return [read.value];
      throw new CommandError(
        `closed.json of review ${sanitizeLine(id)} ${read.error}, so that no human score can be told; npx expgraph fsck says more`,
        EXIT.store,
      );
    })
    .sort((a, b) => (a.closed_at < b.closed_at ? -1 : a.closed_at > b.closed_at ? 1 : 0));
}

/** What begins with a dot is not in its place yet. */
function foldersIn(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isDirectory() && !entry.name.startsWith('.') ? entry.name : []));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw cause;
  }
}

/** The same book with what people said in it, where one of these names asks for that. @throws CommandError where nobody said anything */
export function withHumans(
  book: ScoreBook,
  { experiment, names }: { readonly experiment: Experiment; readonly names: readonly string[] },
): ScoreBook {
  if (!names.some(isHuman)) return book;
  const human = openHumanBook(experiment);
  // Of what was judged both ways, each answer by itself says more.
  const pairs = (human.pairs?.scorers ?? []).filter((name) => !human.scorers.includes(name));
  if (human.scorers.length + pairs.length === 0) throw noHumans(names.find(isHuman)!);
  return {
    ...book,
    scorers: [...book.scorers, ...human.scorers, ...pairs],
    pairs: [...(book.pairs ?? []), ...pairs],
    of: (cell) => [...book.of(cell), ...human.of(cell)],
  };
}

export function noHumans(name: string): CommandError {
  return new CommandError(
    `${sanitizeLine(name)} is what people say, and no review is closed yet: npx expgraph review start deals the cards, npx expgraph review close ends it`,
  );
}

/** What is to be known beside numbers of people: other rubrics that were left out, and one that was edited since. */
export function humanNotes({ reviews, left, isRubricChanged }: HumanBook): readonly string[] {
  const ids = (all: readonly ClosedReview[]): string =>
    all.map(({ review }) => sanitizeLine(review)).join(', ');
  return [
    ...(left.length === 0
      ? []
      : [
          `human scores are those of ${ids(reviews)}: ${ids(left)} had another rubric, and ${left.length === 1 ? 'is' : 'are'} not mixed with them`,
        ]),
    ...(isRubricChanged
      ? [
          `"review:" of the manifest was edited since ${ids(reviews.slice(-1))} was closed: its scores are answers to the questions of then (npx expgraph review status ${ids(reviews.slice(-1))} shows them)`,
        ]
      : []),
  ];
}
