// A disk that fails at any of its operations, and a machine that loses its power there: what was called saved is there, and more
// can be said.
import { expect, test } from 'vitest';
import { makeRandom } from '../../src/core/shuffle.ts';
import { verdictFile } from '../../src/project/review/reviewer.ts';
import { appendVerdict, deckHash, readVerdictFile } from '../../src/project/review/verdict-log.ts';
import { breakDisk } from '../rig/faulty-disk.ts';
import { verdictOf, writeDeck } from '../rig/review-deck.ts';
import { tempFolder } from '../rig/temp.ts';

const CARDS = ['c001', 'c002', 'c003'] as const;

test.each(['tear', 'lose', 'full'] as const)(
  'of a disk that would %s nothing is missing that was saved',
  (kind) => {
    let at = 0;
    for (let isOver = false; !isOver; ) {
      at++;
      const folder = tempFolder();
      const place = writeDeck(folder);
      const say = (card: string): boolean =>
        appendVerdict({
          ...place,
          reviewer: 'ana',
          verdict: verdictOf(card),
          at: '2026-11-29T03:00:00.000Z',
          redact: (text) => text,
        }).kind === 'ok';
      const saved: string[] = [];
      const disk = breakDisk(folder, { kind, at, random: makeRandom(at) });
      try {
        for (const card of CARDS) if (say(card)) saved.push(card);
      } catch {
        // What is refused was not called saved.
      } finally {
        disk[Symbol.dispose]();
      }
      isOver = !disk.struck();
      if (kind === 'lose') disk.afterPowerLoss();
      // The next process goes on, whatever it finds.
      expect([kind, at, say('c004')]).toEqual([kind, at, true]);
      const read = readVerdictFile(verdictFile(folder, 'ana'), deckHash(folder));
      if (read.kind === 'err') throw new Error(`${kind} at ${at}: ${read.error}`);
      const there = read.value.lines.map(({ card }) => card);
      expect([kind, at, saved.filter((card) => !there.includes(card))]).toEqual([kind, at, []]);
      expect(there.at(-1)).toBe('c004');
    }
    expect(at).toBeGreaterThan(8);
  },
);
