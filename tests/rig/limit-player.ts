// Lanes against an account, played in time that jumps from one event to the next: what the loop does with a lane, and none of
// what it does beside that, so that thousands of accounts take a minute. tests/run/limit-grid.test.ts shows that both do alike.
import type { LimitHint } from '../../src/core/limit-hint.ts';
import type { Limits } from '../../src/core/manifest.ts';
import type { Failure } from '../../src/core/outcome.ts';
import { makeRandom } from '../../src/core/shuffle.ts';
import { makeLane, type Ticket } from '../../src/run/limits/lanes.ts';
import { decideRetry, isExcused } from '../../src/run/limits/retry.ts';
import type { Account } from './limit-accounts.ts';
import { makeTimeline } from './timeline.ts';

/** What the n-th call of a task would be like, the same for every client. */
export type Draws = {
  latencyMs(task: number, n: number): number;
  isError(task: number, n: number): boolean;
};

export type Game = {
  readonly account: Account;
  readonly tasks: number;
  readonly limits?: Partial<Limits>;
  /** Calls in flight at most, in each lane. */
  readonly most: number;
  readonly draws: Draws;
  /** How long a refusal takes: a gateway's few milliseconds, or as long as an answer. */
  readonly refusalMs: (latencyMs: number) => number;
  /** Processes that share the account; each has its share of the tasks. */
  readonly lanes?: number;
  readonly tokens?: number;
  readonly hint?: LimitHint;
  /** Later than that it is given up. */
  readonly capMs?: number;
};

export type Played = {
  readonly wallMs: number;
  readonly sent: number;
  readonly refused: number;
  /** Of those that were sent after the first five seconds. */
  readonly lateSent: number;
  readonly lateRefused: number;
  readonly failed: number;
  /** When each lane had its last answer. */
  readonly doneMs: readonly number[];
  readonly hints: readonly (LimitHint | null)[];
};

export const LATE_MS = 5_000;
const RETRIES = 8;
const NO_LIMITS: Limits = { concurrency: null, requestsPerMinute: null, tokensPerMinute: null };

type Job = { readonly task: number; attempts: number; excused: number; taken: number };

export function playGame(game: Game): Played {
  const { account, draws, tokens = 0, capMs = Number.POSITIVE_INFINITY } = game;
  const count = game.lanes ?? 1;
  const random = makeRandom(7);
  const timeline = makeTimeline();
  const seen = { sent: 0, refused: 0, lateSent: 0, lateRefused: 0, failed: 0 };
  let left = game.tasks;
  let nextTask = 0;
  let nowMs = 0;

  const clients = Array.from({ length: count }, (_, index) => {
    const lane = makeLane('made', {
      limits: { ...NO_LIMITS, ...game.limits },
      most: game.most,
      ...(game.hint ? { hint: game.hint } : {}),
    });
    let fresh = Math.floor(game.tasks / count) + (index < game.tasks % count ? 1 : 0);
    const due: Job[] = [];
    let dueFrom = 0;
    let last: 'due' | 'fresh' = 'fresh';
    let wakesAtMs = Number.POSITIVE_INFINITY;
    let doneMs = 0;

    /** Retries and fresh tasks take turns, as in run/queue.ts; a probe asks with a fresh one where there is one. */
    function peek(): { readonly job: Job; readonly from: 'due' | 'fresh' } | null {
      const hasDue = dueFrom < due.length;
      if (!hasDue && fresh === 0) return null;
      const isFresh = fresh > 0 && (!hasDue || last === 'due' || lane.isProbing(nowMs));
      if (isFresh) return { job: { task: -1, attempts: 0, excused: 0, taken: 0 }, from: 'fresh' };
      return { job: due[dueFrom]!, from: 'due' };
    }

    function start(): void {
      for (;;) {
        const peeked = peek();
        if (peeked === null) return;
        const admission = lane.admit(nowMs, tokens);
        if (admission.kind === 'full') return;
        if (admission.kind === 'wait') {
          if (admission.untilMs < wakesAtMs) {
            wakesAtMs = admission.untilMs;
            timeline.add(admission.untilMs, wake);
          }
          return;
        }
        let { job } = peeked;
        last = peeked.from;
        if (last === 'fresh') {
          fresh--;
          job = { ...job, task: nextTask++ };
        } else if (++dueFrom > 1000) {
          due.splice(0, dueFrom);
          dueFrom = 0;
        }
        send(job, admission.ticket);
      }
    }

    function wake(): void {
      if (nowMs >= wakesAtMs) wakesAtMs = Number.POSITIVE_INFINITY;
      start();
    }

    function send(job: Job, ticket: Ticket): void {
      const isLate = nowMs > LATE_MS;
      seen.sent++;
      if (isLate) seen.lateSent++;
      job.attempts++;
      const verdict = account.ask(nowMs, tokens);
      const latencyMs = draws.latencyMs(job.task, job.taken);
      if (!verdict.isTaken) {
        seen.refused++;
        if (isLate) seen.lateRefused++;
        const { retryAfterMs } = verdict;
        const failure: Failure = { kind: 'rate-limited', status: 429, message: 'too much', retryAfterMs };
        timeline.add(nowMs + game.refusalMs(latencyMs), () =>
          failed({ job, ticket, failure, limits: verdict.limits }),
        );
        return;
      }
      const isError = draws.isError(job.task, job.taken++);
      timeline.add(nowMs + latencyMs, () => {
        account.ended();
        const { limits } = verdict;
        if (isError) {
          const failure: Failure = { kind: 'overloaded', status: 500, message: 'error', retryAfterMs: null };
          return failed({ job, ticket, failure, limits });
        }
        lane.release(ticket, {
          nowMs,
          failure: null,
          usedTokens: tokens,
          limits,
          delayMs: 0,
          random: random(),
        });
        doneMs = nowMs;
        left--;
        start();
      });
    }

    /** As run/failed-attempts.ts and run/run.ts do. */
    function failed(of: {
      readonly job: Job;
      readonly ticket: Ticket;
      readonly failure: Failure;
      readonly limits: Parameters<typeof lane.release>[1]['limits'];
    }): void {
      const { job, ticket, failure, limits } = of;
      if ((ticket.isProbe && job.attempts === 1) || isExcused(failure, job.excused)) job.excused++;
      const decision = decideRetry({
        failure,
        attempt: job.attempts - job.excused,
        tries: job.attempts,
        retries: RETRIES,
        random: random(),
      });
      const delayMs = decision.kind === 'retry' ? decision.delayMs : 0;
      lane.release(ticket, { nowMs, failure, usedTokens: tokens, limits, delayMs, random: random() });
      if (decision.kind === 'retry') {
        timeline.add(nowMs + delayMs, () => {
          due.push(job);
          start();
        });
      } else {
        seen.failed++;
        left--;
      }
      start();
    }

    return { start, lane, doneMs: () => doneMs };
  });

  for (const client of clients) client.start();
  while (left > 0 && nowMs < capMs) {
    const event = timeline.next();
    if (event === null) break;
    nowMs = Math.max(nowMs, event.atMs);
    event.act();
  }
  return {
    ...seen,
    wallMs: left > 0 ? Number.POSITIVE_INFINITY : nowMs,
    doneMs: clients.map(({ doneMs }) => doneMs()),
    hints: clients.map(({ lane }) => lane.learned()),
  };
}
