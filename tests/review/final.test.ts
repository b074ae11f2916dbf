// What verdicts come to: which of them count, what is in dispute, what an answer's score is, and whether readers could tell.
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/canonical.ts';
import type { DeckCard, ReviewProtocol, SealedKey, VerdictLine } from '../../src/core/review.ts';
import { blindingIndex } from '../../src/review/blinding.ts';
import { finalPreferences, finalScores, passes } from '../../src/review/final-scores.ts';
import { countingReadings, disputesOf, standingOf } from '../../src/review/standing.ts';

const PROTOCOL: ReviewProtocol = {
  dimensions: [
    { name: 'tool', question: 'The right one?' },
    { name: 'tone', question: 'Kind?' },
  ],
  labels: [
    { name: 'good', value: 3, anchor: '' },
    { name: 'acceptable', value: 2, anchor: '' },
    { name: 'poor', value: 1, anchor: '' },
  ],
  ...{ pass: 'no poor', reviewers: 2, overlap: 1, mode: 'single', mask: [], order: 'shuffled', repeats: 0 },
};

type Said = { readonly tool?: string; readonly tone?: string };

function line(card: string, reviewer: string, labels: Said, more: Partial<VerdictLine> = {}): VerdictLine {
  return {
    ...({ type: 'verdict', v: 1, review: 'r1', card, look: 1, answer: sha256(card) } as const),
    ...{ rubric: sha256('rubric'), labels, note: null, flags: [], tells: false, guess: null, reviewer },
    ...{ at: '2026-02-01T10:00:00.000Z', took_ms: 1, revision: 1, prev: '', n: 1, c: '' },
    ...more,
  };
}

function card(name: string, part: DeckCard['part'] = 'all'): DeckCard {
  return {
    ...({
      type: 'card',
      v: 1,
      part,
      card: name,
      scenario: `S-${name}`,
      category: null,
      description: null,
    } as const),
    input: [],
    answers: [{ answer: sha256(name), text: name, toolCalls: [], turns: [], tools: [] }],
  };
}

const standing = (
  cards: readonly DeckCard[],
  lines: readonly VerdictLine[],
  third: readonly VerdictLine[] = [],
) =>
  standingOf({
    ...{ cards, protocol: PROTOCOL },
    // Each reader has a log of his own.
    readings: [...new Set(lines.map(({ reviewer }) => reviewer))].flatMap((name) =>
      countingReadings(lines.filter(({ reviewer }) => reviewer === name)),
    ),
    adjudications: countingReadings(third),
  }).cards;

describe('what counts', () => {
  it('is the newest of a first look, unless it was taken back; a second look is the reader’s own', () => {
    const lines = [
      line('c001', 'ann', { tool: 'poor', tone: 'poor' }),
      line('c001', 'ann', { tool: 'good', tone: 'poor' }, { revision: 2 }),
      line('c001', 'ann', { tool: 'poor', tone: 'good' }, { look: 2 }),
      line('c002', 'ann', { tool: 'good', tone: 'good' }),
      line('c002', 'ann', {}, { revision: 2, undone: true }),
    ];
    const [first, second] = standing([card('c001'), card('c002')], lines);
    expect(first!.readings.map(({ labels }) => labels)).toEqual([{ tool: 'good', tone: 'poor' }]);
    expect([first!.wanted, second!.wanted]).toEqual([1, 2]);
    expect(second!.readings).toEqual([]);
  });

  it('asks for one reader of a card that is in one share, and for all of one that all read', () => {
    const lines = ['c001', 'c002', 'c003'].map((name) => line(name, 'ann', { tool: 'good', tone: 'good' }));
    const cards = [card('c001', 'calibration'), card('c002', 'all'), card('c003', 2)];
    expect(standing(cards, lines).map(({ wanted }) => wanted)).toEqual([1, 1, 0]);
  });

  it('differs too much by two labels, on the first dimension by any', () => {
    const of = (...said: readonly Said[]) =>
      disputesOf(
        said.map((labels) => ({ labels: { ...labels } as Record<string, string> })),
        PROTOCOL,
      );
    expect(of({ tool: 'good', tone: 'good' }, { tool: 'good', tone: 'acceptable' })).toEqual([]);
    expect(of({ tool: 'good', tone: 'good' }, { tool: 'acceptable', tone: 'acceptable' })).toEqual(['tool']);
    expect(of({ tool: 'good', tone: 'good' }, { tool: 'good', tone: 'poor' })).toEqual(['tone']);
    expect(of({ tool: 'good', tone: 'poor' })).toEqual([]);
  });

  it('is in dispute until a third says something of it', () => {
    const lines = [
      line('c001', 'ann', { tool: 'good', tone: 'good' }),
      line('c001', 'ben', { tool: 'poor', tone: 'poor' }),
    ];
    expect(standing([card('c001')], lines)[0]!.disputed).toEqual(['tool', 'tone']);
    const half = line('c001', 'cleo', { tool: 'acceptable' }, { adjudicates: true });
    expect(standing([card('c001')], lines, [half])[0]!.disputed).toEqual(['tone']);
  });
});

