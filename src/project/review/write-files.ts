// Writing a review's folder so that a crash leaves all of it or nothing: beside its place first, durable, then renamed.
import { chmodSync, existsSync } from 'node:fs';
import path from 'node:path';
import { readFolder } from '../../cache/disk/disk-read.ts';
import { makeFolder, moveFile, removeAll, replaceFile } from '../../cache/disk/durable.ts';
import type { ClosedReview, DeckCard, DeckHead, ProtocolFile, SealedKey } from '../../core/review.ts';
import { CommandError } from '../open/command-error.ts';
import { pathsIn, type ReviewPaths, reviewPaths, reviewsFolder } from './files.ts';

export type NewReview = {
  readonly deck: DeckHead;
  readonly cards: readonly DeckCard[];
  /** The exact text whose SHA-256 stands in the deck (`keyText`). */
  readonly key: string;
  readonly protocol: ProtocolFile;
};

/** The bytes that are sealed. */
export function keyText(key: SealedKey): string {
  return `${JSON.stringify(key)}\n`;
}

/**
 * Behind the lock of the store: nobody else begins a review meanwhile.
 * @throws CommandError where there is a review of that name
 */
export function createReview(root: string, review: NewReview): ReviewPaths {
  const { review: id } = review.deck;
  const paths = reviewPaths(root, id);
  if (existsSync(paths.folder))
    throw new CommandError(`there is a review ${id} already: --id NAME names another`);
  makeFolder(reviewsFolder(root));
  removeLeftovers(root);
  const beside = pathsIn(path.join(reviewsFolder(root), `${LEFTOVER}${id}`), id);
  makeFolder(beside.verdicts);
  replaceFile(beside.key, [review.key]);
  // Also where artifacts are shared with a group: whoever reads must not see whose answers they are.
  if (process.platform !== 'win32') chmodSync(beside.key, KEY_MODE);
  replaceFile(beside.protocol, [jsonText(review.protocol)]);
  replaceFile(beside.deck, linesOf([review.deck, ...review.cards]));
  moveFile(beside.folder, paths.folder);
  return paths;
}

export const KEY_MODE = 0o600;

export function writeProtocol(paths: ReviewPaths, protocol: ProtocolFile): void {
  replaceFile(paths.protocol, [jsonText(protocol)]);
}

/** From here on the review is closed. */
export function writeClosed(paths: ReviewPaths, closed: ClosedReview): void {
  replaceFile(paths.closed, [jsonText(closed)]);
}

export function jsonText(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** No review's id begins with a dot. */
export const LEFTOVER = '.new-';

function removeLeftovers(root: string): void {
  for (const name of readFolder(reviewsFolder(root))) {
    if (name.startsWith(LEFTOVER)) removeAll(path.join(reviewsFolder(root), name));
  }
}

function* linesOf(lines: readonly object[]): Generator<string> {
  for (const line of lines) yield `${JSON.stringify(line)}\n`;
}
