// What a coordinator says of its workers, and when.
import { expect, it } from 'vitest';
import type { Notice } from '../../src/project/open/world.ts';
import { tellLonely, tellRoom } from '../../src/project/queue/troubles.ts';
import type { Beat } from '../../src/queue/words.ts';

const beat = (busy: number, concurrency = 64): Beat => ({
  ...{ v: 1, name: 'w', host: 'h', pid: 1, concurrency, providers: ['p'], doing: [], busy, done: 0, beat: 1 },
  ...{ since: '2026-01-02T03:04:05.000Z', seen: '2026-01-02T03:04:05.000Z' },
});

function heard() {
  const told: string[] = [];
  const notify = (notice: Notice): void => void told.push(notice.kind === 'note' ? notice.text : notice.kind);
  return { io: { notify }, told };
}

it('workers that may not begin more than half of what they could do are told of once, with what to type', () => {
  const { io, told } = heard();
  const look = tellRoom(io);
  for (let i = 0; i < 20; i++) look({ most: 128, alive: [64, 64, 0, 0].map((busy) => beat(busy)) });
  expect(told).toHaveLength(1);
  expect(told[0]).toContain('workers could do 256 calls at one time, and this run lets 128 begin: -j 384');
});

it('workers that are few, or that something else keeps waiting, are not', () => {
  const { io, told } = heard();
  const look = tellRoom(io);
  for (let i = 0; i < 20; i++) look({ most: 128, alive: [beat(64), beat(64)] });
  // A rate, or the end of the tasks.
  for (let i = 0; i < 20; i++) look({ most: 128, alive: [beat(30), beat(30), beat(0)] });
  for (let i = 0; i < 20; i++) look({ most: Number.POSITIVE_INFINITY, alive: [beat(64)] });
  expect(told).toEqual([]);
});

it('orders that nobody takes are told of once, and again when that ended and began anew', () => {
  const { io, told } = heard();
  const look = tellLonely(io, ['p', 'q']);
  const waiting = new Set(['orders.q']);
  for (let i = 0; i < 20; i++) look({ waiting, alive: [beat(0)] });
  expect(told).toHaveLength(1);
  expect(told[0]).toContain('no worker takes orders of q');
  look({ waiting: new Set(), alive: [beat(0)] });
  for (let i = 0; i < 20; i++) look({ waiting, alive: [beat(0)] });
  expect(told).toHaveLength(2);
});
