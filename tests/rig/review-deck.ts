// A review as its files are, small enough to be read: a deck of plain cards, and what verdicts are held against.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { digestOf, sha256 } from '../../src/core/canonical.ts';
import type {
  DeckCard,
  DeckHead,
  NewVerdict,
  ProtocolFile,
  ReviewProtocol,
  SealedKey,
} from '../../src/core/review.ts';
import type { VerdictPlace } from '../../src/project/review/verdict-log.ts';
import { keyText } from '../../src/project/review/write-files.ts';

export const PROTOCOL: ReviewProtocol = {
  dimensions: [
    { name: 'tool_selection', question: 'Is it the right tool for what was asked?' },
    { name: 'naturalness', question: 'Would a person say it so?' },
  ],
  labels: [
    { name: 'good', value: 3, anchor: 'Nothing to add.' },
    { name: 'acceptable', value: 2, anchor: 'Works, with a flaw.' },
    { name: 'poor', value: 1, anchor: 'Has to be done again.' },
  ],
  pass: 'no poor',
  reviewers: 2,
  overlap: 1,
  mode: 'single',
  mask: ['variant', 'run', 'tokens', 'latency', 'tools'],
  order: 'by-scenario',
  repeats: 0,
};

export const RUBRIC = digestOf(PROTOCOL.dimensions);
const AT = '2026-11-29T03:00:00.000Z';

/** @param answers one, or of a pair two */
export function makeCards(count: number, answers = 1): readonly DeckCard[] {
  return Array.from({ length: count }, (_, i) => ({
    type: 'card' as const,
    v: 1 as const,
    part: 'all' as const,
    card: `c${String(i + 1).padStart(3, '0')}`,
    scenario: `scenario-${i + 1}`,
    category: i % 2 === 0 ? 'simple' : 'ambiguous',
    description: `What scenario ${i + 1} is about`,
    input: [{ role: 'user' as const, content: `Question ${i + 1}: remind me tomorrow at nine` }],
    answers: Array.from({ length: answers }, (_, k) => ({
      answer: digestOf({ answer: i, k }),
      text: `Answer ${i + 1}${answers === 2 ? ['a', 'b'][k] : ''}: **done**, <img src=x onerror=alert(1)>`,
      toolCalls: [{ name: 'tool A', arguments: { title: `Entry ${i + 1}`, when: '2026-02-16T09:00' } }],
      turns: [],
      tools: [{ name: 'tool A', description: 'Adds an entry.', parameters: ['title', 'when'] }],
    })),
  }));
}

/** Each first answer is of one arm in turn; `tool A` is another tool on each card. */
function keyTextOf(cards: readonly DeckCard[]): string {
  const key: SealedKey = {
    v: 1,
    review: 'r1',
    nonce: sha256('chance'),
    cards: Object.fromEntries(
      cards.map(({ card, answers }, i) => [
        card,
        answers.map(({ answer }, k) => ({
          answer,
          cells: [{ variant: ARMS[(i + k) % 2]!, run: 1, key: sha256(`${card} ${k}`), generation: 1 }],
        })),
      ]),
    ),
    tools: Object.fromEntries(cards.map(({ card }, i) => [card, { 'tool A': `create_${i + 1}` }])),
  };
  return keyText(key);
}

const ARMS = ['zebra', 'yak'] as const;

/** Writes the deck into a folder. @returns what appendVerdict wants to know of it */
export function writeDeck(folder: string, cards = makeCards(5)): VerdictPlace {
  mkdirSync(folder, { recursive: true });
  const head: DeckHead = {
    type: 'deck',
    v: 1,
    review: 'r1',
    experiment: 'tool-interface',
    protocol: digestOf(PROTOCOL),
    rubric: RUBRIC,
    key_sha256: sha256(keyTextOf(cards)),
    mode: cards[0]!.answers.length === 2 ? 'pair' : 'single',
    cards: cards.length,
    created_at: AT,
  };
  writeFileSync(
    path.join(folder, 'deck.jsonl'),
    [head, ...cards].map((line) => `${JSON.stringify(line)}\n`).join(''),
  );
  return placeOf(folder, cards);
}

/** A review that can be read: artifacts/<experiment>/reviews/r1. */
export function writeReview(
  root: string,
  given: { readonly cards?: readonly DeckCard[]; readonly protocol?: Partial<ReviewProtocol> } = {},
): string {
  const folder = path.join(root, 'reviews', 'r1');
  const cards = given.cards ?? makeCards(5);
  writeDeck(folder, cards);
  writeFileSync(path.join(folder, 'key.sealed.json'), keyTextOf(cards), { mode: 0o600 });
  const protocol: ProtocolFile = {
    v: 1,
    review: 'r1',
    experiment: 'tool-interface',
    protocol: { ...PROTOCOL, ...given.protocol },
    protocol_digest: digestOf(PROTOCOL),
    rubric_digest: RUBRIC,
    seed: 7,
    records_digest: sha256('records'),
    argv: [],
    started_at: AT,
    started_by: 'lead',
    arms: { A: ARMS[0], B: ARMS[1] },
    readers: [],
    leak: { auc: null, tells: [] },
    breaches: [],
  };
  writeFileSync(path.join(folder, 'protocol.json'), JSON.stringify(protocol));
  return folder;
}

export function placeOf(folder: string, cards: readonly DeckCard[]): VerdictPlace {
  return {
    folder,
    review: 'r1',
    rubric: RUBRIC,
    answers: new Map(cards.map(({ card, answers }) => [card, answers.map(({ answer }) => answer).join(' ')])),
  };
}

export function verdictOf(card: string, more: Partial<NewVerdict> = {}): NewVerdict {
  const labels = { tool_selection: 'good', naturalness: 'poor' };
  return { card, look: 1, labels, note: null, flags: [], tells: false, guess: null, took_ms: 1200, ...more };
}
