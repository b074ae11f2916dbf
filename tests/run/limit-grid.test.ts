// How well a lane finds limits that nobody declared, in time that is turned by hand. EXPGRAPH_GRID=all plays every cell.
// @project e2e: hundreds of thousands of calls are played.
import { describe, expect, it } from 'vitest';
import type { LimitHint } from '../../src/core/limit-hint.ts';
import { makeRandom } from '../../src/core/shuffle.ts';
import {
  type Account,
  bucketAccount,
  changingAccount,
  concurrencyAccount,
  type RetryAfter,
  windowAccount,
} from '../rig/limit-accounts.ts';
import {
  allCells,
  type Cell,
  lognormal,
  MOST_REFUSED,
  nameOfCell,
  playCell,
  someCells,
} from '../rig/limit-grid.ts';
import { type Game, type Played, playGame } from '../rig/limit-player.ts';
import { answer, failure, rig } from '../rig/loop.ts';

const isWhole = process.env.EXPGRAPH_GRID === 'all';

describe('a bucket that nobody declared', () => {
  const missed = (cells: readonly Cell[]): readonly string[] =>
    cells.flatMap((cell) => {
      const { held, wallMs, boundMs, refusedLate, failed } = playCell(cell);
      if (held) return [];
      return [`${nameOfCell(cell)}: ${wallMs} of ${boundMs} ms, ${refusedLate} refused, ${failed} failed`];
    });

  it('is used to 1.15 x the ideal and ten seconds, at most 5 % refused after five, none failed', () => {
    expect(missed(isWhole ? allCells() : someCells())).toEqual([]);
  });

  it('is met by the grid in every pair of its values', () => {
    const pairs = (cells: readonly Cell[]): number => {
      const seen = new Set<string>();
      for (const cell of cells) {
        const values = Object.entries(cell).map(([name, value]) => `${name}=${value}`);
        for (const one of values) for (const two of values) if (one < two) seen.add(`${one} ${two}`);
      }
      return seen.size;
    };
    expect([allCells().length, pairs(someCells())]).toEqual([2_304, pairs(allCells())]);
  });
});

function play(
  game: Partial<Game> & Pick<Game, 'account' | 'tasks'>,
): Played & { readonly refusedLate: number } {
  const played = playGame({ most: 128, draws: lognormal(200), refusalMs: () => 20, capMs: 900_000, ...game });
  expect(played.failed).toBe(0);
  return { ...played, refusedLate: played.lateRefused / Math.max(1, played.lateSent) };
}

const bucket = (perSecond: number, burst: number, retryAfter: RetryAfter = 'rounded'): Account =>
  bucketAccount({ perSecond, burst, retryAfter, headers: false });

describe('the buckets with which it was measured beside others', () => {
  it.each([
    { perSecond: 20, burst: 2, tasks: 600, concurrency: 64, seconds: 30, within: 1.1 },
    { perSecond: 20, burst: 2, tasks: 600, concurrency: null, seconds: 30, within: 1.1 },
    { perSecond: 50, burst: 5, tasks: 900, concurrency: 64, seconds: 18, within: 1.1 },
    { perSecond: 300, burst: 300, tasks: 3_000, concurrency: null, seconds: 9, within: 1.1 },
  ])('$perSecond a second, holding $burst, concurrency $concurrency', (at) => {
    const { wallMs, refusedLate } = play({
      account: bucket(at.perSecond, at.burst),
      tasks: at.tasks,
      limits: { concurrency: at.concurrency },
    });
    expect(wallMs).toBeLessThan(at.within * at.seconds * 1000);
    expect(refusedLate).toBeLessThan(MOST_REFUSED);
  });
});

describe.each(['exact', 'rounded', 'absent'] as const)('windows, Retry-After %s', (retryAfter) => {
  it.each(['fixed', 'sliding'] as const)('of a second, %s: as a rate', (kind) => {
    const account = windowAccount({ most: 50, windowMs: 1_000, kind, retryAfter });
    const { wallMs, refusedLate } = play({ account, tasks: 3_050 });
    expect(wallMs).toBeLessThan(1.15 * 60_000 + 10_000);
    expect(refusedLate).toBeLessThan(MOST_REFUSED);
  });

  it.each(['fixed', 'sliding'] as const)('of a minute, %s: as a rate, from the second on', (kind) => {
    const account = windowAccount({ most: 300, windowMs: 60_000, kind, retryAfter });
    const { wallMs, refusedLate } = play({ account, tasks: 1_200 });
    // Three windows must pass; a client that spreads its calls needs up to one more.
    expect(wallMs).toBeLessThan(1.15 * 180_000 + 60_000);
    expect(refusedLate).toBeLessThan(MOST_REFUSED);
  });
});

