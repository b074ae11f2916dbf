// What a reader said of cards beside his share, as where two places began with readers of their own: it counts as said, not as his share.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { cli, ranSample } from '../rig/cli.ts';
import { declareReview, openDeck } from '../rig/reviewed.ts';
import { tempFolder } from '../rig/temp.ts';

test('status and next tell the same of how much of his share a reader has read', async () => {
  const folder = tempFolder();
  await ranSample(folder);
  declareReview(folder);
  const run = (...args: string[]): ReturnType<typeof cli> => cli(['review', ...args], { cwd: folder });
  expect((await run('start', '--id', 'first')).code).toBe(0);
  const { cards } = openDeck(folder, 'first');
  const dimensions = ['tool_selection', 'naturalness'];
  const rows = cards
    .slice(cards.length / 2)
    .map(({ card }) => [card, 'ann', ...dimensions.map(() => 'good')].join(','));
  // Seat 1 of two: not every card is hers.
  await run('next', '--reviewer', 'ann');
  writeFileSync(path.join(folder, 'said.csv'), `card,reviewer,${dimensions.join(',')}\n${rows.join('\n')}\n`);
  const { code, stderr } = await run('import', 'said.csv');
  expect(code, stderr).toBe(0);
  const status = JSON.parse((await run('status', '--json')).stdout);
  const [ann] = status.readers;
  expect((await run('next', '--reviewer', 'ann')).stdout).toContain(`(${ann.read} of ${ann.looks} read)`);
  expect(ann.read).toBeLessThan(rows.length);
});
