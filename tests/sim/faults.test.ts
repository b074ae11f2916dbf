import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { makeBucket } from '../../src/sim/server/bucket.ts';
import { makeFaults } from '../../src/sim/server/faults.ts';
import { handClock } from '../rig/clock.ts';
import { chatRequest, DENTIST, failureOf, quick, started } from './client.ts';

const NOTHING_PAID = { answered: 0, input_tokens: 0, output_tokens: 0 };

describe('faults on demand', () => {
  test('errorRate: 500 in the format of the API', async () => {
    await using sim = await started({ settings: quick({ errorRate: 1 }) });
    const failure = await failureOf(sim.client.chat.completions.create(chatRequest(DENTIST)));
    expect(failure).toBeInstanceOf(OpenAI.InternalServerError);
    expect(failure).toMatchObject({ status: 500, type: 'server_error', requestID: 'req_sim_0_1' });
    expect(sim.stats()).toMatchObject({ requests: 1, errors: 1, ...NOTHING_PAID });
  });

  test('dropRate: the connection ends without an answer', async () => {
    await using sim = await started({ settings: quick({ dropRate: 1 }) });
    const failure = await failureOf(sim.client.chat.completions.create(chatRequest(DENTIST)));
    expect(failure).toBeInstanceOf(OpenAI.APIConnectionError);
    expect(sim.stats()).toMatchObject({ requests: 1, dropped: 1, ...NOTHING_PAID });
  });

  test('hangRate: no answer ever; closing lets the client go', async () => {
    const sim = await started({ settings: quick({ hangRate: 1 }) });
    const call = failureOf(sim.client.chat.completions.create(chatRequest(DENTIST)));
    await arrived(sim, 1);
    expect(sim.stats()).toMatchObject({ hung: 1, in_flight: 1, ...NOTHING_PAID });
    await sim.close();
    expect(await call).toBeInstanceOf(OpenAI.APIConnectionError);
  });

  test('halfJsonRate: 200 with half of the body, its length told rightly', async () => {
    await using sim = await started({ settings: quick({ halfJsonRate: 1 }) });
    const answer = await fetch(`${sim.url}/chat/completions`, {
      method: 'POST',
      body: JSON.stringify(chatRequest(DENTIST)),
    });
    const body = await answer.text();
    expect([answer.status, Number(answer.headers.get('content-length'))]).toEqual([
      200,
      Buffer.byteLength(body),
    ]);
    expect(body).toMatch(/^\{"id":"chatcmpl-/);
    expect(() => JSON.parse(body)).toThrow(SyntaxError);
    expect(sim.stats()).toMatchObject({ requests: 1, halved: 1, ...NOTHING_PAID });
  });

  test('ratePerSecond: 429 with the time to wait, and an answer after it', async () => {
    const clock = handClock();
    await using sim = await started({ settings: quick({ ratePerSecond: 0.5, burst: 1 }), clock });
    const ask = () => sim.client.chat.completions.create(chatRequest(DENTIST)).withResponse();
    const { response } = await ask();
    expect(response.headers.get('x-ratelimit-limit-requests')).toBe('1');
    expect(response.headers.get('x-ratelimit-remaining-requests')).toBe('0');
    expect(response.headers.get('x-ratelimit-reset-requests')).toBe('2000ms');
    await clock.advance(500);
    const failure = (await failureOf(ask())) as InstanceType<typeof OpenAI.RateLimitError>;
    expect(failure).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
    expect([failure.headers.get('retry-after'), failure.headers.get('retry-after-ms')]).toEqual([
      '2',
      '1500',
    ]);
    await clock.advance(1500);
    await ask();
    expect(sim.stats()).toMatchObject({ requests: 3, answered: 2, rate_limited: 1 });
  });

  test('latency: the answer comes when its time has passed, not before', async () => {
    const clock = handClock();
    await using sim = await started({ settings: quick({ latencyMs: 200, latencySpread: 0 }), clock });
    const call = sim.client.chat.completions.create(chatRequest(DENTIST));
    const settled = call.then((completion) => completion.choices.length);
    await arrived(sim, 1);
    await clock.advance(199);
    expect(sim.stats()).toMatchObject({ answered: 0, in_flight: 1 });
    await clock.advance(1);
    expect(await settled).toBe(1);
    expect(sim.stats()).toMatchObject({ answered: 1, in_flight: 0, peak_in_flight: 1 });
  });

  test('a client that goes away before its answer has paid nothing', async () => {
    const clock = handClock();
    await using sim = await started({ settings: quick({ latencyMs: 200, latencySpread: 0 }), clock });
    const leave = new AbortController();
    const call = failureOf(
      sim.client.chat.completions.create(chatRequest(DENTIST), { signal: leave.signal }),
    );
    await arrived(sim, 1);
    leave.abort();
    expect(await call).toBeInstanceOf(OpenAI.APIUserAbortError);
    await until(() => sim.stats().in_flight === 0);
    expect(clock.pending()).toBe(0);
    expect(sim.stats()).toMatchObject({ requests: 1, aborted: 1, ...NOTHING_PAID });
  });

  test('every request ends in one count, and GET /sim/stats tells the same', async () => {
    const settings = quick({ errorRate: 0.2, dropRate: 0.2, halfJsonRate: 0.2, seed: 5 });
    await using sim = await started({ settings });
    for (let i = 0; i < 40; i++) await failureOf(sim.client.chat.completions.create(chatRequest(DENTIST)));
    const stats = sim.stats();
    expect(stats.answered + stats.errors + stats.dropped + stats.halved).toBe(40);
    for (const count of [stats.answered, stats.errors, stats.dropped, stats.halved])
      expect(count).toBeGreaterThan(0);
    const told = await fetch(`http://127.0.0.1:${sim.port}/sim/stats`);
    expect(await told.json()).toEqual(stats);
  });
});

describe('faults', () => {
  const rolled = (settings: Parameters<typeof quick>[0], count: number) => {
    const next = makeFaults(quick(settings));
    return Array.from({ length: count }, next);
  };

  test('are the same for the same seed and others for another', () => {
    const settings = { errorRate: 0.3, latencyMs: 100, latencySpread: 0.5 };
    expect(rolled({ ...settings, seed: 3 }, 100)).toEqual(rolled({ ...settings, seed: 3 }, 100));
    expect(rolled({ ...settings, seed: 3 }, 100)).not.toEqual(rolled({ ...settings, seed: 4 }, 100));
  });

  test('strike as often as the rates say', () => {
    const drawn = rolled({ errorRate: 0.05, dropRate: 0.02, hangRate: 0.01, halfJsonRate: 0.03 }, 50_000);
    const share = (fault: string | null) => drawn.filter((one) => one.fault === fault).length / drawn.length;
    expect(share('error')).toBeCloseTo(0.05, 2);
    expect(share('dropped')).toBeCloseTo(0.02, 2);
    expect(share('hung')).toBeCloseTo(0.01, 2);
    expect(share('halved')).toBeCloseTo(0.03, 2);
    expect(share(null)).toBeCloseTo(0.89, 2);
  });

  test('have log-normal delays around the median, and constant ones without spread', () => {
    const delays = rolled({ latencyMs: 100, latencySpread: 0.3 }, 20_001).map(({ delayMs }) => delayMs);
    delays.sort((a, b) => a - b);
    expect(delays[10_000]).toBeGreaterThan(98);
    expect(delays[10_000]).toBeLessThan(102);
    // The 84th percentile of a log-normal is one sigma up.
    expect(delays[16_827]! / 100).toBeCloseTo(Math.exp(0.3), 1);
    expect(new Set(rolled({ latencyMs: 50, latencySpread: 0 }, 10).map(({ delayMs }) => delayMs))).toEqual(
      new Set([50]),
    );
  });
});

describe('the token bucket', () => {
  test('lets a burst through, then the rate, and who waits as told is served', () => {
    const bucket = makeBucket(10, 3);
    const at = (ms: number) => bucket.take(ms).isTaken;
    expect([at(0), at(0), at(0), at(0)]).toEqual([true, true, true, false]);
    const { waitMs } = bucket.take(30);
    expect(waitMs).toBe(70);
    expect([at(30 + waitMs), at(30 + waitMs)]).toEqual([true, false]);
    expect([at(10_000), at(10_000), at(10_000), at(10_000)]).toEqual([true, true, true, false]);
  });
});

type Started = Awaited<ReturnType<typeof started>>;

function arrived(sim: Started, requests: number): Promise<void> {
  return until(() => sim.stats().requests >= requests);
}

/** Lets the machine go on until something is so; the test's own time limit ends a wait without end. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise<void>((resolve) => setImmediate(resolve));
}
