// When an attempt begins: with its order, or, where many orders go to one process, when that comes to it. Pure.
import type { CallGate } from '../../core/gate.ts';
import type { Order } from '../../core/order.ts';

/** Its order waits in a process that does one after the other; that time is none of its own. */
export function isBatched({ work }: Pick<Order, 'work'>): boolean {
  return work?.harness.kind === 'pytest';
}

export type Beginning = {
  /** It begins, if it has not. */
  now(): void;
  gateOf(gate: CallGate): CallGate;
};

export function makeBeginning(order: Pick<Order, 'work'>, onBegin: () => void): Beginning {
  let hasBegun = false;
  const now = (): void => {
    if (hasBegun) return;
    hasBegun = true;
    onBegin();
  };
  if (!isBatched(order)) now();
  return {
    now,
    gateOf: (gate) => ({
      ...gate,
      goesOn() {
        now();
        gate.goesOn();
      },
    }),
  };
}
