// Further calls of orders under way: each turn of a tool loop asks its lane as a first call does, and goes before tasks that
// were not begun. What is begun is finished: a stop and a budget start nothing new, and end no conversation.
import type { CallGate } from '../core/gate.ts';
import { type Budget, costOf, settlementOfCall } from './budget.ts';
import type { Flight } from './input.ts';
import type { CallEnd, Lane } from './lanes.ts';

export type Calls = {
  gateOf(at: Flight): CallGate;
  /**
   * Lets go what may; returns how long until a lane opens by itself, null where none is waited for. `brief`: a call that
   * would have to wait for longer than it may itself take is told that it never will, so that a stop does not last as long
   * as a provider's pause.
   */
  serve(patience: 'any' | 'brief'): number | null;
  /** Calls of this lane will never be let go. */
  close(lane: string): void;
};

type Waiting = { readonly at: Flight; readonly resolve: (verdict: 'go' | 'closed') => void };

export type CallsInput = {
  readonly nowMs: () => number;
  readonly lanes: ReadonlyMap<string, Lane>;
  readonly budget: Budget;
  readonly release: (at: Flight, end: Omit<CallEnd, 'nowMs' | 'random'>) => void;
  readonly wake: () => void;
};

export function makeCalls(input: CallsInput): Calls {
  const { lanes, budget, nowMs } = input;
  const waiting = new Map<string, Waiting[]>();
  const closed = new Set<string>();

  return {
    gateOf(at) {
      const { lane, price } = at.job.context;
      return {
        admit() {
          if (closed.has(lane) || at.isOver) return Promise.resolve('closed');
          at.watch.pause();
          return new Promise((resolve) => {
            const others = waiting.get(lane) ?? [];
            others.push({ at, resolve });
            waiting.set(lane, others);
            input.wake();
          });
        },
        waits: () => at.watch.pause(),
        goesOn() {
          if (!at.isOver) at.watch.restart();
        },
        works(limitMs) {
          if (!at.isOver) at.watch.restart(limitMs);
        },
        // Whoever hands the gate on keeps what was told.
        told: () => {},
        ended({ failure, usage, limits }) {
          if (at.isOver || at.ticket === null) return;
          budget.settle(at.reservedUsd, settlementOfCall(failure, costOf(usage, price)));
          if (usage) at.job.context.learnTokens(at.order, usage);
          input.release(at, { failure, usedTokens: usage?.totalTokens ?? null, limits, delayMs: 0 });
          at.ticket = null;
          at.reservedUsd = 0;
          at.watch.restart();
          input.wake();
        },
      };
    },
    serve(patience) {
      let waitMs: number | null = null;
      for (const [name, calls] of waiting) {
        const lane = lanes.get(name)!;
        while (calls.length > 0) {
          const { at, resolve } = calls[0]!;
          if (!at.isOver) {
            const admission = lane.admit(nowMs(), at.tokens);
            const ms = admission.kind === 'wait' ? admission.untilMs - nowMs() : 0;
            if (patience === 'brief' && ms > at.order.timeoutMs) {
              calls.shift();
              resolve('closed');
              continue;
            }
            if (admission.kind === 'wait') waitMs = Math.min(waitMs ?? Number.POSITIVE_INFINITY, ms);
            if (admission.kind !== 'go') break;
            at.ticket = admission.ticket;
            at.reservedUsd = budget.reserve(at.estimatedUsd) ?? 0;
            at.watch.restart();
          }
          calls.shift();
          resolve(at.isOver ? 'closed' : 'go');
        }
      }
      return waitMs;
    },
    close(name) {
      closed.add(name);
      for (const { resolve } of waiting.get(name) ?? []) resolve('closed');
      waiting.delete(name);
    },
  };
}
