// A small review as `review start` makes one, without an experiment: two cards, one dimension.
import { digestOf, sha256 } from '../../src/core/canonical.ts';
import type { ClosedReview, DeckCard, ReviewProtocol, SealedKey } from '../../src/core/review.ts';
import { keyText, type NewReview } from '../../src/project/review/write-files.ts';

export const PROTOCOL: ReviewProtocol = {
  dimensions: [{ name: 'tone', question: 'Is it kind?' }],
  labels: [
    { name: 'good', value: 3, anchor: 'Yes.' },
    { name: 'poor', value: 1, anchor: 'No.' },
  ],
  pass: 'no poor',
  reviewers: 2,
  overlap: 1,
  mode: 'single',
  mask: ['variant', 'run', 'tokens', 'latency'],
  order: 'shuffled',
  repeats: 0,
};

const AT = '2026-02-01T09:00:00.000Z';

export function newReview(id = 'first'): NewReview {
  const cards = ['c001', 'c002'].map((card) => cardOf(card));
  const sealed: SealedKey = {
    v: 1,
    review: id,
    nonce: 'ab'.repeat(32),
    cards: { c001: [sealedOf('c001', 'one')], c002: [sealedOf('c002', 'two')] },
    tools: {},
  };
  const key = keyText(sealed);
  const [protocol, rubric] = [digestOf(PROTOCOL), digestOf(PROTOCOL.dimensions)];
  return {
    deck: {
      ...({ type: 'deck', v: 1, review: id, experiment: 'small', protocol, rubric } as const),
      ...({ key_sha256: sha256(key), mode: 'single', cards: cards.length, created_at: AT } as const),
    },
    cards,
    key,
    protocol: {
      ...({ v: 1, review: id, experiment: 'small', protocol: PROTOCOL } as const),
      ...{ protocol_digest: protocol, rubric_digest: rubric, seed: 1, records_digest: sha256('records') },
      ...{ argv: [], started_at: AT, started_by: 'lee', arms: { A: 'one', B: 'two' }, readers: [] },
      ...{ leak: { auc: null, tells: [] }, breaches: [] },
    },
  };
}

export function closedOf(id: string): ClosedReview {
  return {
    ...({ v: 1, review: id, closed_at: AT, closed_by: 'lee', hashes: {}, rubric: sha256('rubric') } as const),
    ...{ scores: [], preferences: [], blinding: [] },
  };
}

function cardOf(card: string): DeckCard {
  return {
    ...({
      type: 'card',
      v: 1,
      part: 'all',
      card,
      scenario: 'S1',
      category: null,
      description: null,
    } as const),
    input: [{ role: 'user', content: 'Hello' }],
    answers: [{ answer: sha256(card), text: `Answer ${card}`, toolCalls: [], turns: [], tools: [] }],
  };
}

function sealedOf(card: string, variant: string): SealedKey['cards'][string][number] {
  return { answer: sha256(card), cells: [{ variant, run: 1, key: sha256(`key ${card}`), generation: 1 }] };
}
