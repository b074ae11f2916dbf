// A server that does not answer is told of, and one that is slow, gone or left is not.
import { expect, it } from 'vitest';
import { watchSilence } from '../../src/queue/silence.ts';
import { handClock } from '../rig/clock.ts';

function watched({ isUp = true } = {}) {
  const clock = handClock();
  const troubles: string[] = [];
  const asked: string[] = [];
  let answer = (): void => {};
  const end = watchSilence({
    link: {
      isUp: () => isUp,
      ask: (command) => {
        asked.push(command);
        return new Promise<void>((resolve) => {
          answer = resolve;
        });
      },
    },
    onTrouble: (thrown) => troubles.push((thrown as Error).message),
    clock,
  });
  return { clock, troubles, asked, end, answer: () => answer() };
}

it('one that does not answer is told of as long as that lasts', async () => {
  const { clock, troubles, answer } = watched();
  await clock.advance(9_999);
  expect(troubles).toEqual([]);
  await clock.advance(5_001);
  expect(troubles).toEqual(['Command timed out', 'Command timed out']);
  answer();
  await clock.advance(9_000);
  expect(troubles).toHaveLength(2);
});

it('one that answers late, and one that is not connected, is not', async () => {
  const late = watched();
  for (let i = 0; i < 5; i++) {
    await late.clock.advance(9_000);
    late.answer();
    await late.clock.advance(0);
  }
  expect(late.asked.length).toBeGreaterThan(3);
  const gone = watched({ isUp: false });
  await gone.clock.advance(60_000);
  expect([late.troubles, gone.troubles, gone.asked]).toEqual([[], [], []]);
});

it('nothing holds the process when it is left', async () => {
  const { clock, end } = watched();
  await clock.advance(6_000);
  expect(clock.pending()).toBe(1);
  end();
  expect(clock.pending()).toBe(0);
});
