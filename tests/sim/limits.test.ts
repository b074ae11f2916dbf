import { describe, expect, test } from 'vitest';
import { makeLearned } from '../../src/run/limits/observed-limits.ts';
import { handClock } from '../rig/clock.ts';
import { asked, chatRequest, DENTIST, quick, started } from './client.ts';

describe('limits of an account', () => {
  test('tokens: an answer is charged with what it used, and beyond the bucket there is 429', async () => {
    const clock = handClock();
    const settings = quick({ tokensPerMinute: 6000, tokenBurst: 3000 });
    await using sim = await started({ settings, clock });
    const first = await asked(sim, chatRequest(DENTIST));
    const used = sim.stats().input_tokens + sim.stats().output_tokens;
    expect(first.headers.get('x-ratelimit-limit-tokens')).toBe('3000');
    expect(first.headers.get('x-ratelimit-remaining-tokens')).toBe(String(3000 - used));
    expect(first.headers.get('x-ratelimit-reset-tokens')).toBe(`${used * 10}ms`);
    expect(first.headers.get('x-ratelimit-limit-requests')).toBeNull();
    let refused = first;
    while (refused.status === 200) refused = await asked(sim, chatRequest(DENTIST));
    expect(refused.status).toBe(429);
    expect(JSON.parse(refused.text).error).toMatchObject({ type: 'tokens', code: 'rate_limit_exceeded' });
    await clock.advance(Number(refused.headers.get('retry-after-ms')));
    expect((await asked(sim, chatRequest(DENTIST))).status).toBe(200);
    expect(sim.stats()).toMatchObject({ rate_limited: 1, rate_limited_first_second: 1 });
  });

  test('a question of more tokens than the bucket holds is answered when the bucket is full', async () => {
    const clock = handClock();
    await using sim = await started({ settings: quick({ tokensPerMinute: 60, tokenBurst: 5 }), clock });
    expect((await asked(sim, chatRequest(DENTIST))).status).toBe(200);
    expect((await asked(sim, chatRequest(DENTIST))).status).toBe(429);
    await clock.advance(5000);
    expect((await asked(sim, chatRequest(DENTIST))).status).toBe(200);
    expect(sim.stats()).toMatchObject({ rate_limited: 1, rate_limited_first_second: 1 });
  });

  test('calls at one time: the next one is refused until a place is free', async () => {
    const clock = handClock();
    const settings = quick({ maxInFlight: 2, latencyMs: 100, latencySpread: 0 });
    await using sim = await started({ settings, clock });
    const held = [asked(sim, chatRequest(DENTIST)), asked(sim, chatRequest(DENTIST))];
    await expect.poll(() => sim.stats().in_flight).toBe(2);
    const refused = await asked(sim, chatRequest(DENTIST));
    expect([refused.status, refused.headers.get('retry-after-ms')]).toEqual([429, '100']);
    await clock.advance(100);
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200]);
    const next = asked(sim, chatRequest(DENTIST));
    await expect.poll(() => sim.stats().in_flight).toBe(1);
    await clock.advance(100);
    expect((await next).status).toBe(200);
  });

  test('the headers of the limits and Retry-After can be left out', async () => {
    const settings = quick({ ratePerSecond: 0.1, burst: 1, limitHeaders: false, retryAfter: false });
    await using sim = await started({ settings });
    const answers = [await asked(sim, chatRequest(DENTIST)), await asked(sim, chatRequest(DENTIST))];
    expect(answers.map(({ status }) => status)).toEqual([200, 429]);
    for (const { headers, text } of answers) {
      expect([...headers.keys()].filter((name) => /^(x-ratelimit|retry)/.test(name))).toEqual([]);
      expect(text).not.toMatch(/ ms\./);
    }
  });

  test.each([
    { how: true, says: ['4', '3500', 'Try again in 3500 ms.'] },
    { how: 'seconds', says: ['4', null, 'Try again in 4000 ms.'] },
    { how: 60, says: ['60', null, 'Try again in 60000 ms.'] },
    { how: 0, says: ['0', null, 'Try again in 0 ms.'] },
    { how: false, says: [null, null, 'Try again later.'] },
  ] as const)(
    'a 429 with retry_after: $how says when to come back in that way alone',
    async ({ how, says }) => {
      const clock = handClock();
      const settings = quick({ ratePerSecond: 0.25, burst: 1, limitHeaders: false, retryAfter: how });
      await using sim = await started({ settings, clock });
      await asked(sim, chatRequest(DENTIST));
      await clock.advance(500);
      const { headers, text } = await asked(sim, chatRequest(DENTIST));
      const { message } = JSON.parse(text).error;
      expect([
        headers.get('retry-after'),
        headers.get('retry-after-ms'),
        message.slice(-says[2].length),
      ]).toEqual(says);
    },
  );

  test('a fixed window takes its requests at any moment and begins anew with the next', async () => {
    const clock = handClock();
    const settings = quick({ ratePerSecond: 0.3, window: { kind: 'fixed', seconds: 10 } });
    await using sim = await started({ settings, clock });
    const at = async (ms: number): Promise<readonly [number, string | null]> => {
      await clock.advance(ms - clock.monotonicMs());
      const { status, headers } = await asked(sim, chatRequest(DENTIST));
      return [status, headers.get('retry-after-ms')];
    };
    const all = [];
    for (const ms of [9_000, 9_100, 9_200, 9_300, 10_000, 10_000, 10_000, 10_001]) all.push(await at(ms));
    const [taken, refused] = [[200, null], (ms: string) => [429, ms]] as const;
    expect(all).toEqual([taken, taken, taken, refused('700'), taken, taken, taken, refused('9999')]);
  });

  test('a sliding window counts what was asked in the last seconds, and tells it', async () => {
    const clock = handClock();
    const settings = quick({ ratePerSecond: 0.2, window: { kind: 'sliding', seconds: 10 } });
    await using sim = await started({ settings, clock });
    const told = [];
    for (const ms of [0, 4_000, 1_000, 5_000, 1_000]) {
      await clock.advance(ms);
      const { status, headers } = await asked(sim, chatRequest(DENTIST));
      const header = (name: string) => headers.get(`x-ratelimit-${name}-requests`);
      told.push([
        status,
        header('limit'),
        header('remaining'),
        header('reset'),
        headers.get('retry-after-ms'),
      ]);
    }
    expect(told).toEqual([
      [200, '2', '1', '10000ms', null],
      [200, '2', '0', '10000ms', null],
      [429, '2', '0', '9000ms', '5000'],
      [200, '2', '0', '10000ms', null],
      [429, '2', '0', '9000ms', '3000'],
    ]);
  });

  test('an account whose limit changes in the middle counts anew by the new one', async () => {
    const clock = handClock();
    const drift = { after: 3, latencyMs: null, servedModel: null, ratePerSecond: 0.1, burst: 1 };
    await using sim = await started({ settings: quick({ ratePerSecond: 100, drift }), clock });
    const statuses = [];
    for (let i = 0; i < 6; i++) statuses.push((await asked(sim, chatRequest(DENTIST))).status);
    expect(statuses).toEqual([200, 200, 200, 200, 429, 429]);
    await clock.advance(10_000);
    expect((await asked(sim, chatRequest(DENTIST))).status).toBe(200);
  });

  test('an account that drifts in other ways keeps what it has counted', async () => {
    const clock = handClock();
    const drift = { after: 1, latencyMs: 0, servedModel: 'other' };
    await using sim = await started({ settings: quick({ ratePerSecond: 0.1, burst: 2, drift }), clock });
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await asked(sim, chatRequest(DENTIST))).status);
    expect(statuses).toEqual([200, 200, 429]);
  });

  test('refusals after the first second are told apart', async () => {
    const clock = handClock();
    await using sim = await started({ settings: quick({ ratePerSecond: 0.1, burst: 1 }), clock });
    for (const ms of [0, 999, 1]) {
      await clock.advance(ms);
      await asked(sim, chatRequest(DENTIST));
    }
    expect(sim.stats()).toMatchObject({ answered: 1, rate_limited: 2, rate_limited_first_second: 1 });
  });

  test('what the headers say is the true rate of the bucket, whatever was taken from it', async () => {
    const clock = handClock();
    await using sim = await started({ settings: quick({ ratePerSecond: 50, burst: 20 }), clock });
    const learned = makeLearned('requests');
    for (let seq = 1; seq <= 11; seq++) {
      const { headers } = await asked(sim, chatRequest(DENTIST));
      const told = (name: string) => Number.parseInt(headers.get(`x-ratelimit-${name}-requests`)!, 10);
      const seen = { limit: told('limit'), remaining: told('remaining'), resetMs: told('reset') };
      learned.learn(seen, { seq, taken: learned.take(1), atMs: 0 });
    }
    // Nine are left, two stay untouched: fourteen more are seven too many, 140 ms at 50 a second.
    expect(learned.readyAt(0, 14)).toBeCloseTo(147, -1);
  });
});