describe('an account that counts calls at once', () => {
  it.each([
    { most: 4, latencyMs: 2_000, retryAfterMs: null },
    { most: 4, latencyMs: 2_000, retryAfterMs: 5_000 },
    { most: 20, latencyMs: 200, retryAfterMs: null },
    { most: 20, latencyMs: 2_000, retryAfterMs: null },
    { most: 20, latencyMs: 2_000, retryAfterMs: 5_000 },
  ])('$most of $latencyMs ms, Retry-After $retryAfterMs', ({ most, latencyMs, retryAfterMs }) => {
    const account = concurrencyAccount({ most, retryAfterMs });
    const tasks = (most * 60_000) / latencyMs;
    const { wallMs, lateRefused } = play({ account, tasks, draws: lognormal(latencyMs) });
    expect(wallMs).toBeLessThan(1.8 * 60_000);
    expect(lateRefused).toBeLessThan(Math.max(12, MOST_REFUSED * tasks));
  });
});

describe('an account of one call in two seconds', () => {
  it.each([
    { burst: 1, retryAfter: 'rounded' },
    { burst: 1, retryAfter: 'exact' },
    { burst: 1, retryAfter: 'absent' },
    { burst: 5, retryAfter: 'rounded' },
    { burst: 5, retryAfter: 'exact' },
  ] as const)('holding $burst, Retry-After $retryAfter: is asked about as often as it takes', (at) => {
    const tasks = 60 + at.burst;
    const { wallMs, refused } = play({ account: bucket(0.5, at.burst, at.retryAfter), tasks });
    expect(wallMs).toBeLessThan(1.15 * 120_000 + 10_000);
    // Sixteen calls and a search go out before its pace is known.
    expect(refused).toBeLessThan(16 + 0.3 * tasks);
  });
});

describe('a limit that changes in the middle', () => {
  it.each([
    [50, 10],
    [300, 60],
    [20, 100],
    [5, 25],
    [300, 1_500],
  ])('from %i a second to %i', (before, after) => {
    const account = changingAccount(bucket(before, Math.max(1, before / 10)), {
      atMs: 30_000,
      after: bucket(after, Math.max(1, after / 10)),
    });
    const { wallMs, refusedLate } = play({ account, tasks: 30 * before + 60 * after, most: 1_024 });
    expect(wallMs).toBeLessThan(1.15 * 90_000 + 10_000);
    expect(refusedLate).toBeLessThan(MOST_REFUSED);
  });
});

describe('processes that share an account', () => {
  const shared = (at: { perSecond: number; burst: number; lanes: number; retryAfter: RetryAfter }) => {
    const account = bucket(at.perSecond, at.burst, at.retryAfter);
    const played = play({ account, tasks: 60 * at.perSecond, lanes: at.lanes });
    return { ...played, spread: Math.max(...played.doneMs) / Math.min(...played.doneMs) };
  };

  it.each([
    { lanes: 2, perSecond: 20, burst: 2 },
    { lanes: 2, perSecond: 20, burst: 20 },
    { lanes: 2, perSecond: 50, burst: 5 },
    { lanes: 2, perSecond: 300, burst: 30 },
    { lanes: 4, perSecond: 50, burst: 5 },
    { lanes: 4, perSecond: 300, burst: 30 },
  ])('$lanes of them on $perSecond a second use it as one would, and none is left behind', (at) => {
    for (const retryAfter of ['rounded', 'exact'] as const) {
      const { wallMs, spread, refusedLate } = shared({ ...at, retryAfter });
      expect(wallMs).toBeLessThan(1.15 * 60_000 + 10_000);
      expect(spread).toBeLessThan(2);
      expect(refusedLate).toBeLessThan(MOST_REFUSED);
    }
  });

  // Where the bucket holds next to nothing, whoever asks at the wrong moment gets nothing: fair it is not, but nobody starves.
  it.each([
    { lanes: 4, perSecond: 20, burst: 2, times: 2.5 },
    { lanes: 4, perSecond: 20, burst: 20, times: 2.5 },
    { lanes: 2, perSecond: 5, burst: 1, times: 2.5 },
  ])('$lanes of them on $perSecond a second, holding $burst, all come to their end', (at) => {
    for (const retryAfter of ['rounded', 'exact'] as const)
      expect(shared({ ...at, retryAfter }).wallMs).toBeLessThan(at.times * 60_000);
  });
});

