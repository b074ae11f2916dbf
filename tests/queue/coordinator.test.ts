// What the side that plans makes of what it is told, with a Redis that is played.
import { describe, expect, it } from 'vitest';
import type { End } from '../../src/queue/asked.ts';
import { openCoordinator } from '../../src/queue/coordinator.ts';
import type { Link } from '../../src/queue/link.ts';
import { queueNames } from '../../src/queue/names.ts';
import { type News, write } from '../../src/queue/words.ts';
import { handClock } from '../rig/clock.ts';
import { orderAt } from '../rig/model-calls.ts';

const DRAW = `${'a'.repeat(64)}.0`;
const ID = `${DRAW}.1`;

const WHOLE = {
  ...{ v: 1, id: ID, key: 'a', model: 'm', worker: 'w', attempt: 1, isScore: false },
  ...{ cell: { variant: 'v', scenario: 's', run: 1 } },
};
const TIMING = { startedAt: '2026-01-02T03:04:05.000Z', durationMs: 1, requestId: null };
const ANSWERED = { ...TIMING, kind: 'success', completion: {} };
const FAILED = { ...TIMING, kind: 'failure', failure: { kind: 'unauthorized', status: 401, message: 'no' } };

const delivered = (id: string, outcome: object): string => JSON.stringify({ ...WHOLE, id, outcome });

function wordsOf(end: End): string {
  if (end.kind === 'lost') return `lost: ${end.why}`;
  return end.kind === 'outcome' ? end.outcome.kind : end.kind;
}

