// What every executor promises, whoever does the work. Orders go to a model server held by the test.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Env } from '../../src/core/env.ts';
import type { Executor } from '../../src/executor/executor.ts';
import { API_KEY, chatAnswer, endpointAt, orderAt, REQUEST } from '../rig/model-calls.ts';
import { type ModelServer, startModelServer } from '../rig/model-server.ts';

export const CAPACITY = 5;

/** @param make an executor of capacity 5 whose workers see this environment. */
export function executorContract(name: string, make: (env: Env) => Promise<Executor>): void {
  describe(`${name} executor`, () => {
    let server: ModelServer;
    let executor: Executor;
    beforeEach(async () => {
      server = await startModelServer();
      executor = await make({
        TEST_KEY: API_KEY,
        TEST_ADDRESS: server.url,
        TEST_TENANT: 'tenant-of-the-worker',
      });
    });
    afterEach(async () => {
      await executor[Symbol.asyncDispose]();
      await server.close();
    });

    test('gives the outcome of an order as plain data', async () => {
      const outcome = executor.execute(orderAt(server.url));
      (await server.next()).answer(chatAnswer('hi'), {
        headers: {
          'x-request-id': 'req_1',
          'x-ratelimit-limit-requests': '60',
          'x-ratelimit-remaining-requests': '59',
          'x-ratelimit-reset-requests': '1s',
        },
      });
      expect(await outcome).toEqual({
        kind: 'success',
        startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        durationMs: expect.any(Number),
        requestId: 'req_1',
        completion: expect.objectContaining({ text: 'hi' }),
        limits: { requests: { limit: 60, remaining: 59, resetMs: 1000 }, tokens: null },
      });
    });

    test('makes exactly one attempt, also of an order that fails', async () => {
      const outcome = executor.execute(orderAt(server.url));
      (await server.next()).answer({ error: { message: 'busy' } }, { status: 503 });
      expect(await outcome).toMatchObject({ kind: 'failure', failure: { kind: 'overloaded', status: 503 } });
      expect(server.requests).toHaveLength(1);
    });

    test('has as many orders in flight as its capacity says, and each gets its own answer', async () => {
      expect(executor.capacity).toBe(CAPACITY);
      const outcomes = Array.from({ length: CAPACITY }, (_, n) =>
        executor.execute(orderAt(server.url, { request: { ...REQUEST, model: `m${n}` } })),
      );
      const held = await Promise.all(outcomes.map(() => server.next()));
      for (const request of held.toReversed()) request.answer(chatAnswer(String(request.body.model)));
      const texts = (await Promise.all(outcomes)).map(
        (outcome) => outcome.kind === 'success' && outcome.completion.text,
      );
      expect(texts).toEqual(['m0', 'm1', 'm2', 'm3', 'm4']);
    });

    test('reads keys from the environment of its workers', async () => {
      const outcome = executor.execute(orderAt(server.url));
      const held = await server.next();
      held.answer(chatAnswer('hi'));
      expect(held.headers.authorization).toBe(`Bearer ${API_KEY}`);
      await outcome;
      const unset = orderAt(server.url, { endpoint: endpointAt(server.url, { apiKeyEnv: 'UNSET_KEY' }) });
      expect(await executor.execute(unset)).toMatchObject({ failure: { kind: 'unauthorized' } });
      expect(server.requests).toHaveLength(1);
    });

    test('puts the values of its workers where an order names them', async () => {
      const endpoint = endpointAt('${TEST_ADDRESS}', { headers: { 'x-tenant': 'is ${TEST_TENANT}' } });
      const outcome = executor.execute(orderAt(null, { endpoint }));
      const held = await server.next();
      held.answer(chatAnswer('hi'));
      expect(held.headers['x-tenant']).toBe('is tenant-of-the-worker');
      expect(await outcome).toMatchObject({ kind: 'success' });
      const nameless = endpointAt(server.url, { headers: { 'x-tenant': '${UNSET_TENANT}' } });
      expect(await executor.execute(orderAt(null, { endpoint: nameless }))).toMatchObject({
        failure: {
          kind: 'unauthorized',
          message: expect.stringContaining('set UNSET_TENANT where the work is done'),
        },
      });
      expect(server.requests).toHaveLength(1);
    });

    test('ends an order whose deadline passes as timeout', async () => {
      const outcome = executor.execute(orderAt(server.url, { timeoutMs: 1 }));
      expect(await outcome).toMatchObject({ kind: 'failure', failure: { kind: 'timeout' } });
    });

    test('works on after an order was abandoned', async () => {
      const stuck = orderAt(server.url);
      void executor.execute(stuck);
      await server.next();
      executor.abandon(stuck);
      executor.abandon(orderAt(server.url));
      const outcome = executor.execute(orderAt(server.url));
      (await server.next()).answer(chatAnswer('hi'));
      expect(await outcome).toMatchObject({ kind: 'success' });
    });

    test('lets the neighbours of an abandoned order finish', async () => {
      const stuck = orderAt(server.url, { request: { ...REQUEST, model: 'stuck' } });
      const fine = Array.from({ length: 3 }, () => orderAt(server.url));
      void executor.execute(stuck);
      const outcomes = fine.map((order) => executor.execute(order));
      const held = await Promise.all([0, 1, 2, 3].map(() => server.next()));
      executor.abandon(stuck);
      for (const request of held) if (request.body.model !== 'stuck') request.answer(chatAnswer('hi'));
      expect((await Promise.all(outcomes)).map(({ kind }) => kind)).toEqual([
        'success',
        'success',
        'success',
      ]);
    });

    test('ends at once when disposed: orders in flight and later ones are cancelled', async () => {
      const outcome = executor.execute(orderAt(server.url));
      const held = await server.next();
      await executor[Symbol.asyncDispose]();
      expect(await outcome).toMatchObject({ kind: 'cancelled' });
      expect(await executor.execute(orderAt(server.url))).toMatchObject({ kind: 'cancelled' });
      await held.closed;
      expect(server.requests).toHaveLength(1);
    });

    test('can be disposed before its first order, and twice', async () => {
      await executor[Symbol.asyncDispose]();
      await executor[Symbol.asyncDispose]();
    });
  });
}
