// A review ends: nothing is open and nothing in dispute, every file is hashed, the key is opened, and what counts is written.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { digestOfFileNow } from '../../cache/disk/blobs.ts';
import { whileLocked } from '../../cache/disk/brief-lock.ts';
import type { ClosedReview, ProtocolFile } from '../../core/review.ts';
import { protocolDigest, recordsDigest, rubricDigest } from '../../review/digests.ts';
import type { CardStanding } from '../../review/standing.ts';
import { CommandError, EXIT } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import { userName } from '../open/user-name.ts';
import { note, notifyDiagnostics, type World } from '../open/world.ts';
import { chooseReview } from './choose-review.ts';
import { closedParts, standingIn } from './closed-parts.ts';
import { type Deck, type ReviewPaths, readDeck, readKey, readProtocol, readVerdicts } from './files.ts';
import { orThrow } from './or-throw.ts';
import { whileProtocolIsOurs } from './readers.ts';
import { writeClosed } from './write-files.ts';

export type ClosedNow = {
  readonly paths: ReviewPaths;
  readonly closed: ClosedReview;
  readonly protocol: ProtocolFile;
  readonly cards: number;
  readonly adjudicated: number;
};

/** What stands in the way: by card, in the order of the deck. */
export class GapsError extends CommandError {
  readonly unread: readonly { readonly card: string; readonly wanted: number }[];
  readonly disputed: readonly { readonly card: string; readonly dimensions: readonly string[] }[];
  constructor(message: string, gaps: Pick<GapsError, 'unread' | 'disputed'>) {
    super(message, EXIT.incomplete);
    this.unread = gaps.unread;
    this.disputed = gaps.disputed;
  }
}

/** @throws GapsError where cards wait for readers or for a third; CommandError where files are damaged, or it is closed already */
export function closeReview(
  world: World,
  input: { readonly experiment: Experiment; readonly review: string | null },
): ClosedNow {
  const { root, manifest } = input.experiment;
  const paths = chooseReview(root, { id: input.review, state: 'open' });
  // Readers join and breaches are told behind the one lock, verdicts behind the other: what is hashed here stays so.
  const closed = whileProtocolIsOurs(paths, () =>
    whileLocked(path.join(paths.folder, 'lock.db'), () => close(world, paths)),
  );
  if (manifest.review === undefined || rubricDigest(manifest.review) !== closed.closed.rubric)
    note(
      world,
      `"review:" of the manifest was changed since ${paths.id} began: its verdicts mean what stands in its protocol.json`,
    );
  return closed;
}

function close(world: World, paths: ReviewPaths): ClosedNow {
  const deck = orThrow(readDeck(paths));
  const protocol = orThrow(readProtocol(paths));
  const verdicts = readVerdicts(paths, deck);
  const broken = verdicts.problems.filter(({ severity }) => severity === 'error');
  notifyDiagnostics(world, verdicts.problems);
  if (broken.length > 0)
    throw new CommandError('verdicts are damaged: nothing was closed, and the key stays sealed', EXIT.store);
  refuseOther(paths, deck, protocol);
  const { reviewers } = verdicts;
  const { cards } = standingIn({ deck, protocol, reviewers });
  refuseGaps(cards, { readers: protocol.readers });
  const hashes = hashesOf(paths);
  const key = orThrow(readKey(paths, deck));
  if (recordsDigest(key.cards) !== protocol.records_digest)
    throw new CommandError(
      'the key is of other records than the protocol was written for: nothing was closed',
      EXIT.store,
    );
  const closed: ClosedReview = {
    ...({ v: 1, review: paths.id, closed_at: world.clock.now().toISOString() } as const),
    ...{ closed_by: userName(world.env), hashes, rubric: deck.head.rubric },
    ...closedParts({ deck, protocol, reviewers, key }).counts,
  };
  writeClosed(paths, closed);
  const adjudicated = cards.filter(({ adjudication }) => adjudication !== null).length;
  return { paths, closed, protocol, cards: cards.length, adjudicated };
}

/** Deck, protocol and rubric were sealed together: whoever changed one of them changed what the verdicts say. */
function refuseOther(paths: ReviewPaths, deck: Deck, protocol: ProtocolFile): void {
  const isSame =
    protocol.review === paths.id &&
    protocolDigest(protocol.protocol) === deck.head.protocol &&
    rubricDigest(protocol.protocol) === deck.head.rubric;
  if (isSame) return;
  throw new CommandError(
    'protocol.json is not the protocol that this deck was dealt by: "npx expgraph fsck" says more. Nothing was closed',
    EXIT.store,
  );
}

function refuseGaps(
  cards: readonly CardStanding[],
  { readers }: { readonly readers: readonly string[] },
): void {
  const unread = cards.filter(({ wanted }) => wanted > 0).map(({ card, wanted }) => ({ card, wanted }));
  const disputed = cards
    .filter(({ disputed: dimensions }) => dimensions.length > 0)
    .map(({ card, disputed: dimensions }) => ({ card, dimensions }));
  if (unread.length === 0 && disputed.length === 0) return;
  const words = [
    ...(unread.length > 0 ? [`${unread.length} of ${cards.length} cards wait for a reader`] : []),
    ...(disputed.length > 0
      ? [
          `${disputed.length} of ${cards.length} cards are in dispute ("npx expgraph review disputes" settles them)`,
        ]
      : []),
  ];
  const who = readers.length === 0 ? 'nobody has begun to read' : `${readers.join(', ')} read so far`;
  throw new GapsError(`the review stays open: ${words.join(', and ')}; ${who}`, { unread, disputed });
}

/** Of every file that a verdict hangs on, by its name within the folder. */
function hashesOf(paths: ReviewPaths): Readonly<Record<string, string>> {
  const files = [
    ...[paths.deck, paths.key, paths.protocol].map((file) => path.basename(file)),
    ...readdirSync(paths.verdicts)
      .filter((name) => name.endsWith('.jsonl'))
      .sort()
      .map((name) => `${path.basename(paths.verdicts)}/${name}`),
  ];
  return Object.fromEntries(files.map((name) => [name, digestOfFileNow(path.join(paths.folder, name))]));
}
