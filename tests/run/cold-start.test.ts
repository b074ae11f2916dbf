// The first calls of a run are handed to workers that are still loading: when they went out is not known, and the pace that is
// found must not hang on it.
import { expect, it } from 'vitest';
import type { LimitHint } from '../../src/core/limit-hint.ts';
import type { Failure } from '../../src/core/outcome.ts';
import { makeLane, type Ticket } from '../../src/run/limits/lanes.ts';
import { makeBucket } from '../../src/sim/server/bucket.ts';

const NO_LIMITS = { concurrency: null, requestsPerMinute: null, tokensPerMinute: null };
const REFUSED: Failure = { kind: 'rate-limited', status: 429, message: '', retryAfterMs: 1_000 };
const [RATE, BURST, ANSWER_MS, REFUSAL_MS] = [20, 2, 200, 3];

/** A lane that always has work, for so long, against a bucket; nothing goes out before `loadedMs`. */
function play(of: { readonly loadedMs: number; readonly forMs: number; readonly hint?: LimitHint }) {
  const { hint } = of;
  const lane = makeLane('made', { limits: NO_LIMITS, most: 64, ...(hint ? { hint } : {}) });
  const bucket = makeBucket(RATE, BURST);
  let waiting: Ticket[] = [];
  let under: { readonly ticket: Ticket; readonly endMs: number; readonly isTaken: boolean }[] = [];
  const seen = { answered: 0, late: 0, lateRefused: 0 };
  for (let nowMs = 0; nowMs <= of.forMs; nowMs++) {
    for (const { ticket, isTaken } of under.filter(({ endMs }) => endMs <= nowMs)) {
      const failure = isTaken ? null : REFUSED;
      lane.release(ticket, { nowMs, failure, usedTokens: null, limits: null, delayMs: 0, random: 0.5 });
      if (isTaken) seen.answered++;
      if (nowMs < of.loadedMs + 5_000) continue;
      seen.late++;
      if (!isTaken) seen.lateRefused++;
    }
    under = under.filter(({ endMs }) => endMs > nowMs);
    for (let said = lane.admit(nowMs, 0); said.kind === 'go'; said = lane.admit(nowMs, 0))
      waiting.push(said.ticket);
    if (nowMs < of.loadedMs) continue;
    for (const ticket of waiting) {
      const { isTaken } = bucket.take(nowMs);
      under.push({ ticket, isTaken, endMs: nowMs + (isTaken ? ANSWER_MS : REFUSAL_MS) });
    }
    waiting = [];
  }
  return seen;
}

it.each([0, 500, 2_000, 5_000])(
  'nor where it begins with what an earlier run found, after %d ms',
  (loadedMs) => {
    const hint = { requestsPerSecond: 18, burst: 2, concurrency: null };
    const { answered, late, lateRefused } = play({ loadedMs, forMs: loadedMs + 20_000, hint });
    expect(answered).toBeGreaterThan(0.75 * RATE * 20);
    expect(lateRefused / late).toBeLessThan(0.05);
  },
);

it.each([0, 500, 2_000, 5_000])('workers that load for %d ms cost the pace nothing', (loadedMs) => {
  const forMs = loadedMs + 20_000;
  const { answered, late, lateRefused } = play({ loadedMs, forMs });
  expect(answered).toBeGreaterThan(0.75 * RATE * 20);
  expect(lateRefused / late).toBeLessThan(0.05);
});
