// Google says in a body when to come back: what its true package is refused with is waited out by the loop, by a clock that the
// test turns.
import { expect, test } from 'vitest';
import { answer, failure, rig } from '../rig/loop.ts';
import { startModelServer } from '../rig/model-server.ts';
import { ask, failureOf, GEMINI, sdkClient, sdkEndpoint } from '../rig/sdk-calls.ts';

async function refusedFor(retryDelay: string) {
  await using server = await startModelServer();
  const asked = ask(await sdkClient(sdkEndpoint('google', server.url)), GEMINI);
  const info = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay };
  const error = { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'Slow down.', details: [info] };
  (await server.next()).answer({ error }, { status: 429 });
  return failureOf(await asked);
}

test.each([
  ['17s', 17_000],
  ['1.5s', 1_500],
  ['41.5s', 41_500],
])(
  'a RetryInfo of %s is waited for, but for one call that finds out whether it is meant',
  async (delay, ms) => {
    const { kind, ...refusal } = await refusedFor(delay);
    expect([kind, refusal.retryAfterMs]).toEqual(['rate-limited', ms]);
    const begun: number[] = [];
    const it = rig({
      ...{ tasks: 6, concurrency: 1, latencyMs: 10 },
      script: () => {
        const now = it.clock.monotonicMs();
        begun.push(now);
        // The account is whole again when it said, and says at each refusal how long that is.
        return now < ms ? failure(kind, { ...refusal, retryAfterMs: ms - now }) : answer();
      },
    });
    await it.run();
    const early = begun.filter((at) => at < ms);
    expect(begun.length - early.length).toBe(6);
    expect(early).toEqual(ms > 2_000 ? [0, 2_010] : [0]);
  },
);