async function game(
  before: {
    readonly active?: readonly string[];
    readonly outcomes?: readonly (readonly [string, string])[];
    readonly places?: number;
  } = {},
) {
  const clock = handClock();
  const names = queueNames('played');
  const added: string[] = [];
  const removed: string[] = [];
  /** What lies in Redis: texts of outcomes by their fields, and ids of jobs. */
  const outcomes = new Map(before.outcomes);
  const waiting = new Set<string>();
  const active = new Set(before.active);
  const told: string[] = [];
  let hear: (texts: readonly string[]) => void = () => {};
  /** What comes while the rest of an order is removed. */
  const meanwhile: News[] = [];
  const link: Link = {
    isUp: () => true,
    async ask(command, ...words) {
      if (command === 'HMGET') return words.slice(1).map((field) => outcomes.get(String(field)) ?? null);
      if (command === 'HDEL') for (const field of words.slice(1)) outcomes.delete(String(field));
      if (command === 'HKEYS' && words[0] === names.outcomes) return [...outcomes.keys()];
      return ['HKEYS', 'HVALS'].includes(command) ? [] : null;
    },
    async script(_, __, [field]) {
      return outcomes.delete(String(field)) ? 1 : 0;
    },
    pull: () =>
      new Promise((resolve) => {
        hear = resolve;
      }),
    async add(_, jobs) {
      for (const { id } of jobs) {
        added.push(id);
        waiting.add(id);
      }
    },
    async remove(_, id) {
      removed.push(id);
      hear(meanwhile.map(write));
      for (let i = 0; i < 50; i++) await null;
      waiting.delete(id);
      // One that is not there any more is as gone as one that was removed.
      return !active.has(id);
    },
    ids: async () => ({ waiting: [...waiting], active: [...active] }),
    clean: async () => {},
    work: () => {
      throw new Error('a coordinator does nothing itself');
    },
    [Symbol.asyncDispose]: async () => {},
  };
  const coordinator = await openCoordinator({
    ...{ link, names, clock, queues: ['orders.p'], needs: 'all', holds: () => true },
    placesOf: () => before.places ?? null,
    look: async () => {},
    onTrouble: (thrown) => {
      throw thrown;
    },
  });
  coordinator.ask({
    ...{ order: orderAt('http://127.0.0.1:1'), draw: DRAW, queue: 'orders.p', isGated: false },
    begun: () => told.push('begun'),
    heard: () => {},
    ended: (end) => told.push(wordsOf(end)),
  });
  await clock.advance(0);
  const sayTexts = async (...texts: readonly string[]): Promise<void> => {
    hear(texts);
    await clock.advance(10);
  };
  const say = (...news: readonly News[]): Promise<void> => sayTexts(...news.map(write));
  return { clock, coordinator, added, removed, outcomes, waiting, active, meanwhile, told, say, sayTexts };
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

it('an order of which something is left, and which nobody can take, is put there anew', async () => {
  const { clock, added, removed, waiting } = await game();
  await clock.advance(10_000);
  expect({ added, removed }).toEqual({ added: [ID], removed: [] });
  waiting.clear();
  await clock.advance(6_000);
  expect({ added, removed }).toEqual({ added: [ID, ID], removed: [ID] });
});

it('an order that ends while what is left of it is removed has one end', async () => {
  const { clock, waiting, meanwhile, told, say } = await game();
  await say({ kind: 'begun', id: ID, worker: 'w' });
  waiting.clear();
  meanwhile.push({ kind: 'lost', id: ID, why: 'silent' });
  await clock.advance(6_000);
  expect(told).toEqual(['begun', 'lost: silent']);
});

it('an order that is done when it is to be taken back has ended, and was not taken back', async () => {
  const { clock, coordinator, outcomes, waiting, told } = await game();
  waiting.clear();
  outcomes.set(ID, delivered(ID, ANSWERED));
  coordinator.startNothing(() => true);
  await clock.advance(0);
  expect(told).toEqual(['begun', 'success']);
});

describe('an attempt that failed, and that nobody waits for', () => {
  it('of an earlier run says nothing of what is asked now: it is asked anew, and the rest is forgotten', async () => {
    const { clock, added, outcomes, told } = await game({ outcomes: [[ID, delivered(ID, FAILED)]] });
    await clock.advance(0);
    expect({ added, told, left: [...outcomes] }).toEqual({ added: [`${DRAW}.2`], told: [], left: [] });
  });

  it('of a worker that was taken for lost ends no other one that is under way', async () => {
    const { outcomes, told, say } = await game();
    await say({ kind: 'begun', id: ID, worker: 'w' });
    const field = `${DRAW}.0 frozen 7`;
    outcomes.set(field, delivered(ID, FAILED));
    await say({ kind: 'surplus', field });
    expect({ told, left: [...outcomes] }).toEqual({ told: ['begun'], left: [] });
    outcomes.set(ID, delivered(ID, ANSWERED));
    await say({ kind: 'done', id: ID });
    expect(told).toEqual(['begun', 'success']);
  });

  it('is taken where something of it was paid', async () => {
    const paid = { ...FAILED, failure: { ...FAILED.failure, usage: { totalTokens: 3 } } };
    const { clock, added, told } = await game({ outcomes: [[ID, delivered(ID, paid)]] });
    await clock.advance(0);
    expect({ added, told }).toEqual({ added: [], told: ['begun', 'failure'] });
  });
});

describe('calls that were begun for an earlier run, and that nobody asks for now', () => {
  const [one, two] = ['b', 'c'].map((letter) => `${letter.repeat(64)}.0.1`) as [string, string];

  it('count in what their account is declared to take at one time', async () => {
    const { clock, added, say } = await game({ active: [one, two], places: 2 });
    await clock.advance(20_000);
    expect(added).toEqual([]);
    await say({ kind: 'done', id: one });
    expect(added).toEqual([ID]);
  });

  it('leave to others what is left of it, and all where nothing is declared', async () => {
    expect((await game({ active: [one], places: 2 })).added).toEqual([ID]);
    expect((await game({ active: [one, two] })).added).toEqual([ID]);
  });

  it('count no longer than they last: lost, waiting to be asked for, or gone without a word', async () => {
    const lost = await game({ active: [one], places: 1 });
    await lost.say({ kind: 'lost', id: one, why: 'silent' });
    expect(lost.added).toEqual([ID]);
    const asking = await game({ active: [one], places: 1 });
    await asking.say({ kind: 'asked', id: one, worker: 'w', question: { n: 1 } });
    expect(asking.added).toEqual([ID]);
    const gone = await game({ active: [one], places: 1 });
    gone.active.clear();
    await gone.clock.advance(10_000);
    expect(gone.added).toEqual([ID]);
  });

  it('keep nobody from leaving who waits for them', async () => {
    const { clock, coordinator, added, told } = await game({ active: [one], places: 1 });
    coordinator.startNothing(() => true);
    await clock.advance(0);
    expect({ added, told }).toEqual({ added: [], told: ['cancelled'] });
  });
});

describe('what others write into Redis', () => {
  it.each([
    'no JSON',
    'null',
    '[]',
    '{}',
    '{"kind":"toString"}',
    '{"kind":"surplus"}',
    '{"kind":"surplus","field":7}',
    '{"kind":"done"}',
    `{"kind":"begun","id":"${ID}"}`,
    `{"kind":"asked","id":"${ID}","worker":"w"}`,
    `{"kind":"asked","id":"${ID}","worker":"w","question":null}`,
    `{"kind":"lost","id":"${ID}"}`,
  ])('is no news, and is passed over: %s', async (text) => {
    const { told, say, sayTexts } = await game();
    await sayTexts(text, write({ kind: 'begun', id: ID, worker: 'w' }));
    await say({ kind: 'lost', id: ID, why: 'silent' });
    expect(told).toEqual(['begun', 'lost: silent']);
  });

  it.each([
    'no JSON',
    JSON.stringify({ ...WHOLE, v: 2, outcome: { ...TIMING, kind: 'cancelled' } }),
    JSON.stringify({ ...WHOLE, outcome: null }),
    JSON.stringify({ ...WHOLE, outcome: {} }),
    JSON.stringify({ ...WHOLE, outcome: { ...TIMING, kind: 'success' } }),
    JSON.stringify({ ...WHOLE, outcome: { ...TIMING, kind: 'failure', failure: null } }),
    JSON.stringify({ ...WHOLE, cell: undefined, outcome: { ...TIMING, kind: 'cancelled' } }),
  ])('is no answer, is deleted, and the order goes on: %s', async (text) => {
    const { told, outcomes, say } = await game();
    outcomes.set(ID, text);
    await say({ kind: 'done', id: ID });
    expect({ told, left: [...outcomes] }).toEqual({ told: [], left: [] });
    outcomes.set(ID, JSON.stringify({ ...WHOLE, outcome: { ...TIMING, kind: 'cancelled' } }));
    await say({ kind: 'done', id: ID });
    expect(told).toEqual(['begun', 'cancelled']);
  });
});
