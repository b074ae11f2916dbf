// How well a lane finds a limit that nobody declared, in time that is turned by hand: 3,000 tasks against a provider that
// is played here. The real thing over a network is a row of the bench.
// @project e2e: 24,000 tasks are played.
import { expect, it } from 'vitest';
import { makeRandom } from '../../src/core/shuffle.ts';
import { makeBucket } from '../../src/sim/server/bucket.ts';
import { answer, failure, rig } from '../rig/loop.ts';

const TASKS = 3_000;
const RATE = 50;

type Seen = { asked: number; refused: number };

async function overBucket(at: { readonly latencyMs: number; readonly headers: boolean }) {
  const bucket = makeBucket(RATE, RATE);
  const late: Seen = { asked: 0, refused: 0 };
  const it = rig({
    tasks: TASKS,
    concurrency: 128,
    latencyMs: at.latencyMs,
    retries: 8,
    script: () => {
      const nowMs = it.clock.monotonicMs();
      const token = bucket.take(nowMs);
      if (nowMs > 1_000) late.asked++;
      const told = { limit: RATE, remaining: token.left, resetMs: token.fullInMs };
      const limits = at.headers ? { requests: told, tokens: null } : null;
      if (token.isTaken) return { ...answer(), limits } as ReturnType<typeof answer>;
      if (nowMs > 1_000) late.refused++;
      return failure('rate-limited', { status: 429, retryAfterMs: token.waitMs });
    },
  });
  const random = makeRandom(7);
  const result = await it.run({ random });
  const idealMs = ((TASKS - RATE) / RATE) * 1000 + at.latencyMs;
  expect([...result.results.values()].filter((status) => status === 'completed')).toHaveLength(TASKS);
  return { wall: it.clock.monotonicMs() / idealMs, refused: late.refused / late.asked };
}

it.each([50, 120, 500])(
  'a bucket that its headers tell of is never hit after a second (%i ms)',
  async (ms) => {
    const { wall, refused } = await overBucket({ latencyMs: ms, headers: true });
    expect(wall).toBeLessThan(1.05);
    expect(refused).toBe(0);
  },
);

it.each([50, 120, 500])(
  'a bucket without headers is found by being told off now and then (%i ms)',
  async (ms) => {
    const { wall, refused } = await overBucket({ latencyMs: ms, headers: false });
    expect(wall).toBeLessThan(1.05);
    expect(refused).toBeLessThan(0.04);
  },
);

it.each([120, 1_000])(
  'a number of calls at once is found by being told off now and then (%i ms)',
  async (ms) => {
    const most = 20;
    const seen: Seen = { asked: 0, refused: 0 };
    let open = 0;
    const it = rig({
      tasks: TASKS,
      concurrency: 128,
      latencyMs: ms,
      retries: 8,
      script: () => {
        seen.asked++;
        if (open >= most) {
          seen.refused++;
          return failure('rate-limited', { status: 429 });
        }
        open++;
        it.clock.after(ms, () => {
          open--;
        });
        return answer();
      },
    });
    const result = await it.run({ random: makeRandom(7) });
    expect(result.results.size).toBe(TASKS);
    expect(it.clock.monotonicMs()).toBeLessThan(((TASKS * ms) / most) * 1.45);
    expect(seen.refused / seen.asked).toBeLessThan(0.03);
  },
);
