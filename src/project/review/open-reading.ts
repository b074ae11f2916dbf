// One reader at one open review: which cards are his, in which order, and what he has said of them. Who reads is told by name.

import { err, ok, type Result } from '../../core/result.ts';
import type { ProtocolFile, SavedVerdict, VerdictLine } from '../../core/review.ts';
import { sanitizeLine } from '../../core/text.ts';
import { CommandError, EXIT } from '../open/command-error.ts';
import { type Deck, listReviews, type ReviewPaths, readDeck } from './files.ts';
import { joinReaders } from './readers.ts';
import { type ReaderOrder, readerOrder } from './reading-order.ts';
import { reviewerName, verdictFile } from './reviewer.ts';
import { readVerdictFile } from './verdict-log.ts';

export type OpenReading = {
  readonly paths: ReviewPaths;
  readonly deck: Deck;
  readonly protocol: ProtocolFile;
  readonly reviewer: string;
  readonly order: ReaderOrder;
};

/** @param root artifacts/<experiment>. A refusal is in words: what, and what to do */
export function openReading(
  root: string,
  asked: { readonly review: string | null; readonly reviewer: string },
): Result<OpenReading, string> {
  const name = reviewerName(asked.reviewer);
  if (name.kind === 'err') return name;
  const chosen = chooseReview(root, asked.review);
  if (chosen.kind === 'err') return chosen;
  const paths = chosen.value;
  const deck = readDeck(paths);
  if (deck.kind === 'err') return err(damageWords(deck.error));
  const protocol = joinReaders(paths, name.value);
  if (protocol.kind === 'err') return err(damageWords(protocol.error));
  const order = readerOrder(deck.value.cards, protocol.value, name.value);
  return ok({ paths, deck: deck.value, protocol: protocol.value, reviewer: name.value, order });
}

/** The one that is named, else the one that is open. */
function chooseReview(root: string, id: string | null): Result<ReviewPaths, string> {
  const reviews = listReviews(root);
  const open = reviews.filter(({ state }) => state === 'open');
  if (id !== null) {
    const named = reviews.find(({ paths }) => paths.id === id);
    if (named?.state === 'open') return ok(named.paths);
    const shown = sanitizeLine(id.slice(0, 80));
    if (named !== undefined)
      return err(
        `review ${shown} is closed: nothing is read any more. \`npx expgraph report\` shows what came of it`,
      );
    return err(`there is no review ${shown}. ${openWords(open.map(({ paths }) => paths.id))}`);
  }
  if (open.length === 1) return ok(open[0]!.paths);
  return err(
    open.length === 0
      ? 'no review is open: `npx expgraph review start` begins one'
      : `${open.length} reviews are open, name one: ${open.map(({ paths }) => paths.id).join(', ')}`,
  );
}

function openWords(open: readonly string[]): string {
  return open.length === 0
    ? 'None is open: `npx expgraph review start` begins one'
    : `Open ${open.length === 1 ? 'is' : 'are'} ${open.join(', ')}`;
}

function damageWords(damage: readonly { readonly message: string }[]): string {
  return `${damage[0]!.message}: \`npx expgraph fsck\` lists what is damaged`;
}

/** The newest of each place, by the names that the reader sees. @returns err: the file of his verdicts is damaged */
export function savedVerdicts(reading: OpenReading): Result<readonly SavedVerdict[], string> {
  const { paths, deck, reviewer, order } = reading;
  const read = readVerdictFile(verdictFile(paths.folder, reviewer), deck.sha256);
  if (read.kind === 'err') return read;
  const names = new Map(order.places.map(({ name, card, look }) => [`${card.card} ${look}`, name]));
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

/** For commands: a refusal ends them. */
export function readingOrEnd(reading: Result<OpenReading, string>): OpenReading {
  if (reading.kind === 'err') throw new CommandError(reading.error, EXIT.usage);
  return reading.value;
}