describe('refusals that take as long as answers', () => {
  it.each([
    { perSecond: 20, burst: 2, latencyMs: 200, times: 1.15 },
    { perSecond: 300, burst: 30, latencyMs: 500, times: 2 },
  ])('$perSecond a second, $latencyMs ms', ({ perSecond, burst, latencyMs, times }) => {
    const { wallMs, refusedLate } = play({
      account: bucket(perSecond, burst),
      tasks: 60 * perSecond,
      most: 512,
      draws: lognormal(latencyMs),
      refusalMs: (ms) => ms,
    });
    expect(wallMs).toBeLessThan(times * 60_000 + 10_000);
    expect(refusedLate).toBeLessThan(MOST_REFUSED);
  });
});

describe('a limit of tokens', () => {
  it.each([true, false])('is found as one of calls is (headers: %s)', (headers) => {
    const account = bucketAccount({
      perSecond: 1_000,
      burst: 5_000,
      retryAfter: 'rounded',
      headers,
      counts: 'tokens',
    });
    const { wallMs, refusedLate } = play({ account, tasks: 650, tokens: 100 });
    expect(wallMs).toBeLessThan(1.1 * 60_000);
    expect(refusedLate).toBeLessThan(MOST_REFUSED);
  });
});

describe('what an earlier invocation found out', () => {
  const at = { account: () => bucket(20, 2), tasks: 600 };
  const learnedBy = (game: Played): LimitHint => game.hints[0]!;

  it('is said within a few percent', () => {
    const hint = learnedBy(play({ account: at.account(), tasks: at.tasks }));
    expect(hint.requestsPerSecond).toBeGreaterThan(18);
    expect(hint.requestsPerSecond).toBeLessThan(21);
    expect(hint.burst).toBeLessThanOrEqual(3);
    expect(hint.concurrency).toBeNull();
  });

  it('is begun with: next to nothing is refused', () => {
    const hint = learnedBy(play({ account: at.account(), tasks: at.tasks }));
    const again = play({ account: at.account(), tasks: at.tasks, hint });
    expect(again.refused).toBeLessThan(12);
    expect(again.wallMs).toBeLessThan(33_000);
  });

  it.each([4, 100])('is no limit: %i a second were seen where there are 20 now', (requestsPerSecond) => {
    const hint = { requestsPerSecond, burst: 2, concurrency: null };
    const { wallMs, refusedLate } = play({ account: at.account(), tasks: at.tasks, hint });
    expect(wallMs).toBeLessThan(1.15 * 30_000 + 15_000);
    expect(refusedLate).toBeLessThan(MOST_REFUSED);
  });

  it('is nothing, where nothing was ever refused', () => {
    const played = play({ account: bucket(1e6, 1e6), tasks: 500 });
    expect(played.hints).toEqual([null]);
  });

  it('is a number of calls at once, where that is what it counts', () => {
    const account = concurrencyAccount({ most: 4, retryAfterMs: 5_000 });
    const hint = learnedBy(play({ account, tasks: 120, draws: lognormal(2_000) }));
    expect(hint.concurrency).toBeGreaterThanOrEqual(3);
    expect(hint.concurrency).toBeLessThanOrEqual(6);
  });
});

describe('the loop', () => {
  it.each([
    { perSecond: 20, burst: 2, tasks: 300 },
    { perSecond: 50, burst: 50, tasks: 600 },
  ])('does with a lane what the player does: $perSecond a second, holding $burst', async (at) => {
    const account = bucket(at.perSecond, at.burst);
    let refused = 0;
    const real = rig({
      tasks: at.tasks,
      concurrency: 128,
      latencyMs: 100,
      retries: 8,
      script: () => {
        const { isTaken, retryAfterMs } = account.ask(real.clock.monotonicMs(), 0);
        if (isTaken) return answer();
        refused++;
        return failure('rate-limited', { status: 429, retryAfterMs });
      },
    });
    const result = await real.run({ random: makeRandom(7) });
    expect(result.results.size).toBe(at.tasks);
    const played = play({
      account: bucket(at.perSecond, at.burst),
      tasks: at.tasks,
      draws: lognormal(100, { sigma: 0 }),
      refusalMs: () => 100,
    });
    expect(Math.abs(real.clock.monotonicMs() / played.wallMs - 1)).toBeLessThan(0.05);
    expect(Math.abs(refused - played.refused)).toBeLessThan(0.03 * at.tasks + 3);
  });
});
