// A blind review of the sample from start to close, by two scripted readers and a third who settles what they differ on.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { sha256 } from '../../src/core/canonical.ts';
import type { ClosedReview, DeckCard } from '../../src/core/review.ts';
import { cli, ranSample } from '../rig/cli.ts';
import { editFile } from '../rig/files.ts';
import { declareReview, openDeck, REVIEW, type Say, verdictFile } from '../rig/reviewed.ts';
import { tempFolder } from '../rig/temp.ts';

/** What anybody would say of a card, by what stands on it: two readers who read alike agree. */
const plainly: Say = ({ answers: [answer] }) => {
  const label =
    answer!.toolCalls.length > 0 ? 'good' : answer!.text!.length % 3 === 0 ? 'poor' : 'acceptable';
  return { tool_selection: label, naturalness: 'acceptable' };
};
/** The same, and of some cards something else. */
const otherwise: Say = (card, look) =>
  Number(card.card.slice(1)) % 5 === 0
    ? { tool_selection: 'poor', naturalness: 'good' }
    : plainly(card, look);

async function sampleOf(review = REVIEW): Promise<string> {
  const folder = tempFolder();
  await ranSample(folder);
  declareReview(folder, review);
  return folder;
}

async function begin(folder: string, ...args: readonly string[]) {
  const { code, stdout, stderr } = await cli(['review', 'start', '--json', ...args], { cwd: folder });
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as { review: string; cards: number; shared: number; draws: number };
}

const isShared = ({ part }: DeckCard): boolean => typeof part !== 'number';

it('two readers and a third judge 120 draws of the sample, and from its end on their word counts', async () => {
  const folder = await sampleOf();
  const run = async (...args: readonly string[]) => cli(args, { cwd: folder });
  const started = await begin(folder, '--id', 'first');
  expect(started).toMatchObject({ review: 'first', draws: 120 });
  const deck = openDeck(folder, 'first');
  expect([deck.cards.length, deck.cards.filter(isShared).length]).toEqual([started.cards, started.shared]);
  expect(JSON.stringify(deck.cards)).not.toMatch(
    /baseline|applike|sim-small|schedule_task|create_calendar|"run"/,
  );

  const early = await run('review', 'close');
  expect(early.code).toBe(1);
  expect(early.stderr).toContain(
    `${started.cards} of ${started.cards} cards wait for a reader; nobody has begun`,
  );

  const guess = (card: DeckCard): string => {
    const [own] = deck.key().cards[card.card]!;
    return own!.cells[0]!.variant === 'baseline' ? 'A' : 'Z';
  };
  const files = [
    verdictFile(folder, deck, { reviewer: 'Ann', say: plainly, guess }),
    verdictFile(folder, deck, { reviewer: 'ben', say: otherwise }),
  ];
  const first = await run('review', 'import', files[0]!);
  expect(first.stdout).toMatch(/^Review first: \d+ verdicts added \(Ann \d+\)\.\n$/);
  const both = await run('review', 'import', ...files, '--json');
  const verdicts = JSON.parse(both.stdout) as { added: number; known: number };
  expect(verdicts.known).toBeGreaterThan(20);
  expect(JSON.parse((await run('review', 'import', ...files, '--json')).stdout)).toMatchObject({
    ...{ added: 0, known: verdicts.known + verdicts.added },
  });

  const disputed = deck.cards.filter(
    (card) => isShared(card) && plainly(card, 1).tool_selection !== otherwise(card, 1).tool_selection,
  );
  expect(disputed.length).toBeGreaterThan(0);
  const refused = await run('review', 'close', '--json');
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.stdout)).toMatchObject({
    unread: [],
    disputed: disputed.map(({ card }) => ({ card, dimensions: ['tool_selection'] })),
  });
  expect(existsSync(path.join(deck.folder, 'closed.json'))).toBe(false);

  const third = disputed.map(({ card }) => ({
    ...{ card, review: 'first', reviewer: 'cleo', adjudicates: true, note: 'settled' },
    labels: { tool_selection: 'acceptable', naturalness: 'acceptable' },
  }));
  writeFileSync(path.join(folder, 'third.jsonl'), third.map((line) => `${JSON.stringify(line)}\n`).join(''));
  expect((await run('review', 'import', 'third.jsonl')).code).toBe(0);
  const closing = await run('review', 'close');
  expect(closing).toMatchObject({ code: 0 });
  expect(closing.stdout).toContain(`Review first is closed: ${started.cards} cards read by Ann, ben`);
  expect(closing.stdout).toContain('Nothing broke the blinding.');
  expect((await run('review', 'close')).stderr).toContain('no review is open');

  const closed = JSON.parse(readFileSync(path.join(deck.folder, 'closed.json'), 'utf8')) as ClosedReview;
  expect(closed.scores).toHaveLength(started.cards * 3);
  const settled = closed.scores.filter(({ adjudicated }) => adjudicated);
  expect(settled).toHaveLength(disputed.length * 3);
  expect(settled.find(({ dimension }) => dimension === 'pass')).toMatchObject({
    score: 1,
    notes: ['settled'],
  });
  expect(Object.keys(closed.hashes)).toEqual([
    ...['deck.jsonl', 'key.sealed.json', 'protocol.json'],
    ...['verdicts/adjudication.jsonl', 'verdicts/ann.jsonl', 'verdicts/ben.jsonl'],
  ]);
  expect(closed.hashes['deck.jsonl']).toBe(sha256(readFileSync(path.join(deck.folder, 'deck.jsonl'))));
  const [baseline] = closed.blinding;
  expect([baseline!.arm, baseline!.right, baseline!.index]).toEqual(['baseline', baseline!.guesses, 1]);
});

