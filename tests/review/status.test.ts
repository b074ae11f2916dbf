// A review of the sample as its readers see it: who has read what, how far they agree, what they differ on, and what it comes to.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeckCard } from '../../src/core/review.ts';
import type { ReviewStatus } from '../../src/core/review-status.ts';
import { inProcess, type Said } from '../rig/in-process.ts';
import { declareReview, type OpenDeck, openDeck, type Say, verdictFile } from '../rig/reviewed.ts';

let folder = '';
let deck: OpenDeck;

/** By the number of the card: the readers of references/agreement.R, for as many cards as there are. */
const LABELS = ['poor', 'acceptable', 'good'] as const;
const first = (i: number): number => ((7 * i) % 11) % 3;
const second = (i: number): number =>
  i % 5 === 0 ? (first(i) + 1) % 3 : i % 9 === 0 ? (first(i) + 2) % 3 : first(i);
const numberOf = ({ card }: DeckCard): number => Number(card.slice(1));
const anna: Say = (card) => ({ tool_selection: LABELS[first(numberOf(card))]!, naturalness: 'good' });
const bob: Say = (card, look) => ({
  tool_selection: LABELS[second(numberOf(card))]!,
  // Of a card that he sees a second time he thinks otherwise.
  naturalness: look === 2 ? 'acceptable' : 'good',
});

const run = (...argv: readonly string[]): Promise<Said> => inProcess(argv, { cwd: folder });
const status = async (...argv: readonly string[]): Promise<ReviewStatus> =>
  JSON.parse((await run('review', 'status', ...argv, '--json')).out) as ReviewStatus;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'expgraph-test-'));
  await run('init');
  await run('run', '--no-score');
  declareReview(folder);
  const { code, err } = await run('review', 'start', '--id', 'first');
  expect(code, err).toBe(0);
  deck = openDeck(folder, 'first');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a review', () => {
  test('that nobody reads yet says so, and what to do', async () => {
    const { out } = await run('review', 'status');
    expect(out).toContain('Review first is open since');
    expect(out.replace(/\s+/g, ' ')).toContain(
      `0 of ${deck.cards.length} cards read by all that should. 2 readers have not begun.`,
    );
    expect(out).toContain('npx expgraph review next');
  });

  test('tells progress and agreement of each reader while it is open, and names no arm', async () => {
    const files = [verdictFile(folder, deck, { reviewer: 'anna', say: anna })];
    expect((await run('review', 'import', ...files)).code).toBe(0);
    expect(await status()).toMatchObject({
      readers: [{ reviewer: 'anna', notes: 0, flagged: 0 }],
      agreement: [{ dimension: 'tool_selection', cards: 0 }, {}, {}],
    });
    expect(
      (await run('review', 'import', verdictFile(folder, deck, { reviewer: 'bob', say: bob }))).code,
    ).toBe(0);
    const { out, code } = await run('review', 'status');
    expect(code).toBe(0);
    expect(out).not.toMatch(/baseline|applike/);
    const found = await status('first');
    expect(found).toMatchObject({
      review: 'first',
      state: 'open',
      complete: deck.cards.length,
      rubric_changed: false,
    });
    for (const { looks, read } of found.readers) expect(read).toBe(looks);
    const shared = deck.cards.filter(({ part }) => typeof part !== 'number');
    const same = shared.filter((card) => first(numberOf(card)) === second(numberOf(card))).length;
    const [tools, , pass] = found.agreement;
    expect(tools).toMatchObject({ dimension: 'tool_selection', cards: shared.length, readers: 2 });
    expect(tools!.percent.value).toBeCloseTo(same / shared.length, 12);
    expect(tools!.kappa_quadratic!.low).toBeLessThan(tools!.kappa_quadratic!.value!);
    expect(pass!.dimension).toBe('pass');
    expect(found.disputes).toEqual({ cards: shared.length - same, open: shared.length - same });
    expect(found.blinding).toBeUndefined();
    expect(JSON.stringify(found)).not.toMatch(/baseline|applike/);
  });

  test('tells of each reader what he said of cards that came a second time', async () => {
    const { repeats } = await status();
    expect(repeats.map(({ reviewer }) => reviewer)).toEqual(['anna', 'bob']);
    for (const { reviewer, cards, same } of repeats)
      expect(same).toEqual([
        { dimension: 'tool_selection', cards },
        { dimension: 'naturalness', cards: reviewer === 'anna' ? cards : 0 },
      ]);
  });

  test('has a deck of disputes that is still blind, and refuses to settle anything else', async () => {
    const { out } = await run('review', 'disputes');
    expect(out).not.toMatch(/baseline|applike|schedule_task|create_calendar/);
    const { disputes } = JSON.parse((await run('review', 'disputes', '--json')).out) as {
      readonly disputes: readonly { readonly card: DeckCard; readonly dimensions: readonly string[] }[];
    };
    expect(disputes.map(({ dimensions }) => dimensions)).toEqual(disputes.map(() => ['tool_selection']));
    const agreed = deck.cards.find(({ card }) => disputes.every((one) => one.card.card !== card))!;
    writeFileSync(
      path.join(folder, 'wrong.csv'),
      `card,tool_selection,naturalness,note\n${disputes[0]!.card.card},bad,,\n`,
    );
    const wrong = await run('review', 'disputes', '--adjudicate', 'wrong.csv');
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('there is no label') });
    const rows = [agreed, ...disputes.map(({ card }) => card)].map(
      ({ card }) => `${card},acceptable,poor,settled\n`,
    );
    writeFileSync(path.join(folder, 'settled.csv'), `card,tool_selection,naturalness,note\n${rows.join('')}`);
    const settled = await run('review', 'disputes', '--adjudicate', 'settled.csv', '--reviewer', 'cleo');
    expect(settled, settled.err).toMatchObject({
      code: 0,
      out: `${disputes.length} cards settled, 0 left in dispute\n`,
    });
    // Once more: all of it is settled.
    const again = await run('review', 'disputes', '--adjudicate', 'settled.csv', '--reviewer', 'cleo');
    expect(again.out).toBe('0 cards settled, 0 left in dispute\n');
    expect((await status()).disputes).toEqual({ cards: disputes.length, open: 0 });
  });

  test('that is closed tells who could tell the arms, and what people said is a metric', async () => {
    expect((await run('compare')).code).toBe(5);
    const closed = await run('review', 'close');
    expect(closed.code, closed.err).toBe(0);
    const { out } = await run('review', 'status');
    expect(out).toContain('Review first is closed');
    expect(out).toContain('npx expgraph compare --metric human');
    expect(await status()).toMatchObject({
      state: 'closed',
      closed_at: expect.any(String),
      blinding: expect.any(Array),
    });
    const compared = await run('compare', '--metric', 'human', '--by', 'category', '--json');
    expect(compared.code, compared.err).toBe(0);
    const { dimensions } = JSON.parse(compared.out) as {
      readonly dimensions: readonly { readonly scorers: readonly string[] }[];
    };
    expect(dimensions.map(({ scorers }) => scorers)).toEqual([
      ['human.tool_selection'],
      ['human.naturalness'],
    ]);
    // What was settled took nothing of what readers agreed on.
    const all = await run('compare', '--metric', 'human.naturalness', '--json');
    expect(JSON.parse(all.out)).toMatchObject({ arms: [{ mean: 1 }, { mean: 1 }] });
  });
});
