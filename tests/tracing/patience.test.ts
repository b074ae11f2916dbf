// A finished run waits for its last traces only as long as that is not felt.
import { expect, test } from 'vitest';
import { type Waiting, worthWaiting } from '../../src/project/langsmith/patience.ts';

const NOW: Waiting = {
  left: 10,
  state: 'up',
  isTroubled: false,
  waitedMs: 50,
  sinceNewsMs: 20,
  runMs: 3000,
  limitMs: null,
};

test.each<[string, Partial<Waiting>, boolean]>([
  ['while traces go out briskly', {}, true],
  ['not when nothing is left', { left: 0 }, false],
  ['not when the uploader has stopped', { state: 'stopped' }, false],
  ['not when the service is down', { state: 'down' }, false],
  ['not when the last answer was trouble', { isTroubled: true }, false],
  ['not for a slow service', { waitedMs: 130, sinceNewsMs: 130 }, false],
  [
    'for a slow service as long as it is a fiftieth of the run',
    { runMs: 60_000, waitedMs: 1000, sinceNewsMs: 1000 },
    true,
  ],
  ['never longer than five seconds', { runMs: 3_600_000, waitedMs: 5000 }, false],
  [
    'as long as the user says',
    { limitMs: 30_000, waitedMs: 20_000, sinceNewsMs: 20_000, state: 'down' },
    true,
  ],
  ['and no longer', { limitMs: 30_000, waitedMs: 30_000 }, false],
])('%s', (_, change, expected) => {
  expect(worthWaiting({ ...NOW, ...change })).toBe(expected);
});