describe('a score', () => {
  const two = [
    line('c001', 'ann', { tool: 'good', tone: 'good' }, { note: 'fine' }),
    line('c001', 'ben', { tool: 'good', tone: 'acceptable' }),
  ];
  const scores = (lines: readonly VerdictLine[], third: readonly VerdictLine[] = []) =>
    finalScores({
      cards: [card('c001')],
      protocol: PROTOCOL,
      standing: standing([card('c001')], lines, third),
    });

  it('is the mean over readers from the worst label to the best, and passes by the rule', () => {
    const about = { scenario: 'S-c001', answer: sha256('c001'), adjudicated: false };
    expect(scores(two)).toEqual([
      {
        ...about,
        dimension: 'tool',
        score: 1,
        passed: null,
        notes: [],
        labels: [
          { reviewer: 'ann', label: 'good' },
          { reviewer: 'ben', label: 'good' },
        ],
      },
      {
        ...about,
        dimension: 'tone',
        score: 0.75,
        passed: null,
        notes: [],
        labels: [
          { reviewer: 'ann', label: 'good' },
          { reviewer: 'ben', label: 'acceptable' },
        ],
      },
      {
        ...about,
        dimension: 'pass',
        score: 1,
        passed: true,
        notes: ['fine'],
        labels: [
          { reviewer: 'ann', label: 'pass' },
          { reviewer: 'ben', label: 'pass' },
        ],
      },
    ]);
  });

  it('is what a third said where he said it', () => {
    const third = line('c001', 'cleo', { tone: 'poor' }, { adjudicates: true });
    const [tool, tone, pass] = scores(two, [third]);
    expect([tool!.adjudicated, tone!.adjudicated, pass!.adjudicated]).toEqual([false, true, true]);
    expect([tone!.score, pass!.score, pass!.passed]).toEqual([0, 0, false]);
  });

  it('does not pass where half of the readers would not let it', () => {
    const lines = [two[0]!, line('c001', 'ben', { tool: 'good', tone: 'poor' })];
    expect(scores(lines).at(-1)).toMatchObject({ score: 0.5, passed: false });
  });

  it('passes by "no" and by "all"', () => {
    const rule = (pass: string, said: Said) =>
      passes({ ...said } as Record<string, string>, { ...PROTOCOL, pass });
    expect(rule('no poor', { tool: 'good', tone: 'acceptable' })).toBe(true);
    expect(rule('no poor', { tool: 'good', tone: 'poor' })).toBe(false);
    expect(rule('all acceptable', { tool: 'good', tone: 'acceptable' })).toBe(true);
    expect(rule('all good', { tool: 'good', tone: 'acceptable' })).toBe(false);
  });
});

it('a preference names the arms of every run that its pair stands for', () => {
  const cell = (variant: string, run: number) => ({
    variant,
    run,
    key: sha256(`${variant}${run}`),
    generation: 1,
  });
  const key: SealedKey = {
    ...{ v: 1, review: 'r1', nonce: '', tools: {} },
    cards: {
      c001: [
        { answer: sha256('a'), cells: [cell('one', 1), cell('one', 2)] },
        { answer: sha256('b'), cells: [cell('two', 1), cell('two', 2)] },
      ],
    },
  };
  const protocol: ReviewProtocol = {
    ...PROTOCOL,
    mode: 'pair',
    labels: ['left', 'tie', 'right'].map((name, at) => ({ name, value: 1 - at / 2, anchor: '' })),
  };
  const lines = [line('c001', 'ann', { tool: 'left', tone: 'tie' })];
  const found = finalPreferences({
    cards: [card('c001')],
    protocol,
    standing: standing([card('c001')], lines),
    key,
  });
  expect(
    found.map(({ dimension, left, right, said }) => [dimension, left.variant, left.run, right.run, said]),
  ).toEqual([
    ['tool', 'one', 1, 1, 'left'],
    ['tool', 'one', 2, 2, 'left'],
    ['tone', 'one', 1, 1, 'tie'],
    ['tone', 'one', 2, 2, 'tie'],
  ]);
});

describe('blinding', () => {
  /** Guesses of cards of arm A and of arm B: A, B, or ? for "cannot tell". */
  function index(a: string, b: string) {
    const cells = (variant: string) => [{ variant, run: 1, key: '', generation: 1 }];
    const all = [...a].map((guess) => ['one', guess]).concat([...b].map((guess) => ['two', guess]));
    const names = all.map((_, at) => `c${at}`);
    const key: SealedKey = {
      ...{ v: 1, review: 'r1', nonce: '', tools: {} },
      cards: Object.fromEntries(all.map(([arm], at) => [names[at]!, [{ answer: '', cells: cells(arm!) }]])),
    };
    const lines = all.map(([, guess], at) => line(names[at]!, 'ann', {}, { guess: guess! }));
    return blindingIndex({ readings: countingReadings(lines), key, arms: { A: 'one', B: 'two' } });
  }

  it('is Bang’s index: 1 where all could tell, 0 where it was a coin, below where it was the other way', () => {
    expect(index('AAAA', 'BBBB').map((one) => one.index)).toEqual([1, 1]);
    expect(index('AABB', 'AABB').map((one) => one.index)).toEqual([0, 0]);
    expect(index('BBBB', 'AAAA').map((one) => one.index)).toEqual([-1, -1]);
  });

  it('counts who cannot tell as told nothing', () => {
    // Bang, Ni and Davis, formula 2: (2 x 30/40 - 1) x 40/50 = 0.4.
    const [one] = index(`${'A'.repeat(30)}${'B'.repeat(10)}${'?'.repeat(10)}`, 'B');
    expect(one).toEqual({ arm: 'one', guesses: 50, right: 30, unsure: 10, index: 0.4 });
    expect(index('????', 'B')[0]).toMatchObject({ index: 0, unsure: 4 });
    expect(index('A', '').map(({ arm }) => arm)).toEqual(['one']);
  });
});
