// The grid of accounts against which the finder of limits is held, and what is asked of each cell of it.
import { bucketAccount, type RetryAfter } from './limit-accounts.ts';
import { type Draws, type Played, playGame } from './limit-player.ts';

export type Cell = {
  readonly perSecond: number;
  /** As it is named: 1, R/10, R, 60R. */
  readonly burst: (typeof BURSTS)[number];
  readonly latencyMs: number;
  readonly retryAfter: RetryAfter;
  readonly headers: boolean;
  /** null = none declared: the common ceiling alone. */
  readonly declared: number | null;
  readonly errors: number;
};

export type CellResult = Played & {
  readonly idealMs: number;
  readonly boundMs: number;
  readonly tasks: number;
  /** Share of the calls after the first five seconds. */
  readonly refusedLate: number;
  readonly held: boolean;
};

const RATES = [1, 5, 20, 50, 300, 2_000];
const BURSTS = ['1', 'R/10', 'R', '60R'] as const;
const LATENCIES = [20, 2_000, 30_000];
const RETRY_AFTERS: readonly RetryAfter[] = ['exact', 'rounded', 'absent', 'minute'];
const DECLARED = 64;
/** Refused by a gateway that asks no model. */
export const REFUSAL_MS = 20;

const WALL_TIMES = 1.15;
const WALL_MORE_MS = 10_000;
export const MOST_REFUSED = 0.05;

export function allCells(): readonly Cell[] {
  const cells: Cell[] = [];
  for (const perSecond of RATES)
    for (const burst of BURSTS)
      for (const latencyMs of LATENCIES)
        for (const retryAfter of RETRY_AFTERS)
          for (const headers of [false, true])
            for (const declared of [null, DECLARED])
              for (const errors of [0, 0.05])
                cells.push({ perSecond, burst, latencyMs, retryAfter, headers, declared, errors });
  return cells;
}

/**
 * One cell of each ten and some more, the same ones each time: by steps through the values that are no multiple of any of their
 * numbers, so that every value meets every value of the others.
 */
export function someCells(): readonly Cell[] {
  return allCells().filter((_, index) => index % 11 === 3 || index % 97 === 5);
}

export function nameOfCell(cell: Cell): string {
  const { perSecond, burst, latencyMs, retryAfter, headers, declared, errors } = cell;
  return [
    `${perSecond}/s`,
    `burst ${burst}`,
    `${latencyMs} ms`,
    `Retry-After ${retryAfter}`,
    headers ? 'headers' : 'no headers',
    declared === null ? 'none declared' : `${declared} declared`,
    `${errors * 100} % errors`,
  ].join(', ');
}

export function playCell(cell: Cell): CellResult {
  const burst = burstOf(cell);
  const most = mostOf(cell);
  const tasks = tasksOf(cell, { burst, most });
  const draws = drawsOf(cell);
  const { perSecond, retryAfter, headers, declared } = cell;
  const idealMs = idealOf({ perSecond, burst, most, tasks, draws });
  const boundMs = WALL_TIMES * idealMs + WALL_MORE_MS;
  const played = playGame({
    account: bucketAccount({ perSecond, burst, retryAfter, headers }),
    tasks,
    limits: { concurrency: declared },
    most: declared === null ? most : 10_000,
    draws,
    refusalMs: () => REFUSAL_MS,
    capMs: 3 * boundMs,
  });
  const refusedLate = played.lateSent === 0 ? 0 : played.lateRefused / played.lateSent;
  const held = played.wallMs <= boundMs && refusedLate <= MOST_REFUSED && played.failed === 0;
  return { ...played, tasks, idealMs, boundMs, refusedLate, held };
}

export function burstOf({ perSecond, burst }: Pick<Cell, 'perSecond' | 'burst'>): number {
  const calls = { '1': 1, 'R/10': perSecond / 10, R: perSecond, '60R': 60 * perSecond };
  return Math.max(1, calls[burst]);
}

