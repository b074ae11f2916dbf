// artifacts/<name>/reviews/<id>/ on a disk: whole or not there, and damage told with its place.
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/canonical.ts';
import type { VerdictLine } from '../../src/core/review.ts';
import {
  listReviews,
  readDeck,
  readKey,
  readProtocol,
  readVerdicts,
  reviewIdProblem,
} from '../../src/project/review/files.ts';
import { createReview, writeClosed } from '../../src/project/review/write-files.ts';
import { linkOf, verdictText } from '../../src/review/chain.ts';
import { tempFolder } from '../rig/temp.ts';
import { closedOf, newReview } from './new-review.ts';

describe('the folder of a review', () => {
  it('is there with all of its files, and the key is readable by nobody else', () => {
    const root = tempFolder();
    const paths = createReview(root, newReview());
    expect(listReviews(root)).toEqual([{ paths, state: 'open' }]);
    expect(statSync(paths.key).mode & 0o777).toBe(0o600);
    const deck = readDeck(paths);
    if (deck.kind === 'err') throw new Error(deck.error[0]!.message);
    expect(deck.value.cards).toEqual(newReview().cards);
    expect(readKey(paths, deck.value)).toEqual({ kind: 'ok', value: JSON.parse(newReview().key) });
    expect(readProtocol(paths)).toEqual({ kind: 'ok', value: newReview().protocol });
    writeClosed(paths, closedOf('first'));
    expect(listReviews(root)).toEqual([{ paths, state: 'closed' }]);
  });

  it('is never half of one: what a crash left beside its place is no review and is cleared away', () => {
    const root = tempFolder();
    const left = path.join(root, 'reviews', '.new-first');
    mkdirSync(left, { recursive: true });
    writeFileSync(path.join(left, 'deck.jsonl'), '{"type":"deck"');
    expect(listReviews(root)).toEqual([]);
    const paths = createReview(root, newReview());
    expect(existsSync(left)).toBe(false);
    expect(readDeck(paths).kind).toBe('ok');
    expect(() => createReview(root, newReview())).toThrow('there is a review first already');
  });
});

describe('reading', () => {
  it('tells a bit that was changed, in the deck and in the key', () => {
    const root = tempFolder();
    const paths = createReview(root, newReview());
    const text = readFileSync(paths.deck, 'utf8');
    writeFileSync(paths.deck, text.replace('"card":"c002"', '"card":"x002"'));
    expect(readDeck(paths)).toMatchObject({
      kind: 'err',
      error: [{ location: { file: paths.deck, line: 3 }, severity: 'error' }],
    });
    writeFileSync(paths.deck, text.slice(0, -9));
    expect(readDeck(paths).kind).toBe('err');
    writeFileSync(paths.deck, text);
    const deck = readDeck(paths);
    if (deck.kind === 'err') throw new Error('the deck is whole');
    chmodSync(paths.key, 0o600);
    writeFileSync(paths.key, newReview().key.replace('"run":1', '"run":2'));
    expect(readKey(paths, deck.value)).toMatchObject({
      kind: 'err',
      error: [{ message: 'key.sealed.json is not the key that this deck was sealed with' }],
    });
  });

  it('takes whole lines of verdicts, and tells which one was changed, is missing or was cut short', () => {
    const root = tempFolder();
    const paths = createReview(root, newReview());
    const deck = readDeck(paths);
    if (deck.kind === 'err') throw new Error('the deck is whole');
    const lines = threeVerdicts(deck.value.sha256);
    const file = path.join(paths.verdicts, 'ann.jsonl');
    const write = (...texts: readonly string[]): void =>
      writeFileSync(file, texts.map((text) => `${text}\n`).join(''));
    const told = (): readonly string[] =>
      readVerdicts(paths, deck.value).problems.map(({ message }) => message);

    write(...lines);
    appendFileSync(file, '{"type":"ver');
    const read = readVerdicts(paths, deck.value);
    expect(read.reviewers.map(({ reviewer, lines: own }) => [reviewer, own.length])).toEqual([['ann', 3]]);
    expect(read.problems).toMatchObject([{ severity: 'note', location: { line: 4 } }]);

    write(lines[0]!, lines[1]!.replace('"good"', '"poor"'), lines[2]!);
    expect(told()).toEqual([
      'line 2 of ann.jsonl was changed: its checksum does not fit',
      'line 3 of ann.jsonl does not follow the line before it: a line is missing, or was changed',
    ]);
    write(lines[0]!, lines[2]!);
    expect(told()).toEqual(['line 2 of ann.jsonl has the number 3: a line is missing, or there twice']);
    // Somebody who seals anew what he changed is told by the line behind it.
    const { c: _, ...second } = JSON.parse(lines[1]!) as VerdictLine;
    const forged = verdictText({ ...second, labels: { tone: 'poor' } });
    write(lines[0]!, forged, lines[2]!);
    expect(told()).toEqual([
      'line 3 of ann.jsonl does not follow the line before it: a line is missing, or was changed',
    ]);
  });
});

it('names of reviews are names of folders everywhere', () => {
  const problems = ['first', '2026-02-01.b', '../x', '', 'A', 'con', 'a'.repeat(65), '.hidden', 'x.'].map(
    reviewIdProblem,
  );
  expect(problems.map((problem) => problem === null)).toEqual([true, true, ...Array(7).fill(false)]);
});

function threeVerdicts(deck: string): readonly string[] {
  let prev = deck;
  return [1, 2, 3].map((n) => {
    const { c, ...line } = verdict(n, prev);
    const text = verdictText(line);
    expect(c).toBe('');
    prev = linkOf(text);
    return text;
  });
}

function verdict(n: number, prev: string): VerdictLine {
  return {
    ...({ type: 'verdict', v: 1, review: 'first', card: 'c001', look: 1, rubric: sha256('rubric') } as const),
    ...{ answer: sha256('one'), labels: { tone: 'good' }, note: null, flags: [], tells: false, guess: null },
    ...{ reviewer: 'ann', at: '2026-02-01T10:00:00.000Z', took_ms: 900, revision: n, prev, n, c: '' },
  };
}
