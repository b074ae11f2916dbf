// artifacts/<experiment>/reviews/<id>/: where its files are, which reviews there are, and reading them. What is damaged is
// told with its place and never guessed. docs/formats.md has the files, schema/review.schema.json each line.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileState, readFolder, readText } from '../../cache/disk/disk-read.ts';
import { sha256 } from '../../core/canonical.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type {
  ClosedReview,
  DeckCard,
  DeckHead,
  ProtocolFile,
  SealedKey,
  VerdictLine,
} from '../../core/review.ts';
import { type Chain, readChain } from '../../review/chain.ts';
import {
  type Read,
  readClosedReview,
  readDeckCard,
  readDeckHead,
  readProtocolFile,
  readSealedKey,
} from '../../review/read-lines.ts';

export type ReviewPaths = {
  readonly id: string;
  readonly folder: string;
  readonly deck: string;
  readonly key: string;
  readonly protocol: string;
  readonly closed: string;
  /** A file a reviewer, and `adjudication.jsonl`. */
  readonly verdicts: string;
};

/** @param root artifacts/<experiment> */
export function reviewsFolder(root: string): string {
  return path.join(root, 'reviews');
}

export function reviewPaths(root: string, id: string): ReviewPaths {
  return pathsIn(path.join(reviewsFolder(root), id), id);
}

/** The same of a folder that is not in its place yet. */
export function pathsIn(folder: string, id: string): ReviewPaths {
  return {
    id,
    folder,
    deck: path.join(folder, 'deck.jsonl'),
    key: path.join(folder, 'key.sealed.json'),
    protocol: path.join(folder, 'protocol.json'),
    closed: path.join(folder, 'closed.json'),
    verdicts: path.join(folder, 'verdicts'),
  };
}

const REVIEW_ID = /^[a-z0-9][a-z0-9._-]{0,63}$/;
/** Names that Windows keeps for devices, with or without an ending. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/;

/** @returns what is wrong with a review's id, which names a folder; null = nothing */
export function reviewIdProblem(id: string): string | null {
  if (REVIEW_ID.test(id) && !DEVICE.test(id) && !id.endsWith('.')) return null;
  return 'a review is named by small letters, digits and . _ -, at most 64, a letter or digit first';
}

export type ReviewState = { readonly paths: ReviewPaths; readonly state: 'open' | 'closed' };

/** All of them by name. Open is what has a deck and was not closed; a folder without a deck is none. */
export function listReviews(root: string): readonly ReviewState[] {
  return readFolder(reviewsFolder(root))
    .filter((id) => reviewIdProblem(id) === null)
    .sort()
    .map((id) => reviewPaths(root, id))
    .filter(({ deck }) => fileState(deck) !== null)
    .map((paths) => ({ paths, state: fileState(paths.closed) === null ? 'open' : 'closed' }));
}

/** What is wrong with a file, with its place in it. */
export type Damage = readonly Diagnostic[];

export type Deck = {
  readonly head: DeckHead;
  readonly cards: readonly DeckCard[];
  /** SHA-256 of the bytes of deck.jsonl: where each chain of verdicts begins. */
  readonly sha256: string;
};

export function readDeck(paths: ReviewPaths): Result<Deck, Damage> {
  const text = readText(paths.deck);
  if (text === null) return err([damage(paths.deck, 'is not there')]);
  const lines = text.split('\n');
  const problems: Diagnostic[] = [];
  const keep = <Value>(read: Read<Value>, line: number): Value | null => {
    if (read.kind === 'ok') return read.value;
    problems.push(damage(paths.deck, read.error, line));
    return null;
  };
  if (lines.pop() !== '') problems.push(damage(paths.deck, 'is cut in its last line', lines.length + 1));
  const head = keep(readDeckHead(lines[0] ?? ''), 1);
  const cards = lines.slice(1).map((line, at) => keep(readDeckCard(line), at + 2));
  if (head !== null && head.review !== paths.id) {
    problems.push(damage(paths.deck, `is of review ${head.review}`, 1));
  }
  if (head !== null && head.cards !== cards.length) {
    problems.push(damage(paths.deck, `has ${cards.length} cards, and its first line says ${head.cards}`, 1));
  }
  if (head === null || problems.length > 0) return err(problems);
  return ok({ head, cards: cards.filter((card) => card !== null), sha256: sha256(text) });
}

