// What stands between numbers and whoever reads blind: open, logged, closed.
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { StoreError } from '../../src/cache/disk/disk-read.ts';
import { openReviews } from '../../src/project/open/open-reviews.ts';
import { refuseWithheld, withheldNow } from '../../src/project/open/withheld.ts';
import type { Unblinding, World } from '../../src/project/open/world.ts';
import { listReviews } from '../../src/project/review/files.ts';
import { dealReview } from '../rig/blind-review.ts';
import { tempFolder } from '../rig/temp.ts';
import { testWorld } from '../rig/world.ts';

const redact = (text: string): string => text.replaceAll('sk-secret', '***');

function unblinded(root: string, unblind: Unblinding): World {
  return { ...testWorld(root, { USER: 'bea' }), given: { folders: [], file: null, unblind } };
}

describe('a blind review', () => {
  test('is open while it has a deck and is not closed', () => {
    const root = tempFolder();
    expect(openReviews(root)).toEqual([]);
    const review = dealReview(root);
    dealReview(root, { id: 'r002' }).close({});
    expect(openReviews(root).map(({ id }) => id)).toEqual(['r001']);
    review.close({});
    expect(openReviews(root)).toEqual([]);
  });

  test('that cannot be looked at is no proof that nobody reads blind: it stops, in words and not as a bug', () => {
    const whole = tempFolder();
    symlinkSync('reviews', path.join(whole, 'reviews'));
    expect(() => openReviews(whole)).toThrow(StoreError);
    const root = tempFolder();
    mkdirSync(path.join(root, 'reviews/r001'), { recursive: true });
    writeFileSync(path.join(root, 'reviews/notes.txt'), 'no review');
    expect(openReviews(root)).toEqual([]);
    symlinkSync('deck.jsonl', path.join(root, 'reviews/r001/deck.jsonl'));
    expect(() => openReviews(root)).toThrow(/could not read .*deck\.jsonl/);
    expect(() => listReviews(root)).toThrow(/could not read .*deck\.jsonl/);
  });

  test('withholds with exit code 5, and says since when, by whom, and what to do', async () => {
    const root = tempFolder();
    dealReview(root);
    await expect(refuseWithheld(testWorld(root), { root, redact })).rejects.toMatchObject({
      exitCode: 5,
      reviews: ['r001'],
      message: expect.stringMatching(
        /r001, since 2026-11-01 09:00 UTC, started by anna.*review status.*review close.*--unblind/,
      ),
    });
  });

  test('logs who looks all the same before anything is shown: once a command, without secrets', async () => {
    const root = tempFolder();
    const review = dealReview(root);
    const world = unblinded(root, { what: 'expgraph compare --note sk-secret', reason: 'a bug' });
    expect(await withheldNow(world, { root, redact })).toBeNull();
    expect(await withheldNow(world, { root, redact })).toBeNull();
    expect(review.breaches()).toEqual([
      {
        at: expect.stringMatching(/^\d{4}-.*Z$/),
        user: 'bea',
        kind: 'unblind',
        what: 'expgraph compare --note ***',
        reason: 'a bug',
      },
    ]);
  });

  test('shows nothing where the breach cannot be logged', async () => {
    const root = tempFolder();
    const review = dealReview(root);
    const protocol = path.join(review.folder, 'protocol.json');
    writeFileSync(protocol, '{"v":1,');
    const world = unblinded(root, { what: 'expgraph compare', reason: null });
    await expect(withheldNow(world, { root, redact })).rejects.toMatchObject({ exitCode: 4 });
    expect(readFileSync(protocol, 'utf8')).toBe('{"v":1,');
  });

  test('loses no breach of processes that look at the same time, and whoever reads meanwhile sees a whole protocol', async () => {
    const root = tempFolder();
    const review = dealReview(root);
    const main = path.join(import.meta.dirname, '../rig/unblind-main.ts');
    const names = ['ann', 'bob', 'cleo'];
    const ended = Promise.all(
      names.map((name) => promisify(execFile)(process.execPath, [main, root, name, '10'])),
    ).then(() => 'ended' as const);
    // The protocol is parsed at each look.
    while ((await Promise.race([ended, setImmediate('open' as const)])) === 'open') review.breaches();
    const told = review.breaches().map(({ what }) => what);
    expect(told.toSorted()).toEqual(
      names.flatMap((name) => Array.from({ length: 10 }, (_, i) => `expgraph compare ${name}-${i}`)).sort(),
    );
  });

  test('loses no breach of commands that look at the same time', async () => {
    const root = tempFolder();
    const review = dealReview(root);
    const looks = Array.from({ length: 8 }, (_, i) =>
      withheldNow(unblinded(root, { what: `expgraph compare ${i}`, reason: null }), { root, redact }),
    );
    expect(await Promise.all(looks)).toEqual(looks.map(() => null));
    expect(
      review
        .breaches()
        .map(({ what }) => what)
        .sort(),
    ).toEqual(looks.map((_, i) => `expgraph compare ${i}`));
  });
});
