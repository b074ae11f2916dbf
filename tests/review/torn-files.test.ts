// A machine that dies at any write of `start` and `close`: a review is there with all of its files, or it is not there.
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { makeRandom } from '../../src/core/shuffle.ts';
import { listReviews, readClosed, readDeck, readKey, readProtocol } from '../../src/project/review/files.ts';
import { createReview, writeClosed } from '../../src/project/review/write-files.ts';
import { breakDisk, type Fault } from '../rig/faulty-disk.ts';
import { tempFolder } from '../rig/temp.ts';
import { closedOf, newReview } from './new-review.ts';

/** Tries a story with the fault at each of its operations. */
function atEachWrite(
  kind: Fault['kind'],
  tried: {
    readonly story: (root: string) => void;
    readonly after: (root: string) => void;
    readonly before?: (root: string) => void;
  },
): number {
  for (let at = 1; ; at++) {
    const root = path.join(tempFolder(), 'small');
    mkdirSync(root);
    tried.before?.(root);
    let struck: boolean;
    {
      const disk = breakDisk(root, { kind, at, random: makeRandom(at) });
      try {
        tried.story(root);
      } catch {
        // What it was refused is what is looked at.
      } finally {
        disk[Symbol.dispose]();
      }
      struck = disk.struck();
      if (kind.startsWith('lose')) disk.afterPowerLoss();
    }
    tried.after(root);
    if (!struck) return at - 1;
  }
}

function isWhole(root: string): boolean {
  const [review, ...more] = listReviews(root);
  expect(more).toEqual([]);
  if (review === undefined) return false;
  const deck = readDeck(review.paths);
  expect(deck.kind).toBe('ok');
  if (deck.kind === 'ok') expect(readKey(review.paths, deck.value).kind).toBe('ok');
  expect(readProtocol(review.paths).kind).toBe('ok');
  expect(existsSync(review.paths.verdicts)).toBe(true);
  return true;
}

it.each(['tear', 'lose', 'full'] as const)('a disk that would %s leaves no half of a review', (kind) => {
  const writes = atEachWrite(kind, {
    story: (root) => void createReview(root, newReview()),
    after(root) {
      if (isWhole(root)) return;
      createReview(root, newReview());
      expect(isWhole(root)).toBe(true);
    },
  });
  expect(writes).toBeGreaterThan(10);
});

it.each(['tear', 'lose'] as const)('a disk that would %s leaves a review open, or closed', (kind) => {
  const writes = atEachWrite(kind, {
    before: (root) => void createReview(root, newReview()),
    story(root) {
      writeClosed(listReviews(root)[0]!.paths, closedOf('first'));
    },
    after(root) {
      const [review] = listReviews(root);
      const closed = readClosed(review!.paths);
      expect(closed).toEqual({ kind: 'ok', value: review!.state === 'open' ? null : closedOf('first') });
    },
  });
  expect(writes).toBeGreaterThan(3);
});
