// Where a review stands: who has read how much, how far readers agree, what is in dispute, what broke the blinding. Nothing in it is
// by arm before the review is closed, so that whoever reads may look.
import { existsSync } from 'node:fs';
import type { ProtocolFile } from '../../core/review.ts';
import type { ReaderProgress, ReviewStatus } from '../../core/review-status.ts';
import { agreementOfReaders, ownRepeats } from '../../review/agreement.ts';
import { rubricDigest } from '../../review/digests.ts';
import { type CardReading, countingReadings, disputesOf, standingOf } from '../../review/standing.ts';
import { strengthsOf } from '../../review/strengths.ts';
import { CommandError } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import { notifyDiagnostics, type World } from '../open/world.ts';
import { chooseReview } from './choose-review.ts';
import {
  type Deck,
  listReviews,
  type ReviewerVerdicts,
  type ReviewPaths,
  readClosed,
  readDeck,
  readProtocol,
  readVerdicts,
} from './files.ts';
import { orThrow } from './or-throw.ts';
import { readerOrder } from './reading-order.ts';

/** All that is on disk of one review, but for its key. */
export type ReviewRead = {
  readonly paths: ReviewPaths;
  readonly deck: Deck;
  readonly protocol: ProtocolFile;
  readonly reviewers: readonly ReviewerVerdicts[];
  /** What counts of readers, first and second looks. */
  readonly readings: readonly CardReading[];
  readonly adjudications: readonly CardReading[];
};

/** Damaged verdicts are told and left out. @throws CommandError where deck or protocol cannot be read */
export function readReview(world: Pick<World, 'notify'>, paths: ReviewPaths): ReviewRead {
  const deck = orThrow(readDeck(paths));
  const protocol = orThrow(readProtocol(paths));
  const { reviewers, problems } = readVerdicts(paths, deck);
  notifyDiagnostics(world, problems);
  const of = (isAdjudication: boolean): readonly CardReading[] =>
    reviewers
      .filter((one) => one.isAdjudication === isAdjudication)
      .flatMap(({ lines }) => countingReadings(lines));
  return { paths, deck, protocol, reviewers, readings: of(false), adjudications: of(true) };
}

/** @throws CommandError where there is no such review, or its files are damaged */
export function reviewStatus(
  world: Pick<World, 'notify'>,
  { experiment, review }: { readonly experiment: Experiment; readonly review: string | null },
): ReviewStatus {
  const paths = anyReview(experiment.root, review);
  const read = readReview(world, paths);
  const { deck, protocol, readings, adjudications } = read;
  const closed = orThrow(readClosed(paths));
  const said = protocol.protocol;
  const { cards } = standingOf({ cards: deck.cards, protocol: said, readings, adjudications });
  const disputed = cards.filter((card) => disputesOf(card.readings, said).length > 0);
  const asked = experiment.manifest.review;
  return {
    review: paths.id,
    state: closed === null ? 'open' : 'closed',
    mode: said.mode,
    started_at: protocol.started_at,
    started_by: protocol.started_by,
    closed_at: closed?.closed_at ?? null,
    cards: cards.length,
    complete: cards.filter(({ wanted }) => wanted === 0).length,
    readers: protocol.readers.map((reviewer) => progressOf(reviewer, read)),
    wanted_readers: said.reviewers,
    agreement: agreementOfReaders({ cards: deck.cards, readings, protocol: said }),
    repeats: ownRepeats({ readings, protocol: said }),
    disputes: {
      cards: disputed.length,
      open: disputed.filter((card) => card.disputed.length > 0).length,
    },
    breaches: protocol.breaches,
    rubric_changed: asked !== undefined && rubricDigest(asked) !== deck.head.rubric,
    ...(closed === null ? {} : { blinding: closed.blinding }),
    ...(closed === null || said.mode === 'single'
      ? {}
      : { strengths: strengthsOf(closed.preferences, Object.values(protocol.arms)) }),
  };
}

/** The one that is named, whatever its state; else the open one, else the one that was closed last. */
function anyReview(root: string, id: string | null): ReviewPaths {
  const reviews = listReviews(root);
  const named = id === null ? undefined : reviews.find(({ paths }) => paths.id === id);
  if (named !== undefined) return named.paths;
  const open = reviews.filter(({ state }) => state === 'open');
  if (id !== null || open.length > 1) return chooseReview(root, { id, state: 'open' });
  if (open.length === 1) return open[0]!.paths;
  const closed = reviews.flatMap(({ paths }) => {
    const at = existsSync(paths.closed) ? orThrow(readClosed(paths))?.closed_at : undefined;
    return at === undefined ? [] : [{ paths, at }];
  });
  const newest = closed.sort((a, b) => (a.at < b.at ? -1 : 1)).at(-1);
  if (newest !== undefined) return newest.paths;
  throw new CommandError('there is no review yet: npx expgraph review start deals the cards');
}

function progressOf(reviewer: string, { deck, protocol, readings, reviewers }: ReviewRead): ReaderProgress {
  const own = readings.filter((one) => one.reviewer === reviewer);
  const { places } = readerOrder(deck.cards, protocol, reviewer);
  // Verdicts on cards of another share, as a merge or a table brings them, count; of his own share they are none.
  const share = new Set(places.map(({ card, look }) => `${card.card} ${look}`));
  const times = own.map(({ line }) => line.took_ms).toSorted((a, b) => a - b);
  const lines = reviewers.flatMap((one) => (one.isAdjudication ? [] : one.lines));
  const last = lines.filter((line) => line.reviewer === reviewer).at(-1);
  return {
    reviewer,
    looks: places.length,
    read: own.filter(({ card, look }) => share.has(`${card} ${look}`)).length,
    flagged: own.filter(({ line }) => line.flags.length > 0).length,
    notes: own.filter(({ line }) => line.note !== null).length,
    median_ms: times[Math.floor(times.length / 2)] ?? null,
    last_at: last?.at ?? null,
  };
}
