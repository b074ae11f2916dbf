// What the side that plans makes of what it is told, with a Redis that is played.
import { expect, it } from 'vitest';
import { openCoordinator } from '../../src/queue/coordinator.ts';
import type { Link } from '../../src/queue/link.ts';
import { queueNames } from '../../src/queue/names.ts';
import { type News, write } from '../../src/queue/words.ts';
import { handClock } from '../rig/clock.ts';
import { orderAt } from '../rig/model-calls.ts';

const DRAW = `${'a'.repeat(64)}.0`;
const ID = `${DRAW}.1`;

async function game() {
  const clock = handClock();
  const names = queueNames('played');
  const added: string[] = [];
  const told: string[] = [];
  let hear: (texts: readonly string[]) => void = () => {};
  const link: Link = {
    isUp: () => true,
    async ask(command, ...words) {
      if (command === 'HMGET') return words.slice(1).map(() => null);
      return ['HKEYS', 'HVALS'].includes(command) ? [] : null;
    },
    script: async () => 1,
    pull: () =>
      new Promise((resolve) => {
        hear = resolve;
      }),
    async add(_, jobs) {
      added.push(...jobs.map(({ id }) => id));
    },
    remove: async () => false,
    ids: async () => ({ waiting: [], active: [] }),
    isThere: async () => true,
    clean: async () => {},
    work: () => {
      throw new Error('a coordinator does nothing itself');
    },
    [Symbol.asyncDispose]: async () => {},
  };
  const coordinator = await openCoordinator({
    ...{ link, names, clock, queues: ['orders.p'], needs: 'all', holds: () => true },
    look: async () => {},
    onTrouble: (thrown) => {
      throw thrown;
    },
  });
  coordinator.ask({
    ...{ order: orderAt('http://127.0.0.1:1'), draw: DRAW, queue: 'orders.p', isGated: false },
    begun: () => told.push('begun'),
    heard: () => {},
    ended: (end) => told.push(end.kind === 'lost' ? `lost: ${end.why}` : end.kind),
  });
  await clock.advance(0);
  const say = async (...news: readonly News[]): Promise<void> => {
    hear(news.map(write));
    await clock.advance(10);
  };
  return { added, told, say };
}

it('an order whose worker is gone before it began it is put there again, and that is no attempt', async () => {
  const { added, told, say } = await game();
  expect(added).toEqual([ID]);
  await say({ kind: 'lost', id: ID, why: 'silent' });
  expect({ added, told }).toEqual({ added: [ID, ID], told: [] });
  await say({ kind: 'begun', id: ID, worker: 'w' });
  await say({ kind: 'lost', id: ID, why: 'silent' });
  expect({ added, told }).toEqual({ added: [ID, ID], told: ['begun', 'lost: silent'] });
});

it('an order that nobody can begin is not put there for ever', async () => {
  const { added, told, say } = await game();
  for (let i = 0; i < 4; i++) await say({ kind: 'lost', id: ID, why: 'no version of it is read here' });
  expect(added).toHaveLength(4);
  expect(told).toEqual(['lost: no version of it is read here']);
});
