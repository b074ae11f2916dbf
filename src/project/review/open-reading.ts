// One reader at one open review: which cards are his, in which order, and what he has said of them. Who reads is told by name.

import { err, ok, type Result } from '../../core/result.ts';
import type { ProtocolFile, SavedVerdict, VerdictLine } from '../../core/review.ts';
import { sanitizeLine } from '../../core/text.ts';
import { CommandError } from '../open/command-error.ts';
import { chooseReview } from './choose-review.ts';
import type { Deck, ReviewPaths } from './files.ts';
import { readDealt, readSaid } from './read-said.ts';
import { joinReaders } from './readers.ts';
import { type ReaderPlace, readerOrder } from './reading-order.ts';
import { reviewerName, verdictFile } from './reviewer.ts';
import { readVerdictFile } from './verdict-log.ts';

export type OpenReading = {
  readonly paths: ReviewPaths;
  readonly deck: Deck;
  readonly protocol: ProtocolFile;
  readonly reviewer: string;
  readonly places: readonly ReaderPlace[];
  /** Names of places at the end of which the arm is to be guessed. */
  readonly guesses: readonly string[];
};

/**
 * @param root artifacts/<experiment>
 * @param asked.as `reader`: he begins to read now, if he has not yet, and his share is his from then on; `known`: only who began
 * @returns err: what is wrong in words, and what to do
 */
export function openReading(
  root: string,
  asked: { readonly review: string | null; readonly reviewer: string; readonly as: 'reader' | 'known' },
): Result<OpenReading, string> {
  const name = reviewerName(asked.reviewer);
  if (name.kind === 'err') return name;
  const reviewer = name.value;
  const chosen = chosenReview(root, asked.review);
  if (chosen.kind === 'err') return chosen;
  const paths = chosen.value;
  const deck = readDealt(paths);
  if (deck.kind === 'err') return deck;
  const protocol = asked.as === 'reader' ? joinReaders(paths, reviewer) : readSaid(paths);
  if (protocol.kind === 'err') return protocol;
  if (!protocol.value.readers.includes(reviewer))
    return err(
      `${sanitizeLine(reviewer)} does not read review ${paths.id} yet: \`npx expgraph review open ${paths.id} --reviewer ${JSON.stringify(reviewer)}\` begins`,
    );
  const order = readerOrder(deck.value.cards, protocol.value, reviewer);
  return ok({ paths, deck: deck.value, protocol: protocol.value, reviewer, ...order });
}

function chosenReview(root: string, id: string | null): Result<ReviewPaths, string> {
  try {
    return ok(chooseReview(root, { id, state: 'open' }));
  } catch (cause) {
    if (cause instanceof CommandError) return err(cause.message);
    throw cause;
  }
}

/** The newest of each place, by the names that the reader sees. @returns err: the file of his verdicts is damaged */
export function savedVerdicts(reading: OpenReading): Result<readonly SavedVerdict[], string> {
  const { paths, deck, reviewer, places } = reading;
  const read = readVerdictFile(verdictFile(paths.folder, reviewer), deck.sha256);
  if (read.kind === 'err') return read;
  const names = new Map(places.map(({ name, card, look }) => [`${card.card} ${look}`, name]));
  const newest = new Map<string, SavedVerdict>();
  for (const line of read.value.lines) {
    const name = names.get(`${line.card} ${line.look}`);
    if (name !== undefined && line.reviewer === reviewer) newest.set(name, savedOf(line, name));
  }
  return ok([...newest.values()]);
}

/** Which of two looks it is, a reader is not told. */
export function savedOf(
  { labels, note, flags, tells, guess, took_ms, undone, revision, at }: Omit<VerdictLine, 'n' | 'c'>,
  name: string,
): SavedVerdict {
  const said = { card: name, look: 1, labels, note, flags, tells, guess, took_ms, revision, at };
  return undone ? { ...said, undone } : said;
}
