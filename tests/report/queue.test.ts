// What `queue status` prints, from made data.
import { expect, test } from 'vitest';
import {
  type ProviderQueue,
  perSecondOf,
  type QueueStatus,
  type QueueWorker,
} from '../../src/core/queue-status.ts';
import { queueStatusText } from '../../src/report/records/queue.ts';

const worker = (name: string, facts: Partial<QueueWorker> = {}): QueueWorker => ({
  name,
  host: 'gpu-1',
  pid: 4711,
  concurrency: 64,
  busy: 60,
  providers: ['openai'],
  done: 1_200,
  per_second: 20.4,
  since: '2026-11-29T10:00:00.000Z',
  is_silent: false,
  ...facts,
});

const queue = (provider: string, facts: Partial<ProviderQueue> = {}): ProviderQueue => ({
  provider,
  waiting: 12,
  active: 120,
  stalled: 0,
  oldest_waiting_ms: 850,
  oldest_active_ms: 4_200,
  ...facts,
});

const STATUS: QueueStatus = {
  experiment: 'smoke',
  at: '2026-11-29T10:01:00.000Z',
  server: {
    url: 'redis://:***@queue:6379',
    software: 'Valkey',
    version: '8.0.1',
    used_bytes: 12 * 1024 ** 2,
    max_bytes: 512 * 1024 ** 2,
  },
  coordinator: { host: 'head', pid: 12, since: '2026-11-29T09:59:58.123Z' },
  workers: [worker('gpu-1-4711'), worker('gpu-2-18', { busy: 64, done: 31, per_second: null })],
  queues: [queue('openai')],
  outcomes: 3,
  surplus: 0,
};

const shown = (facts: Partial<QueueStatus> = {}, columns = 100): string =>
  queueStatusText({ ...STATUS, ...facts }, { columns, colors: false });

test('shows who coordinates, who works, what waits and how old it is', () => {
  expect(shown()).toMatchInlineSnapshot(`
    "smoke at redis://:***@queue:6379 (Valkey 8.0.1, 12 MB of 512 MB of memory)
    Coordinated by process 12 on head, since 2026-11-29 09:59:58 UTC.
    2 workers, 124 orders under way, 20/s since they began.

    provider  waiting  oldest  under way  oldest  stalled
    ─────────────────────────────────────────────────────
    openai         12  850 ms        120   4.2 s        0

    worker      takes       busy   done  rate  since (UTC)
    ──────────────────────────────────────────────────────────────
    gpu-1-4711  openai  60 of 64  1,200  20/s  2026-11-29 10:00:00
    gpu-2-18    openai  64 of 64     31     -  2026-11-29 10:00:00
    "
  `);
});

test('says what an empty queue waits for', () => {
  const empty = { coordinator: null, workers: [], queues: [], outcomes: 0 };
  const server = { ...STATUS.server, software: 'Redis' as const, version: null, used_bytes: null };
  expect(shown({ ...empty, server })).toMatchInlineSnapshot(`
    "smoke at redis://:***@queue:6379 (Redis)
    Nobody coordinates.
    No worker is here.

    Next:
      npx expgraph run --executor queue --redis URL  # begins
      npx expgraph worker --redis URL                # on each machine that shall work
    "
  `);
});

test('says what is left of a run that died, and that nothing of it is paid again', () => {
  expect(
    shown({
      coordinator: null,
      workers: [worker('gpu-1-4711', { is_silent: true, busy: 60 })],
      queues: [queue('openai', { active: 60, stalled: 60 })],
      outcomes: 1_234,
      surplus: 1,
    }),
  ).toMatchInlineSnapshot(`
    "smoke at redis://:***@queue:6379 (Valkey 8.0.1, 12 MB of 512 MB of memory)
    Nobody coordinates.
    No worker is here.

    provider  waiting  oldest  under way  oldest  stalled
    ─────────────────────────────────────────────────────
    openai         12  850 ms         60   4.2 s       60

    worker      takes     busy   done  rate  since (UTC)
    ────────────────────────────────────────────────────────────
    gpu-1-4711  openai  silent  1,200  20/s  2026-11-29 10:00:00

    1 worker says nothing any more: what it has begun is tried again.
    60 orders under way that no worker here does: each fails as worker-lost, and is tried again.
    1,234 outcomes that no record holds yet: the next run takes them, and pays nothing again.
    1 outcome of attempts that had been taken for lost: it is kept beside the record.

    Next:
      npx expgraph run --executor queue --redis URL  # takes over what is here
      npx expgraph worker --redis URL                # on each machine that shall work
    "
  `);
});

test('names providers that no worker takes, as long as there are workers', () => {
  const lone = [queue('openai'), queue('anthropic', { waiting: 1, active: 0, oldest_active_ms: null })];
  expect(shown({ queues: lone })).toContain('1 order of provider anthropic: no worker here takes them.');
  expect(shown({ queues: lone, workers: [] })).not.toContain('no worker here takes');
});

test('says no rate of workers that have ended nothing', () => {
  const text = shown({ workers: [worker('new', { done: 0, per_second: 0 })] });
  expect(text).toContain('1 worker, 60 orders under way.');
  expect(text).not.toMatch(/\d\/(s|min)/);
});

test('is no wider than the terminal, and shows no control characters', () => {
  const hostile = 'a\x1b[31m\nb'.repeat(9);
  const text = shown(
    {
      experiment: hostile,
      workers: [worker(hostile, { providers: [hostile] })],
      queues: [queue(hostile, { stalled: 2 })],
    },
    60,
  );
  expect(text).not.toMatch(/\x1b/);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(70);
});

test('rates are by the times of the worker itself, and none is said of a moment', () => {
  const since = '2026-11-29T10:00:00.000Z';
  expect(perSecondOf({ done: 50, since, seen: '2026-11-29T10:00:10.000Z' })).toBe(5);
  expect(perSecondOf({ done: 1, since, seen: '2026-11-29T10:00:00.500Z' })).toBeNull();
  expect(perSecondOf({ done: 1, since, seen: 'never' })).toBeNull();
});
