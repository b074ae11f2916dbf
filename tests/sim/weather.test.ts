import { expect, test } from 'vitest';
import { handClock } from '../rig/clock.ts';
import { asked, chatRequest, DENTIST, quick, started } from './client.ts';

test('a drift changes the latency and the served model from one request to the next, and no answer', async () => {
  const clock = handClock();
  const drift = { after: 1, latencyMs: 500, servedModel: 'other' };
  await using sim = await started({ settings: quick({ latencySpread: 0, drift }), clock });
  const before = JSON.parse((await asked(sim, chatRequest(DENTIST))).text);
  const call = asked(sim, chatRequest(DENTIST));
  await expect.poll(() => sim.stats().requests).toBe(2);
  await clock.advance(499);
  expect(sim.stats().answered).toBe(1);
  await clock.advance(1);
  const after = JSON.parse((await call).text);
  expect([before.model, after.model]).toEqual(['sim-small', 'other']);
  expect(after.choices).toEqual(before.choices);
});

test('an outage begins after so many requests, meets everything, and ends by itself', async () => {
  const clock = handClock();
  const outage = { after: 1, forMs: 3000, status: 503 };
  await using sim = await started({ settings: quick({ outage }), clock });
  const statuses: number[] = [];
  // The clock that starts with the first request of the outage, not with the simulation.
  for (const ms of [0, 60_000, 2999, 1, 0]) {
    await clock.advance(ms);
    statuses.push((await asked(sim, chatRequest(DENTIST))).status);
  }
  expect(statuses).toEqual([200, 503, 503, 200, 200]);
  expect(sim.stats()).toMatchObject({ requests: 5, answered: 3, unavailable: 2 });
});
