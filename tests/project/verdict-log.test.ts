// What a file of verdicts takes, what it refuses, and what it makes of what others did to it.
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../../src/core/canonical.ts';
import type { NewVerdict, VerdictLine } from '../../src/core/review.ts';
import { reviewerName, verdictFile } from '../../src/project/review/reviewer.ts';
import { appendVerdict, appendVerdicts } from '../../src/project/review/verdict-log.ts';
import { checkVerdict } from '../../src/review/check-verdict.ts';
import { makeCards, PROTOCOL, RUBRIC, verdictOf, writeDeck } from '../rig/review-deck.ts';
import { tempFolder } from '../rig/temp.ts';

const AT = '2026-11-29T03:00:00.000Z';
const CARDS = makeCards(5).map(({ card }) => card);

function open() {
  const folder = tempFolder();
  const place = writeDeck(folder);
  const save = (verdict: NewVerdict, reviewer = 'ana') =>
    appendVerdict({ ...place, reviewer, verdict, at: AT, redact: (text) => text.replaceAll('sk-1', '***') });
  const file = path.join(folder, 'verdicts/ana.jsonl');
  const lines = () => readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return { folder, place, save, file, lines };
}

describe('a verdict that is saved', () => {
  test('is a line that is chained to the one before it, the first to the deck', () => {
    const { folder, save, lines } = open();
    save(verdictOf('c001'));
    save(verdictOf('c002', { note: 'the key is sk-1', flags: ['broken'] }));
    const [first, second] = lines() as [string, string];
    expect(JSON.parse(first)).toMatchObject({
      type: 'verdict',
      v: 1,
      review: 'r1',
      card: 'c001',
      labels: { tool_selection: 'good', naturalness: 'poor' },
      rubric: RUBRIC,
      reviewer: 'ana',
      at: AT,
      revision: 1,
      prev: sha256(readFileSync(path.join(folder, 'deck.jsonl'))),
    });
    expect(JSON.parse(second)).toMatchObject({
      prev: sha256(first),
      note: 'the key is ***',
      flags: ['broken'],
    });
  });

  test('is revised by a newer line, and taken back by one', () => {
    const { save, lines } = open();
    save(verdictOf('c001'));
    save(verdictOf('c002'));
    save(verdictOf('c001', { labels: {}, undone: true }));
    save(verdictOf('c001', { look: 2 }));
    const all = lines().map((line) => JSON.parse(line) as VerdictLine);
    expect(all.map(({ card, look, revision, undone }) => [card, look, revision, undone ?? false])).toEqual([
      ['c001', 1, 1, false],
      ['c002', 1, 1, false],
      ['c001', 1, 2, true],
      ['c001', 2, 1, false],
    ]);
  });

  test('stands in a file that nobody else may read', () => {
    const { save, file } = open();
    save(verdictOf('c001'));
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

describe('a file of verdicts', () => {
  test('loses its unfinished last line to quarantine, and says so', () => {
    const { folder, save, file, lines } = open();
    save(verdictOf('c001'));
    appendFileSync(file, '{"type":"verdict","card":"c0');
    const saved = save(verdictOf('c002'));
    expect(saved).toMatchObject({
      kind: 'ok',
      value: {
        notices: [
          'verdicts/ana.jsonl ended in an unfinished line of a killed process: 28 bytes moved to quarantine/',
        ],
      },
    });
    expect(lines().map((line) => JSON.parse(line).card)).toEqual(['c001', 'c002']);
    const [kept] = readdirSync(path.join(folder, 'quarantine')) as [string];
    expect(readFileSync(path.join(folder, 'quarantine', kept), 'utf8')).toBe('{"type":"verdict","card":"c0');
  });

  test.each([
    ['any bit of its last line', -20],
    ['any bit of a line in the middle', 30],
  ])('takes nothing more once %s was changed', (_, at) => {
    const { save, file } = open();
    for (const card of ['c001', 'c002', 'c003']) save(verdictOf(card));
    const bytes = readFileSync(file);
    bytes[at < 0 ? bytes.length + at : at]! ^= 1;
    writeFileSync(file, bytes);
    expect(save(verdictOf('c004'))).toMatchObject({
      kind: 'err',
      error: expect.stringContaining('was changed: its checksum does not fit'),
    });
    expect(readFileSync(file)).toEqual(bytes);
  });

  test('takes nothing once the deck was changed, the review closed, or the deck lost', () => {
    const { folder, place, save } = open();
    save(verdictOf('c001'));
    appendFileSync(path.join(folder, 'deck.jsonl'), '\n');
    expect(save(verdictOf('c002'))).toMatchObject({
      error: expect.stringContaining('line 1 does not follow from deck.jsonl'),
    });
    writeFileSync(path.join(folder, 'closed.json'), '{}');
    expect(save(verdictOf('c002'))).toMatchObject({ error: expect.stringContaining('is closed') });
    const nowhere = { ...place, folder: path.join(folder, 'nowhere') };
    const input = {
      ...nowhere,
      reviewer: 'ana',
      verdict: verdictOf('c001'),
      at: AT,
      redact: (text: string) => text,
    };
    expect(appendVerdict(input)).toMatchObject({ error: expect.stringContaining('no deck') });
    expect(existsSync(nowhere.folder)).toBe(false);
  });

  test('of an import takes all in one write', () => {
    const { place, lines } = open();
    const verdicts = CARDS.map((card) => ({ verdict: verdictOf(card), at: AT }));
    expect(appendVerdicts({ ...place, reviewer: 'ana', verdicts, redact: (text) => text }).kind).toBe('ok');
    expect(lines().map((line) => JSON.parse(line).card)).toEqual(CARDS);
  });
});

describe('a reviewer', () => {
  test.each(['', ' ', '.', '..', 'a\nb', 'x'.repeat(300), 'adjudication', 'Adjudication'])(
    'is not named %j',
    (name) => {
      expect(reviewerName(name).kind).toBe('err');
    },
  );

  test.each(['Ana Müller', '../x', 'C:\\temp\\ana', 'con', 'NUL', '山田', '-rf', 'a/b'])(
    'that is named %j has a file in the folder of verdicts and nowhere else',
    (given) => {
      const name = reviewerName(given);
      if (name.kind === 'err') return;
      const file = verdictFile('/reviews/r1', name.value);
      expect(path.dirname(file)).toBe('/reviews/r1/verdicts');
      expect(path.basename(file)).toMatch(/^[a-z0-9][\w.=-]*\.jsonl$/);
      expect(path.basename(file)).not.toMatch(/^(con|nul)\b/);
    },
  );

  test('whose name is another by its case alone does not write into the file of that one', () => {
    const { save } = open();
    save(verdictOf('c001'));
    expect(save(verdictOf('c001'), 'Ana')).toMatchObject({
      kind: 'err',
      error: expect.stringContaining('"ana"'),
    });
  });
});

describe('a verdict from outside', () => {
  const check = (given: unknown) => checkVerdict(given, { protocol: PROTOCOL, cards: CARDS });
  const good = { card: 'c001', labels: { tool_selection: 'good', naturalness: 'poor' } };

  test('is taken with what it leaves out filled in', () => {
    expect(check(good)).toEqual({ kind: 'ok', value: verdictOf('c001', { took_ms: 0 }) });
  });

  test.each([
    ['nothing', null, 'a verdict is an object'],
    ['no card', { labels: {} }, 'names no card'],
    ['a card that there is not', { ...good, card: 'c0001' }, 'no card "c0001". Did you mean c001?'],
    ['a name that every object has', { ...good, card: '__proto__' }, 'there is no card'],
    ['no labels', { card: 'c001' }, 'has no labels'],
    ['a dimension too few', { ...good, labels: { tool_selection: 'good' } }, 'says nothing of naturalness'],
    [
      'a misspelt dimension',
      { ...good, labels: { ...good.labels, natural: 'good' } },
      'no dimension "natural"',
    ],
    ['a misspelt label', { ...good, labels: { ...good.labels, naturalness: 'god' } }, 'Did you mean good?'],
    ['a number for a label', { ...good, labels: { ...good.labels, naturalness: 3 } }, 'no label "3"'],
    ['a side without pairs', { ...good, labels: { ...good.labels, naturalness: 'left' } }, 'no label "left"'],
    ['a third look', { ...good, look: 3 }, '"look"'],
    ['a long note', { ...good, note: 'x'.repeat(20_001) }, '20001 characters'],
    ['flags that are no list', { ...good, flags: 'broken' }, '"flags"'],
    ['a guess by name', { ...good, guess: 'baseline' }, 'the letter of an arm'],
    ['a time below 0', { ...good, took_ms: -1 }, '"took_ms"'],
    ['undone: false', { ...good, undone: false }, '"undone"'],
  ])('is refused in words for %s', (_, given, words) => {
    const checked = check(given);
    expect(checked).toMatchObject({ kind: 'err', error: expect.stringContaining(words) });
  });

  test('of a pair says which side', () => {
    const pair = { ...PROTOCOL, mode: 'pair' as const };
    const labels = { tool_selection: 'left', naturalness: 'tie' };
    expect(checkVerdict({ card: 'c001', labels }, { protocol: pair, cards: CARDS })).toMatchObject({
      value: { labels },
    });
    expect(checkVerdict(good, { protocol: pair, cards: CARDS })).toMatchObject({
      error: expect.stringContaining('There is left, tie, right'),
    });
  });

  test('is taken back without labels', () => {
    expect(check({ card: 'c001', undone: true })).toMatchObject({ value: { labels: {}, undone: true } });
  });
});