/** So wide that the rate is what holds calls back, as far as execution.concurrency may be set. */
function mostOf({ perSecond, latencyMs, declared }: Cell): number {
  return declared ?? Math.min(10_000, Math.max(128, Math.ceil((8 * perSecond * latencyMs) / 1000)));
}

/** The burst, and what comes in twenty seconds or more; where the ceiling allows fewer, as many as it allows. */
function tasksOf(cell: Cell, { burst, most }: { readonly burst: number; readonly most: number }): number {
  const { perSecond, latencyMs } = cell;
  const seconds = perSecond <= 5 ? 60 : perSecond <= 50 ? 40 : 20;
  const byRate = burst + seconds * perSecond;
  return Math.ceil(
    Math.min(byRate, Math.max(Math.min(2.5 * most, 15_000), (seconds * most * 1000) / latencyMs)),
  );
}

/** Lognormal, its tail cut off at two sigma: one answer must not decide how long a cell takes. */
export function lognormal(meanMs: number, { sigma = 0.5, errors = 0 } = {}): Draws {
  const chance = (task: number, n: number, salt: number): number => {
    let mixed = Math.imul(task ^ Math.imul(n + 1, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b), 0xc2b2ae35);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
    mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 4294967296;
  };
  return {
    latencyMs(task, n) {
      const radius = Math.sqrt(-2 * Math.log(1 - chance(task, n, 1)));
      const normal = radius * Math.cos(2 * Math.PI * chance(task, n, 2));
      return meanMs * Math.exp(sigma * Math.max(-2, Math.min(2, normal)) - (sigma * sigma) / 2);
    },
    isError: (task, n) => errors > 0 && chance(task, n, 3) < errors,
  };
}

function drawsOf({ latencyMs, errors }: Cell): Draws {
  return lognormal(latencyMs, { errors });
}

/** The least that any client could take that asks in this order: a token and a place for each call, and errors asked again at once. */
export function idealOf(of: {
  readonly perSecond: number;
  readonly burst: number;
  readonly most: number;
  readonly tasks: number;
  readonly draws: Draws;
}): number {
  const { perSecond, burst, most, tasks, draws } = of;
  const perMs = perSecond / 1000;
  const ends = new Float64Array(most);
  let open = 0;
  let level = burst;
  let atMs = 0;
  let lastMs = 0;
  const push = (endMs: number): void => {
    let at = open++;
    while (at > 0 && ends[(at - 1) >> 1]! > endMs) {
      ends[at] = ends[(at - 1) >> 1]!;
      at = (at - 1) >> 1;
    }
    ends[at] = endMs;
  };
  const pop = (): number => {
    const first = ends[0]!;
    const last = ends[--open]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= open) break;
      if (child + 1 < open && ends[child + 1]! < ends[child]!) child++;
      if (ends[child]! >= last) break;
      ends[at] = ends[child]!;
      at = child;
    }
    ends[at] = last;
    return first;
  };
  const again: { readonly task: number; readonly n: number; readonly atMs: number }[] = [];
  let againFrom = 0;
  for (let task = 0; task < tasks || againFrom < again.length; ) {
    const isAgain = againFrom < again.length && (task >= tasks || again[againFrom]!.atMs <= atMs);
    const one = isAgain ? again[againFrom++]! : { task: task++, n: 0, atMs: 0 };
    let startMs = Math.max(atMs, one.atMs);
    if (open >= most) startMs = Math.max(startMs, pop());
    level = Math.min(burst, level + (startMs - atMs) * perMs);
    if (level < 1) {
      startMs += (1 - level) / perMs;
      level = 1;
    }
    level--;
    atMs = startMs;
    const endMs = startMs + draws.latencyMs(one.task, one.n);
    push(endMs);
    lastMs = Math.max(lastMs, endMs);
    if (draws.isError(one.task, one.n)) again.push({ task: one.task, n: one.n + 1, atMs: endMs });
  }
  return lastMs;
}
