// A review of a folder's experiment by scripted readers: from `start` to verdict files as a page gives them back.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DeckCard, DeckHead, ProtocolFile, SealedKey } from '../../src/core/review.ts';
import { pathsIn, reviewPaths } from '../../src/project/review/files.ts';
import { joinReaders } from '../../src/project/review/readers.ts';
import { readerOrder } from '../../src/project/review/reading-order.ts';
import { editFile } from './files.ts';

/** What a test says of a card: labels by dimension, and whatever else stands in a verdict. */
export type Say = (card: DeckCard, look: number) => { readonly [dimension: string]: string };

export const REVIEW = `
review:
  dimensions:
    tool_selection: Is this the right tool, or is asking better?
    naturalness: Would the user feel understood?
  labels:
    good: { value: 3, anchor: Nothing to change. }
    acceptable: { value: 2, anchor: Small flaws. }
    poor: { value: 1, anchor: Not to be shown. }
  mask: [tools, arguments]
  overlap: 0.5
`;

export function declareReview(folder: string, review = REVIEW): void {
  editFile(path.join(folder, 'experiment.yaml'), (text) => `${text}${review}`);
}

export type OpenDeck = {
  readonly folder: string;
  readonly head: DeckHead;
  readonly cards: readonly DeckCard[];
  protocol(): ProtocolFile;
  /** Whose answers the cards are: for tests, which know more than readers. */
  key(): SealedKey;
};

export function openDeck(folder: string, id: string, experiment = 'tool-interface'): OpenDeck {
  const paths = reviewPaths(path.join(folder, 'artifacts', experiment), id);
  const [head, ...cards] = readFileSync(paths.deck, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  return {
    folder: paths.folder,
    head: head as DeckHead,
    cards: cards as readonly DeckCard[],
    protocol: () => JSON.parse(readFileSync(paths.protocol, 'utf8')) as ProtocolFile,
    key: () => JSON.parse(readFileSync(paths.key, 'utf8')) as SealedKey,
  };
}

/** A file as the page that works from disk gives it back: places of this reader's order, a line a verdict. @returns its name */
export function verdictFile(
  folder: string,
  deck: OpenDeck,
  input: { readonly reviewer: string; readonly say: Say; readonly guess?: (card: DeckCard) => string },
): string {
  const { reviewer, say, guess } = input;
  // As the page does when it is opened or made.
  const joined = joinReaders(pathsIn(deck.folder, deck.head.review), reviewer);
  if (joined.kind === 'err') throw new Error(joined.error);
  const { places, guesses } = readerOrder(deck.cards, joined.value, reviewer);
  const guessed = new Set(guesses);
  const lines = places.map(({ name, card, look }, at) => ({
    ...{ type: 'verdict', v: 1, review: deck.head.review, card: name, look: 1, labels: say(card, look) },
    ...{ note: null, flags: [], tells: false },
    guess: guess !== undefined && guessed.has(name) ? guess(card) : null,
    ...{ took_ms: 5_000 + at, revision: 1, at: new Date(Date.UTC(2026, 1, 3, 9, 0, at)).toISOString() },
    ...{ answer: card.answers.map(({ answer }) => answer).join(' '), rubric: deck.head.rubric, reviewer },
  }));
  const file = `${reviewer}.verdicts.jsonl`;
  writeFileSync(path.join(folder, file), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return file;
}
