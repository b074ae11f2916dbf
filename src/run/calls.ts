// Calls of orders under way: each turn of a tool loop asks its lane as a first call does, and goes before tasks that were not
// begun. What is begun is finished after a stop; only a budget that does not hold the next call ends a conversation.
import type { CallSize } from '../core/call-size.ts';
import type { CallGate, EndedCall, ForeignCalls, Repair } from '../core/gate.ts';
import { costOf } from '../core/usage-cost.ts';
import type { CallRelease } from './call-lanes.ts';
import { type Flight, priceOf } from './input.ts';
import { type Budget, type Refused, settlementOfCall } from './limits/budget.ts';
import type { CallEnd, Lane } from './limits/lanes.ts';

export type Calls = {
  gateOf(flight: Flight): CallGate;
  /**
   * Lets go what may; returns how long until a lane opens by itself, null where none is waited for. `brief`: a call that
   * would have to wait for longer than it may itself take is answered that it never will, so that a stop does not last as long
   * as a provider's pause.
   */
  serve(patience: 'any' | 'brief'): number | null;
  /** A call waits for money that others under way may not need: nothing that costs is to be begun. */
  isShort(): boolean;
  /** Calls of this lane will never be let go. */
  close(lane: string): void;
};

/** Who holds the place and the money of a call: the flight itself, or a call that somebody else's client makes beside others. */
type Holder = Pick<Flight, 'ticket' | 'reservation'>;

type Waiting = {
  readonly at: Flight;
  readonly holder: Holder;
  /** That its lane is asked for. */
  readonly tokens: number;
  readonly size: CallSize;
  /** Only of a harness's own client. */
  readonly model?: string | null;
  readonly resolve: (verdict: 'go' | 'closed') => void;
};

/** A guess; what it took is known when it has ended. */
const BYTES_PER_TOKEN = 4;
const DEFAULT_ANSWER_TOKENS = 512;

export type CallsInput = {
  readonly nowMs: () => number;
  readonly laneOf: (name: string) => Lane;
  readonly budget: Budget;
  readonly release: (flight: Flight, end: Omit<CallEnd, 'nowMs' | 'random'>) => void;
  /** The same for a call in a lane that is not the flight's own. */
  readonly releaseCall: (call: CallRelease) => void;
  /** The budget does not hold a call that was asked for. */
  readonly refused: (call: Refused) => void;
  /** What a tool loop says back was refused, and taken changed. */
  readonly repaired: (flight: Flight, repair: Repair) => void;
  readonly wake: () => void;
};