export function readProtocol(paths: ReviewPaths): Result<ProtocolFile, Damage> {
  return readWhole(paths.protocol, readProtocolFile);
}

/** Whose answers the cards are: for `review close`, and for whoever reveals a name and logs it. */
export function readKey(paths: ReviewPaths, deck: Deck): Result<SealedKey, Damage> {
  const text = readText(paths.key);
  if (text === null) return err([damage(paths.key, 'is not there: nobody can say whose answers were read')]);
  if (sha256(text) !== deck.head.key_sha256) {
    return err([damage(paths.key, 'is not the key that this deck was sealed with')]);
  }
  return readAs(paths.key, text, readSealedKey);
}

/** null = it is open. */
export function readClosed(paths: ReviewPaths): Result<ClosedReview | null, Damage> {
  return existsSync(paths.closed) ? readWhole(paths.closed, readClosedReview) : ok(null);
}

/** The file of whoever settles cards that reviewers disagree on. */
const ADJUDICATION = 'adjudication';

export type ReviewerVerdicts = {
  /** As the lines name him; where none can be read, the name of the file. Of adjudications whoever began them. */
  readonly reviewer: string;
  readonly isAdjudication: boolean;
  readonly file: string;
  /** In the order of the file; what is damaged is left out and told. */
  readonly lines: readonly VerdictLine[];
  readonly chain: Chain;
};

/** Of each reviewer, and of `adjudication` where there is one. */
export function readVerdicts(
  paths: ReviewPaths,
  deck: Deck,
): { readonly reviewers: readonly ReviewerVerdicts[]; readonly problems: Damage } {
  const problems: Diagnostic[] = [];
  const names = readFolder(paths.verdicts).filter((name) => name.endsWith('.jsonl'));
  const reviewers = names.sort().map((name): ReviewerVerdicts => {
    const file = path.join(paths.verdicts, name);
    const chain = readChain({ text: readText(file) ?? '', deck: deck.sha256 });
    const lines: VerdictLine[] = [];
    for (const line of chain.lines) {
      if (line.kind === 'damaged') problems.push(damage(file, line.why, line.line));
      else if (line.verdict.review === paths.id) lines.push(line.verdict);
      else problems.push(damage(file, `is of review ${line.verdict.review}`, line.line));
    }
    if (chain.torn > 0) problems.push(tornNote(file, chain.lines.length + 1));
    const own = name.slice(0, -'.jsonl'.length);
    const isAdjudication = own === ADJUDICATION;
    return { reviewer: lines[0]?.reviewer ?? own, isAdjudication, file, lines, chain };
  });
  return { reviewers, problems };
}

/** A problem of a file of a review. */
export function damage(file: string, why: string, line = 1): Diagnostic {
  const message =
    line === 1 ? `${path.basename(file)} ${why}` : `line ${line} of ${path.basename(file)} ${why}`;
  const location = { file, line, column: 1, length: 1, sourceLine: null };
  return { severity: 'error', code: 'review-damaged', message, location, hint: null, related: [] };
}

function tornNote(file: string, line: number): Diagnostic {
  const why =
    'was cut short by a crash: it had not been shown as saved, and the next verdict takes its place';
  return { ...damage(file, why, line), severity: 'note', code: 'review-torn' };
}

function readWhole<Value>(file: string, read: (text: string) => Read<Value>): Result<Value, Damage> {
  const text = readText(file);
  return text === null ? err([damage(file, 'is not there')]) : readAs(file, text, read);
}

function readAs<Value>(
  file: string,
  text: string,
  read: (text: string) => Read<Value>,
): Result<Value, Damage> {
  const value = read(text);
  return value.kind === 'ok' ? value : err([damage(file, value.error)]);
}
