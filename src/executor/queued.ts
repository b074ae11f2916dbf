// Orders that are done by workers elsewhere, over a queue. What is decided at once, and what can only be seen from here, stays here.
import type { Clock } from '../core/clock.ts';
import type { Order } from '../core/order.ts';
import type { Outcome, Turn } from '../core/outcome.ts';
import type { PaidCall } from '../core/paid.ts';
import type { End } from '../queue/asked.ts';
import type { Coordinator } from '../queue/coordinator.ts';
import { drawId, ordersOf } from '../queue/names.ts';
import { serveGate } from '../worker/order-port.ts';
import type { Executor } from './executor.ts';
import type { KnownOfOrders } from './index.ts';
import { cancelledOutcome, lostOutcome, startNow } from './lost.ts';
import { kindOf } from './route.ts';

export function makeQueuedExecutor(input: {
  readonly inner: Executor;
  readonly coordinator: Coordinator;
  readonly known: KnownOfOrders;
  readonly clock: Clock;
}): Executor {
  const { inner, coordinator, known, clock } = input;

  return {
    capacity: inner.capacity,
    execute(order, gate, pausing) {
      if (!isSpread(order)) return inner.execute(order, gate, pausing);
      const started = startNow(clock);
      const watch = gate ?? pausing;
      // Until a worker begins it that is no silence of its own.
      watch?.waits();
      return new Promise((resolve) => {
        let ask: ReturnType<typeof serveGate> | null = null;
        coordinator.ask({
          order,
          draw: drawId(order.key, known.drawnBefore(order)),
          queue: ordersOf(known.providerOf(order)),
          isGated: gate !== undefined,
          begun: () => watch?.goesOn(),
          heard(question, answer) {
            if (gate === undefined) return;
            ask ??= serveGate(gate, answer);
            ask(question as Parameters<typeof ask>[0]);
          },
          ended: (end) => resolve(outcomeOf(end, { order, started })),
        });
      });
    },
    atOnce: (order) => (isSpread(order) ? null : (inner.atOnce?.(order) ?? null)),
    abandon: (order) => (isSpread(order) ? coordinator.abandon(order) : inner.abandon(order)),
    shares: (order) => !isSpread(order) && inner.shares?.(order) === true,
    startNothing(which = () => true) {
      coordinator.startNothing(which);
      inner.startNothing?.(which);
    },
    kept: (order) => coordinator.kept(order),
    async ending() {
      await inner.ending?.();
    },
    async [Symbol.asyncDispose]() {
      await coordinator.letGo();
      await coordinator.left(async ({ isScore, ...late }) =>
        isScore === known.isScores ? await known.keepLate(late) : false,
      );
      await inner[Symbol.asyncDispose]();
    },
  };

  function paidSince(turns: readonly Turn[] | undefined, order: Order): readonly Turn[] | undefined {
    const known = withPaid(turns, order.conversation?.done);
    return known && order.work !== undefined ? markPaid(known, input.known.paidBefore(order)) : known;
  }

  function outcomeOf(
    end: End,
    { order, started }: { readonly order: Order; readonly started: ReturnType<typeof startNow> },
  ): Outcome {
    if (end.kind === 'cancelled') return cancelledOutcome({ started, clock });
    if (end.kind === 'lost')
      return {
        ...lostOutcome({ started, clock, why: end.why }),
        ...(end.worker === null ? {} : { worker: end.worker }),
      };
    const { worker, isAdopted } = end;
    // Moments of a worker's files are numbers that only it understands.
    const { heldSince: _, ...outcome } = end.outcome;
    const turns = isAdopted ? paidSince(outcome.turns, order) : outcome.turns;
    return { ...outcome, ...(turns === undefined ? {} : { turns }), worker };
  }
}

/** Calls of own code are gone on from by nobody: the log says which of them were paid for. */
function markPaid(turns: readonly Turn[], paid: readonly PaidCall[]): readonly Turn[] {
  return turns.map((turn) => {
    const found = paid.find(
      ({ startedAt, requestId }) => startedAt === turn.startedAt && requestId === turn.requestId,
    );
    if (turn.paid || found === undefined) return turn;
    const { invocation, costUsd } = found;
    return { ...turn, paid: { invocation, costUsd } };
  });
}

/** An order of before did not know which of its turns were paid for: this one does. */
function withPaid(
  turns: readonly Turn[] | undefined,
  paid: readonly Turn[] = [],
): readonly Turn[] | undefined {
  return turns && [...paid.slice(0, turns.length), ...turns.slice(paid.length)];
}

/** Calls of recorded clients go through a proxy that is here. */
export function isSpread(order: Order): boolean {
  return kindOf(order) !== 'rule' && order.work?.harness.proxy === undefined;
}
