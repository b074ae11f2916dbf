// What a reader of a blind review is given, and what becomes of what he says.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { ProtocolFile, VerdictLine } from '../../src/core/review.ts';
import { openReading } from '../../src/project/review/open-reading.ts';
import { makeSaveVerdict, reviewScreen } from '../../src/project/review/reader-screen.ts';
import { makeCards, verdictOf, writeReview } from '../rig/review-deck.ts';
import { tempFolder } from '../rig/temp.ts';

const world = {
  env: { LOGNAME: 'ana' },
  clock: { now: () => new Date('2026-11-29T04:00:00.000Z') },
  notify: () => {},
} as unknown as Parameters<typeof makeSaveVerdict>[0];

function begin(root: string, reviewer = 'ana') {
  return openReading(root, { review: null, reviewer, as: 'reader' });
}

function screen(root: string, query: Record<string, string> = {}) {
  const answer = reviewScreen(world, { root, query: new URLSearchParams(query) });
  if (!answer.ok) throw new Error(answer.refusal.message);
  return answer.value;
}

test('a reader is given cards in an order of his own, by names that tell nothing, and nothing by arm', () => {
  const root = tempFolder();
  writeReview(root, { cards: makeCards(40), protocol: { repeats: 0.1, order: 'shuffled' } });
  begin(root, 'ana');
  begin(root, 'ben');
  const [ana, ben] = ['ana', 'ben'].map((reviewer) => screen(root, { reviewer }));
  expect(ana!.cards).toHaveLength(44);
  expect(ana!.cards.map(({ scenario }) => scenario)).not.toEqual(ben!.cards.map(({ scenario }) => scenario));
  expect(ana!.cards.map(({ card }) => card)).toEqual(ben!.cards.map(({ card }) => card));
  const text = JSON.stringify(ana);
  for (const word of ['zebra', 'yak', 'part', 'tokens', 'latency', 'duration', 'seed', 'calibration', 'look'])
    expect(text.replaceAll('"mask":["variant","run","tokens","latency","tools"]', '')).not.toContain(
      `"${word}`,
    );
  expect(Object.keys(ana!.cards[0]!).sort()).toEqual([
    'answers',
    'card',
    'category',
    'description',
    'input',
    'scenario',
  ]);
});

test('names of arms are given to whoever guesses, and then without a single card', () => {
  const root = tempFolder();
  writeReview(root);
  begin(root);
  expect(screen(root)).toMatchObject({ arms: null });
  expect(screen(root, { part: 'arms' })).toMatchObject({
    arms: { A: 'zebra', B: 'yak' },
    cards: [],
    verdicts: [],
  });
});

test('what is said of a place is kept of the card that lies there, and of which look it is', async () => {
  const root = tempFolder();
  const folder = writeReview(root, { cards: makeCards(20), protocol: { repeats: 0.1 } });
  const begun = begin(root);
  if (begun.kind === 'err') throw new Error(begun.error);
  const second = begun.value.places.find(({ look }) => look === 2)!;
  const save = makeSaveVerdict(world, { root, redact: (text) => text });
  const said = { ...verdictOf(second.name), review: 'r1', reviewer: 'ana' };
  expect(await save(said)).toMatchObject({ ok: true, saved: { card: second.name, look: 1, revision: 1 } });
  const [line] = readFileSync(path.join(folder, 'verdicts/ana.jsonl'), 'utf8').split('\n');
  expect(JSON.parse(line!) as VerdictLine).toMatchObject({
    card: second.card.card,
    look: 2,
    reviewer: 'ana',
  });
  expect(screen(root).verdicts).toMatchObject([{ card: second.name, look: 1, labels: said.labels }]);
});

test('real names of tools are shown once it is written down who asked for them, and of which card', async () => {
  const root = tempFolder();
  const folder = writeReview(root);
  const begun = begin(root);
  if (begun.kind === 'err') throw new Error(begun.error);
  const { name, card } = begun.value.places[0]!;
  const save = makeSaveVerdict(world, { root, redact: (text) => text });
  expect(await save({ reveal: name, review: 'r1', reviewer: 'ana' })).toEqual({
    ok: true,
    saved: { tools: { 'tool A': `create_${Number(card.card.slice(1))}` } },
  });
  const { breaches } = JSON.parse(readFileSync(path.join(folder, 'protocol.json'), 'utf8')) as ProtocolFile;
  expect(breaches).toMatchObject([{ kind: 'reveal', user: 'ana', what: card.card }]);
  expect(await save({ reveal: 'p999', review: 'r1', reviewer: 'ana' })).toMatchObject({ ok: false });
  expect(await save({ reveal: {}, review: 'r1', reviewer: 'ana' })).toMatchObject({ ok: false });
});

test.each([
  ['who has not begun', { reviewer: 'ben' }, 'review open r1 --reviewer "ben"'],
  [
    'a review that there is not',
    { review: 'r2', reviewer: 'ana' },
    'there is no review r2; did you mean r1?',
  ],
  ['a name that is none', { reviewer: '../..' }, 'is no name'],
  ['a name that is no text', { reviewer: { x: 1 } }, '"review" and "reviewer" are names'],
  ['a card that there is not', { reviewer: 'ana', card: 'c001' }, 'no card "c001"'],
])('nothing is saved of %s', async (_, more, words) => {
  const root = tempFolder();
  writeReview(root);
  begin(root);
  const save = makeSaveVerdict(world, { root, redact: (text) => text });
  expect(await save({ ...verdictOf('p001'), ...more })).toMatchObject({
    ok: false,
    message: expect.stringContaining(words),
  });
});

test('readers keep the seat in which they began, and two names of one file are one too many', () => {
  const root = tempFolder();
  const folder = writeReview(root);
  expect(['ana', 'ben', 'ana'].map((name) => begin(root, name).kind)).toEqual(['ok', 'ok', 'ok']);
  expect(JSON.parse(readFileSync(path.join(folder, 'protocol.json'), 'utf8')).readers).toEqual([
    'ana',
    'ben',
  ]);
  expect(begin(root, 'Ana')).toMatchObject({
    kind: 'err',
    error: expect.stringContaining('--reviewer "ana"'),
  });
});