it('a review asks again only for what no closed one of its rubric has judged', async () => {
  const folder = await sampleOf(REVIEW.replace('overlap: 0.5', 'overlap: 0\n  reviewers: 1'));
  const run = async (...args: readonly string[]) => cli(args, { cwd: folder });
  await begin(folder, '--id', 'first', '--scenario', 'sanity:*');
  const deck = openDeck(folder, 'first');
  expect(
    (await run('review', 'import', verdictFile(folder, deck, { reviewer: 'ann', say: plainly }))).code,
  ).toBe(0);
  expect((await run('review', 'close')).code).toBe(0);
  const none = await run('review', 'start', '--unread', '--scenario', 'sanity:*');
  expect(none).toMatchObject({ code: 2 });
  expect(none.stderr).toContain('were judged by closed reviews of this rubric');
  const rest = await begin(folder, '--unread', '--seed', '5');
  const second = openDeck(folder, rest.review);
  expect(second.cards.length).toBeGreaterThan(20);
  expect(second.cards.filter(({ scenario }) => scenario.startsWith('sanity:'))).toEqual([]);

  // Another rubric is another question: told, and never mixed.
  editFile(path.join(folder, 'experiment.yaml'), (text) => text.replace('Small flaws.', 'A flaw.'));
  const anew = await run('review', 'start', '--unread', '--scenario', 'sanity:*', '--id', 'third');
  expect([anew.code, anew.stderr.includes('what first judged counts as unread')]).toEqual([0, true]);
  expect(openDeck(folder, 'third').cards).toHaveLength(deck.cards.length);
  const other = openDeck(folder, rest.review);
  const file = verdictFile(folder, other, { reviewer: 'ann', say: plainly });
  expect((await run('review', 'import', file)).stdout).toMatch(new RegExp(`^Review ${rest.review}: `));
  const late = await run('review', 'close', rest.review);
  expect([late.code, late.stderr.includes('of the manifest was changed since')]).toEqual([0, true]);
});

