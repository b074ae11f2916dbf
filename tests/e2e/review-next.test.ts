// Cards in a terminal, key by key, and in a pipe with what is said of them as options.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { VerdictLine } from '../../src/core/review.ts';
import { cli } from '../rig/cli.ts';
import { makeCards, writeReview } from '../rig/review-deck.ts';
import { ARTIFACTS, writeExperiment } from '../rig/small-experiment.ts';
import { tempFolder } from '../rig/temp.ts';
import { HAS_TERMINAL, startInTerminal } from '../rig/terminal.ts';

function open(cards = 2) {
  const folder = tempFolder();
  writeExperiment(folder, { variants: 1, scenarios: 1, runs: 1, concurrency: 1, sim: '{ type: sim }' });
  const review = writeReview(path.join(folder, ARTIFACTS), { cards: makeCards(cards) });
  const lines = (): readonly VerdictLine[] =>
    readFileSync(path.join(review, 'verdicts/ana.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as VerdictLine);
  const next = (...args: readonly string[]) =>
    cli(['review', 'next', '--reviewer', 'ana', ...args], { cwd: folder });
  return { folder, review, lines, next };
}

describe('review next in a pipe', () => {
  test('prints the next card and the command that says something of it', async () => {
    const { next } = open();
    const { code, stdout } = await next();
    expect(code).toBe(0);
    expect(stdout).toContain('card p001 (0 of 2 read) · scenario-');
    expect(stdout).toContain('  1 good: Nothing to add.\n');
    expect(stdout).toContain(
      'npx expgraph review next --reviewer "ana" --card p001 --labels tool_selection=...,naturalness=...',
    );
    expect(stdout).not.toMatch(/\b(?:zebra|yak)\b/);
  });

  test('saves what is said before it prints the card after it, takes it back, and asks for guesses at the end', async () => {
    const { next, lines } = open();
    const said = await next(
      '--labels',
      'tool_selection=good, naturalness=poor',
      '--note',
      'hm',
      '--flag',
      '--tells',
    );
    expect(said.stdout).toMatch(/^saved: p001 \(1 of 2 read\)\n\ncard p002/);
    expect(lines()).toMatchObject([{ note: 'hm', flags: ['flagged'], tells: true, revision: 1 }]);
    expect((await next('--undo')).stdout).toContain('taken back: p001 (0 of 2 read)');
    await next('--labels', 'tool_selection=good,naturalness=good');
    const last = await next('--labels', 'tool_selection=good,naturalness=good', '--json');
    const { next: card, guess, progress } = JSON.parse(last.stdout);
    expect([card, progress]).toEqual([null, { read: 2, cards: 2, minutes_left: null }]);
    expect(guess.arms).toEqual({ A: 'zebra', B: 'yak' });
    expect((await next('--guess', 'B')).stdout).toContain(
      'Which arm is it? A zebra · B yak · ? I cannot tell',
    );
    expect((await next('--guess', '?')).stdout).toContain('all cards are read');
    expect(lines().slice(-2)).toMatchObject([{ guess: 'B' }, { guess: '?' }]);
  });

  test.each([
    [['--labels', 'tool_selection=god,naturalness=poor'], 'no label "god". Did you mean good?'],
    [['--labels', 'tool_selection=good'], 'says nothing of naturalness'],
    [['--labels', 'good'], 'no dimension "good"'],
    [['--labels', 'tool_selection=good,naturalness=poor', '--card', 'p009'], 'no card "p009"'],
    [['--card', 'p009'], 'there is no card "p009": p001 is the first'],
    [['--note', 'alone'], 'stand beside --labels'],
    [['--undo'], 'nothing is said yet'],
    [['r2'], 'there is no review r2'],
  ])('refuses %j in words and writes nothing', async (args, words) => {
    const { next, review } = open();
    const { code, stderr } = await next(...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
    expect(() => readFileSync(path.join(review, 'verdicts/ana.jsonl'))).toThrow('ENOENT');
  });
});

test.skipIf(!HAS_TERMINAL)(
  'review next in a terminal goes by keys: label, note, flag, undo, guess',
  async () => {
    const { folder, lines } = open();
    const terminal = startInTerminal(['review', 'next', '--reviewer', 'ana'], { cwd: folder });
    await terminal.showing('card 1 of 2');
    await terminal.showing('tool_selection  1 good');
    terminal.press('1');
    await terminal.showing('naturalness  1 good');
    terminal.press('3');
    await terminal.showing('✓ saved');
    expect(lines()).toMatchObject([{ labels: { tool_selection: 'good', naturalness: 'poor' } }]);
    terminal.press('n');
    await terminal.showing('note: ');
    terminal.press('f is no flag here\r');
    await terminal.showing('✓ saved');
    terminal.press('f');
    await terminal.showing('flagged');
    terminal.press('u');
    await terminal.showing('taken back: this card is open again');
    terminal.press('2');
    await terminal.showing('✓ saved');
    expect(lines().slice(-2)).toMatchObject([
      { undone: true },
      { labels: { naturalness: 'acceptable' }, note: 'f is no flag here', flags: ['flagged'] },
    ]);
    terminal.press('r');
    await terminal.showing('y shows them: ');
    terminal.press('n');
    await terminal.showing('they stay hidden');
    terminal.press('\r');
    await terminal.showing('card 2 of 2');
    // Keys that are typed ahead are not lost.
    terminal.press('11\r');
    await terminal.showing('Which arm is it? 1 zebra · 2 yak · 0 I cannot tell: ');
    terminal.press('2');
    await terminal.showing('Which arm is it?');
    terminal.press('q');
    await terminal.showing('left with 2 of 2 read');
    expect(await terminal.code).toBe(0);
    expect(lines().at(-1)).toMatchObject({ guess: 'B' });
  },
);
