// A review as its files are, small enough to be read: a deck of plain cards, and what verdicts are held against.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { digestOf } from '../../src/core/canonical.ts';
import type { DeckCard, NewVerdict, ReviewProtocol } from '../../src/core/review.ts';
import type { VerdictPlace } from '../../src/project/review/verdict-log.ts';

export const PROTOCOL: ReviewProtocol = {
  dimensions: [
    { name: 'tool_selection', question: 'Is it the right tool?' },
    { name: 'naturalness', question: 'Would a person say so?' },
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

export function makeCards(count: number): readonly DeckCard[] {
  return Array.from({ length: count }, (_, i) => ({
    type: 'card' as const,
    v: 1 as const,
    part: 'all' as const,
    card: `c${String(i + 1).padStart(3, '0')}`,
    scenario: `scenario-${i + 1}`,
    category: i % 2 === 0 ? 'simple' : 'ambiguous',
    description: `What scenario ${i + 1} is about`,
    input: [{ role: 'user' as const, content: `Question ${i + 1}` }],
    answers: [
      { answer: digestOf({ answer: i }), text: `Answer ${i + 1}`, toolCalls: [], turns: [], tools: [] },
    ],
  }));
}

/** Writes the deck into a folder. @returns what appendVerdict wants to know of it */
export function writeDeck(folder: string, cards = makeCards(5)): VerdictPlace {
  mkdirSync(folder, { recursive: true });
  const lines = [{ type: 'deck', v: 1, review: 'r1', cards: cards.length }, ...cards];
  writeFileSync(path.join(folder, 'deck.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return placeOf(folder, cards);
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