it('verdicts of another review, another rubric or another deck are refused, each with its line, and none is taken', async () => {
  const folder = await sampleOf();
  await begin(folder, '--id', 'first');
  const deck = openDeck(folder, 'first');
  const file = path.join(folder, verdictFile(folder, deck, { reviewer: 'ann', say: plainly }));
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const spoiled = [
    lines[0]!.replace('"review":"first"', '"review":"other"'),
    lines[1]!.replace(deck.head.rubric, 'a'.repeat(64)),
    lines[2]!.replace('"card":"p003"', '"card":"p999"'),
    lines[3]!.replace(/"answer":"..../, '"answer":"0000'),
    lines[4]!.replace('"acceptable"', '"accceptable"'),
    '{"card": "c001"',
    lines[6]!,
  ];
  writeFileSync(file, spoiled.map((line) => `${line}\n`).join(''));
  const { code, stderr } = await cli(['review', 'import', 'ann.verdicts.jsonl'], { cwd: folder });
  expect(code).toBe(2);
  for (const words of [
    'ann.verdicts.jsonl:1 is of review other, and this is first',
    'ann.verdicts.jsonl:2 was made with another rubric',
    'ann.verdicts.jsonl:3 is about p999, and there is no such card',
    'ann.verdicts.jsonl:4 is about another answer than',
    'Did you mean acceptable?',
    'ann.verdicts.jsonl:6 is no JSON',
    'nothing was imported',
  ])
    expect(stderr).toContain(words);
  expect(existsSync(path.join(deck.folder, 'verdicts', 'ann.jsonl'))).toBe(false);
});

it('a table of verdicts is taken as well, and again where a cell of it changed', async () => {
  const folder = await sampleOf();
  await begin(folder, '--id', 'first');
  const { cards } = openDeck(folder, 'first');
  const rows = cards.slice(0, 3).map(({ card }) => `${card};ann;good;poor;"too short; really"`);
  const table = path.join(folder, 'verdicts.csv');
  writeFileSync(table, ['card;reviewer;tool_selection;naturalness;note', ...rows].join('\r\n'));
  const take = async () => {
    const { stdout, stderr } = await cli(['review', 'import', table, '--json'], { cwd: folder });
    return stdout === '' ? stderr : (JSON.parse(stdout) as unknown);
  };
  expect(await take()).toMatchObject({ added: 3, known: 0 });
  expect(await take()).toMatchObject({ added: 0, known: 3 });
  editFile(table, (text) => text.replace(';good;', ';acceptable;'));
  expect(await take()).toMatchObject({ added: 1, known: 2 });
  editFile(table, (text) => text.replace('naturalness', 'natural'));
  expect(await take()).toContain('verdicts.csv:1 has no column naturalness');
});

it('a review does not begin while the arm can be guessed, and says what tells and what would hide it', async () => {
  const folder = await sampleOf(REVIEW.replace('[tools, arguments]', '[tools]'));
  const stopped = await cli(['review', 'start'], { cwd: folder });
  expect(stopped.code).toBe(1);
  expect(stopped.stderr).toContain('argument is_recurring');
  expect(stopped.stderr).toContain('mask: [variant, run, tokens, latency, tools, arguments] hides more');
  expect(stopped.stderr).not.toMatch(/baseline|applike/);
  expect(existsSync(path.join(folder, 'artifacts/tool-interface/reviews'))).toBe(false);
  expect((await cli(['review', 'start', '--accept-leak', ' '], { cwd: folder })).stderr).toContain(
    'takes the reason',
  );
  const { review } = await begin(folder, '--accept-leak', 'the arguments are what is judged');
  const deck = openDeck(folder, review);
  expect(deck.protocol().breaches).toMatchObject([
    { kind: 'accept-leak', reason: 'the arguments are what is judged' },
  ]);
  expect(statSync(path.join(deck.folder, 'key.sealed.json')).mode & 0o777).toBe(0o600);
});

it('a manifest without a protocol is shown one to paste, which is one', async () => {
  const folder = tempFolder();
  await ranSample(folder);
  const { code, stderr } = await cli(['review', 'start'], { cwd: folder });
  expect([code, stderr.includes('"review:" stands there before anybody reads')]).toEqual([2, true]);
  declareReview(folder, `\n${stderr.slice(stderr.indexOf('review:'), stderr.indexOf('expgraph:'))}`);
  expect((await begin(folder)).cards).toBeGreaterThan(30);
});

it('pairs of arms are judged by side, and a closed review says who was preferred', async () => {
  const folder = await sampleOf(`
review:
  dimensions: { helpfulness: Which of the two would you rather be given? }
  mode: pair
  mask: [tools, arguments]
  reviewers: 1
`);
  await begin(folder, '--id', 'pairs');
  const deck = openDeck(folder, 'pairs');
  const key = deck.key();
  const say: Say = ({ card }) => {
    const [left] = key.cards[card]!;
    return { helpfulness: left!.cells[0]!.variant === 'applike' ? 'left' : 'right' };
  };
  const run = async (...args: readonly string[]) => cli(args, { cwd: folder });
  expect((await run('review', 'import', verdictFile(folder, deck, { reviewer: 'ann', say }))).code).toBe(0);
  expect((await run('review', 'close')).code).toBe(0);
  const closed = JSON.parse(readFileSync(path.join(deck.folder, 'closed.json'), 'utf8')) as ClosedReview;
  expect(closed.scores).toEqual([]);
  expect(closed.preferences.length).toBeGreaterThan(deck.cards.length - 1);
  for (const { left, right, said } of closed.preferences)
    expect([left, right][said === 'left' ? 0 : 1]!.variant).toBe('applike');
  const lefts = deck.cards.filter(({ card }) => key.cards[card]![0]!.cells[0]!.variant === 'applike').length;
  expect(Math.abs(lefts - deck.cards.length / 2)).toBeLessThanOrEqual(0.5);
});
