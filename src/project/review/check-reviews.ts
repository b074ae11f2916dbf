// fsck of reviews: deck, key, protocol, each line of each verdict, and of a closed one every hash and every score.
import { chmodSync, existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { digestOfFileNow } from '../../cache/disk/blobs.ts';
import { readFolder } from '../../cache/disk/disk-read.ts';
import { removeAll } from '../../cache/disk/durable.ts';
import type { Finding } from '../../cache/fsck/finding.ts';
import { canonicalJson } from '../../core/canonical.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { Result } from '../../core/result.ts';
import type { ClosedReview, ProtocolFile, SealedKey } from '../../core/review.ts';
import { protocolDigest, recordsDigest, rubricDigest } from '../../review/digests.ts';
import { closedParts } from './closed-parts.ts';
import {
  type Damage,
  type Deck,
  listReviews,
  type ReviewPaths,
  readClosed,
  readDeck,
  readKey,
  readProtocol,
  readVerdicts,
  reviewIdProblem,
  reviewPaths,
  reviewsFolder,
} from './files.ts';
import { KEY_MODE, LEFTOVER } from './write-files.ts';

export type ReviewsCheck = { readonly findings: readonly Finding[]; readonly reviews: number };

/** @param root artifacts/<experiment> */
export function checkReviews(root: string): ReviewsCheck {
  const reviews = listReviews(root);
  return {
    findings: [...checkFolders(root), ...reviews.flatMap(({ paths }) => checkReview(paths))],
    reviews: reviews.length,
  };
}

/** What a crash left is cleared away, keys are closed to others. All else is truth, and stays as it is. */
export function mendReviews(root: string): void {
  for (const name of readFolder(reviewsFolder(root)))
    if (name.startsWith(LEFTOVER)) removeAll(path.join(reviewsFolder(root), name));
  for (const { paths } of listReviews(root)) if (isOpenToOthers(paths)) chmodSync(paths.key, KEY_MODE);
}

function checkFolders(root: string): readonly Finding[] {
  const folder = reviewsFolder(root);
  return readFolder(folder).flatMap((name): readonly Finding[] => {
    const place = path.join(folder, name);
    if (name.startsWith(LEFTOVER))
      return [finding('derived', place, 'was begun by a "review start" that was killed: it is no review')];
    const isFolder = statSync(place, { throwIfNoEntry: false })?.isDirectory() === true;
    if (!isFolder || reviewIdProblem(name) !== null || existsSync(reviewPaths(root, name).deck)) return [];
    return [finding('damage', place, 'has no deck.jsonl: it was a review, or is none')];
  });
}

function checkReview(paths: ReviewPaths): readonly Finding[] {
  const findings: Finding[] = [];
  const keep = <Value>(read: Result<Value, Damage>): Value | null => {
    if (read.kind === 'ok') return read.value;
    findings.push(...read.error.map(asFinding));
    return null;
  };
  const deck = keep(readDeck(paths));
  const protocol = keep(readProtocol(paths));
  const closed = keep(readClosed(paths));
  const key = deck && keep(readKey(paths, deck));
  if (existsSync(paths.key) && isOpenToOthers(paths))
    findings.push(
      finding('derived', paths.key, 'may be read by others: who reads could look whose answers they are'),
    );
  if (deck !== null) {
    findings.push(...checkVerdictLines(paths, deck));
    if (key !== null) findings.push(...checkKey(paths, deck, key));
    if (protocol !== null) findings.push(...checkProtocol(paths, { deck, protocol, key }));
  }
  if (closed !== null) {
    findings.push(...checkHashes(paths, closed));
    if (deck !== null && key !== null && protocol !== null)
      findings.push(...checkClosed(paths, { deck, key, protocol, closed }));
  }
  return findings;
}

function checkVerdictLines(paths: ReviewPaths, deck: Deck): readonly Finding[] {
  const { reviewers, problems } = readVerdicts(paths, deck);
  const answers = new Map(
    deck.cards.map(({ card, answers: own }) => [card, own.map(({ answer }) => answer).join(' ')]),
  );
  const wrong = reviewers.flatMap(({ file, lines }) =>
    lines.flatMap(({ card, answer, rubric, n }): readonly Finding[] => {
      if (answers.get(card) !== answer)
        return [at(file, n, `is about an answer that ${card} of the deck is not`)];
      return rubric === deck.head.rubric
        ? []
        : [at(file, n, 'was made with another rubric than the deck has')];
    }),
  );
  return [...problems.map(asFinding), ...wrong];
}

function checkKey(paths: ReviewPaths, deck: Deck, key: SealedKey): readonly Finding[] {
  const isSame =
    Object.keys(key.cards).length === deck.cards.length &&
    deck.cards.every(({ card, answers }) => {
      const sealed = key.cards[card]?.map(({ answer }) => answer);
      return JSON.stringify(sealed) === JSON.stringify(answers.map(({ answer }) => answer));
    });
  return isSame ? [] : [finding('damage', paths.key, 'is not of the cards that this deck has')];
}

function checkProtocol(
  paths: ReviewPaths,
  {
    deck,
    protocol,
    key,
  }: { readonly deck: Deck; readonly protocol: ProtocolFile; readonly key: SealedKey | null },
): readonly Finding[] {
  const changed = [
    ...(protocolDigest(protocol.protocol) === deck.head.protocol ? [] : ['protocol']),
    ...(rubricDigest(protocol.protocol) === deck.head.rubric ? [] : ['rubric']),
    ...(key === null || recordsDigest(key.cards) === protocol.records_digest
      ? []
      : ['digest of the records']),
  ];
  if (changed.length === 0) return [];
  const what = `its ${changed.join(' and ')} ${changed.length === 1 ? 'is' : 'are'} not what the deck was dealt by`;
  return [finding('damage', paths.protocol, `was changed: ${what}`)];
}

function checkHashes(paths: ReviewPaths, { hashes }: ClosedReview): readonly Finding[] {
  const findings = Object.entries(hashes).flatMap(([name, hash]): readonly Finding[] => {
    const file = path.join(paths.folder, ...name.split('/'));
    if (!isWithin(paths, file) || !existsSync(file))
      return [finding('damage', file, 'is gone: closed.json holds its hash')];
    return digestOfFileNow(file) === hash
      ? []
      : [finding('damage', file, 'was changed since the review was closed')];
  });
  const added = existsSync(paths.verdicts)
    ? readdirSync(paths.verdicts).filter(
        (name) => name.endsWith('.jsonl') && hashes[`verdicts/${name}`] === undefined,
      )
    : [];
  const late = added.map((name) =>
    finding('damage', path.join(paths.verdicts, name), 'was added after the review was closed'),
  );
  return [...findings, ...late];
}

/** A name in a file of ours is still a name: nothing outside is looked at. */
function isWithin(paths: ReviewPaths, file: string): boolean {
  return file.startsWith(`${paths.folder}${path.sep}`);
}

/** What counts follows from deck, key and verdicts: closed.json is what they say, or was changed. */
function checkClosed(
  paths: ReviewPaths,
  input: {
    readonly deck: Deck;
    readonly key: SealedKey;
    readonly protocol: ProtocolFile;
    readonly closed: ClosedReview;
  },
): readonly Finding[] {
  const { reviewers } = readVerdicts(paths, input.deck);
  const { scores, preferences, blinding } = input.closed;
  const parts = closedParts({ ...input, reviewers });
  const isSame = canonicalJson({ scores, preferences, blinding }) === canonicalJson(parts.counts);
  return isSame
    ? []
    : [finding('damage', paths.closed, 'does not say what the verdicts say: it was changed')];
}

function isOpenToOthers({ key }: ReviewPaths): boolean {
  const stat = statSync(key, { throwIfNoEntry: false });
  return process.platform !== 'win32' && stat !== undefined && (stat.mode & 0o077) !== 0;
}

function asFinding({ severity, code, message, location }: Diagnostic): Finding {
  const { file, line } = location!;
  return { severity: severity === 'note' ? 'note' : 'damage', code, file, line, message };
}

function at(file: string, line: number, message: string): Finding {
  return { ...finding('damage', file, message), line };
}

function finding(severity: Finding['severity'], file: string, message: string): Finding {
  return { severity, code: 'review', file, line: null, message };
}