export function makeCalls(input: CallsInput): Calls {
  const { laneOf, budget, nowMs } = input;
  const waiting = new Map<string, Waiting[]>();
  const closed = new Set<string>();
  let short = false;

  function pay({ at, holder, size, model }: Waiting): 'paid' | 'wait' | 'refused' {
    if (budget.limitUsd === null) return 'paid';
    const reserved = budget.reserve(at.job.context.boundOf(size, model));
    holder.reservation = reserved.kind === 'reserved' ? reserved.reservation : null;
    if (reserved.kind === 'refused') input.refused(reserved);
    return reserved.kind === 'reserved' ? 'paid' : reserved.kind;
  }

  function unpay(holder: Holder): void {
    if (holder.reservation) budget.settle(holder.reservation, 'nothing');
    holder.reservation = null;
  }

  function ask(lane: string, asked: Omit<Waiting, 'resolve'>): Promise<'go' | 'closed'> {
    asked.at.watch.pause();
    return new Promise((resolve) => {
      const others = waiting.get(lane) ?? [];
      // A flight that has a place already must not wait behind those that wait for it.
      if (asked.holder.ticket === null) others.push({ ...asked, resolve });
      else others.unshift({ ...asked, resolve });
      waiting.set(lane, others);
      input.wake();
    });
  }

  function foreignOf(flight: Flight): ForeignCalls {
    return {
      async begin({ size, host, model }) {
        const { context } = flight.job;
        const lane = context.callLane?.(host) ?? context.lane;
        if (closed.has(lane) || flight.isOver) return 'closed';
        const holder: Holder = { ticket: null, reservation: null };
        // The place that it was begun with, where that is of the same lane: nobody else uses it.
        if (lane === context.lane) {
          holder.ticket = flight.ticket;
          flight.ticket = null;
        }
        const tokens =
          Math.ceil(size.inputTokens / BYTES_PER_TOKEN) + (size.outputTokens ?? DEFAULT_ANSWER_TOKENS);
        if ((await ask(lane, { at: flight, holder, tokens, size, model })) === 'closed') {
          if (holder.ticket !== null && flight.isOver) laneOf(lane).forget(holder.ticket);
          else flight.ticket ??= holder.ticket;
          return 'closed';
        }
        flight.foreign++;
        return { ended: (call) => foreignEnded(call, { at: flight, lane, holder }) };
      },
      // What was paid before is no money of this invocation.
      replayed: () => {},
    };
  }

  function foreignEnded(
    { failure, usage, limits, turn }: EndedCall,
    { at, lane, holder }: { readonly at: Flight; readonly lane: string; readonly holder: Holder },
  ): void {
    at.foreign--;
    const price = priceOf(at.job.context, turn?.turn);
    const { ticket, reservation } = holder;
    if (reservation) budget.settle(reservation, settlementOfCall({ failure, usage }, price));
    else budget.charge(costOf(usage, price) ?? 0);
    at.countedUsd += costOf(usage, price) ?? 0;
    const end = { failure, usedTokens: usage?.totalTokens ?? null, limits, delayMs: 0 };
    if (ticket !== null) input.releaseCall({ lane, ticket, end });
    if (!at.isOver) at.watch.restart();
    input.wake();
  }

  return {
    gateOf(at) {
      const { lane, price } = at.job.context;
      return {
        ...(at.order.work?.harness.proxy ? { foreign: foreignOf(at) } : {}),
        admit(size) {
          at.hasAsked = true;
          if (closed.has(lane) || at.isOver) return Promise.resolve('closed');
          // Its place came with the order; without a budget there is nothing more to ask for.
          if (at.ticket !== null && budget.limitUsd === null) return Promise.resolve('go');
          // What the order was begun with is given back: of its first call the size is known only now.
          unpay(at);
          return ask(lane, { at, holder: at, tokens: at.tokens, size });
        },
        waits() {
          at.watch.pause();
          // Who holds a place while it waits for this money would wait for ever: own code asks when it has a thread.
          if (at.order.work?.harness.kind === 'module') unpay(at);
        },
        goesOn() {
          if (!at.isOver) at.watch.restart();
        },
        works(limitMs) {
          if (!at.isOver) at.watch.restart(limitMs);
        },
        // payments.ts, which hands this gate on, keeps the answers.
        told: () => {},
        ended({ failure, usage, limits, repair }) {
          if (repair) input.repaired(at, repair);
          if (at.isOver || at.ticket === null) return;
          if (at.reservation) budget.settle(at.reservation, settlementOfCall({ failure, usage }, price));
          at.countedUsd += costOf(usage, price) ?? 0;
          if (usage) at.job.context.learnTokens(at.order, usage);
          input.release(at, { failure, usedTokens: usage?.totalTokens ?? null, limits, delayMs: 0 });
          at.ticket = null;
          at.reservation = null;
          at.watch.restart();
          input.wake();
        },
      };
    },
    serve(patience) {
      let waitMs: number | null = null;
      short = false;
      for (const [name, calls] of waiting) {
        const lane = laneOf(name);
        while (calls.length > 0) {
          const { at, holder, tokens, resolve } = calls[0]!;
          if (at.isOver) {
            calls.shift();
            resolve('closed');
            continue;
          }
          const paid = pay(calls[0]!);
          if (paid === 'wait') {
            short = true;
            break;
          }
          if (paid === 'refused') {
            calls.shift();
            resolve('closed');
            continue;
          }
          if (holder.ticket === null) {
            const admission = lane.admit(nowMs(), tokens);
            if (admission.kind !== 'go') {
              unpay(holder);
              const ms = admission.kind === 'wait' ? admission.untilMs - nowMs() : null;
              if (patience === 'brief' && (ms ?? 0) > at.order.timeoutMs) {
                calls.shift();
                resolve('closed');
                continue;
              }
              if (ms !== null) waitMs = Math.min(waitMs ?? Number.POSITIVE_INFINITY, ms);
              break;
            }
            holder.ticket = admission.ticket;
          }
          at.watch.restart();
          calls.shift();
          resolve('go');
        }
      }
      return waitMs;
    },
    isShort: () => short,
    close(name) {
      closed.add(name);
      for (const { resolve } of waiting.get(name) ?? []) resolve('closed');
      waiting.delete(name);
    },
  };
}
