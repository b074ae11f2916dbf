// When a thread is opened, what it begins with, and what of a lost one still arrives.
// @project e2e: threads are started.
import { setFlagsFromString } from 'node:v8';
import { expect, test } from 'vitest';
import type { CallGate } from '../../src/core/gate.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import { openSpare, openThreads, type ThreadsSettings } from '../../src/executor/threads.ts';
import { orderAt, REQUEST, realClock } from '../rig/model-calls.ts';

const SETTINGS = {
  folder: '/',
  workers: 2,
  env: { TEST_KEY: 'here' },
  clock: realClock,
  threadUrl: new URL('../rig/threads/odd-thread.ts', import.meta.url),
} satisfies ThreadsSettings;

function pool(settings: Partial<ThreadsSettings> = {}) {
  const threads = openThreads({ ...SETTINGS, ...settings });
  const ask = async (model: string, gate?: CallGate): Promise<string> =>
    messageOf(await threads.run(orderAt(null, { request: { ...REQUEST, model } }), gate));
  return { ask, [Symbol.asyncDispose]: () => threads.destroy() };
}

function messageOf(outcome: Outcome): string {
  return outcome.kind === 'failure' ? outcome.failure.message : outcome.kind;
}

test('orders that only wait share one thread, however many there are', async () => {
  await using threads = pool();
  for (let n = 0; n < 8; n += 1) void threads.ask('never').catch(() => {});
  const where = await Promise.all(Array.from({ length: 8 }, () => threads.ask('where')));
  expect(new Set(where).size).toBe(1);
});

test('another thread is opened where the one that is there is busy all the time', async () => {
  await using threads = pool({ busyMs: 20 });
  await threads.ask('where');
  void threads.ask('loop').catch(() => {});
  // Whoever has that answers nothing any more: an answer comes from another thread, or none ever does. On a busy machine there may be
  // two by now, so it is not said which of them has it.
  const answers: string[] = [];
  while (answers.length === 0) {
    threads.ask('where').then(
      (answer) => answers.push(answer),
      () => {},
    );
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(answers[0]).toMatch(/^thread \d+$/);
});

test('no more threads are opened than there may be', async () => {
  await using threads = pool({ busyMs: 20, workers: 1 });
  const first = await threads.ask('where');
  await Promise.all(['spin', 'spin', 'spin'].map((model) => threads.ask(model)));
  expect(await threads.ask('where')).toBe(first);
});

test('a thread begins with a young space in which calls die, whatever this process lets its own grow to', async () => {
  setFlagsFromString('--semi-space-growth-factor=1');
  try {
    await using threads = pool();
    expect(Number(await threads.ask('young'))).toBeGreaterThanOrEqual(8 * 1024 * 1024);
  } finally {
    setFlagsFromString('--semi-space-growth-factor=2');
  }
});

test('what runs in a thread finds no port that orders come over', async () => {
  await using threads = pool();
  expect(await threads.ask('port')).toBe('false');
});

test('an outcome that was there arrives, although its thread exits right after it', async () => {
  await using threads = pool({ workers: 1 });
  const other = threads.ask('never').catch((error: Error) => error.message);
  expect(await threads.ask('answered and gone')).toBe('answered and gone');
  expect(await other).toContain('exited with code 3');
});

test('a thread that loads already is the first one of whoever has its settings, once', async () => {
  await using spare = openSpare(SETTINGS)!;
  await using others = pool({ spare, env: { TEST_KEY: 'elsewhere' } });
  await others.ask('where');
  await using threads = pool({ spare });
  expect(spare.take(SETTINGS)).toBeNull();
  expect(await threads.ask('where')).toMatch(/^thread \d+$/);
});
