// How many orders a worker holds, by a clock turned by hand.
import { describe, expect, it } from 'vitest';
import { makeTurns } from '../../src/queue/ahead.ts';
import { handClock } from '../rig/clock.ts';

function game(most: number) {
  const clock = handClock();
  const held: number[] = [];
  const turns = makeTurns({ most, hold: (orders) => held.push(orders), clock });
  /** Calls of that length in each place, begun one after the other; they are under way when it ends. */
  const work = async (calls: number, ms: number): Promise<void> => {
    for (let i = 0; i < calls; i++) {
      await clock.advance(ms / most);
      turns.leave();
      expect(await turns.take()).toBe(true);
    }
  };
  const fill = async (): Promise<void> => {
    for (let i = 0; i < most; i++) expect(await turns.take()).toBe(true);
  };
  return { clock, held, turns, work, fill };
}

describe('orders held ahead', () => {
  it('are those that begin within a moment: some of quick calls, none of slow ones', async () => {
    const { held, work, fill } = game(64);
    await fill();
    await work(640, 200);
    // 320 a second end: sixteen within a twentieth of a second.
    expect(held).toEqual([64 + 16]);
    await work(128, 30_000);
    expect(held.at(-1)).toBe(64);
  });

  it('are never more than are done at one time', async () => {
    const { held, work, fill } = game(4);
    await fill();
    await work(2_000, 2);
    expect(held).toEqual([8]);
  });

  it('have their turns in the order in which they came, so many at one time', async () => {
    const { turns } = game(2);
    const began: number[] = [];
    const all = [0, 1, 2, 3].map((n) => turns.take().then((has) => has && began.push(n)));
    await Promise.all(all.slice(0, 2));
    expect(began).toEqual([0, 1]);
    turns.leave();
    await all[2];
    expect(began).toEqual([0, 1, 2]);
    turns.leave();
    await all[3];
    expect(began).toEqual([0, 1, 2, 3]);
  });

  it('go back when calls hang, and nobody is held any more', async () => {
    const { clock, held, turns, work, fill } = game(64);
    await fill();
    await work(640, 200);
    const waiting = [turns.take(), turns.take()];
    await clock.advance(1_000);
    expect(await Promise.all(waiting)).toEqual([false, false]);
    expect(held).toEqual([80, 64]);
    expect(clock.pending()).toBe(0);
  });

  it('go back at the end', async () => {
    const { clock, turns } = game(1);
    await turns.take();
    const waiting = turns.take();
    turns.close();
    expect(await waiting).toBe(false);
    expect(await turns.take()).toBe(false);
    expect(clock.pending()).toBe(0);
  });
});
