// Further calls of one order: each asks its lane before it is made, wherever the worker is, and tells how it ended.
import type { CallSize } from './call-size.ts';
import type { Failure, LimitsSeen, Usage } from './outcome.ts';

export interface CallGate {
  /**
   * Resolves when a call of this size may be made; `closed` = it never may, and the order is to end as cancelled. The first
   * call of an order is allowed with the order; who cannot be sized before asks for it as well.
   */
  admit(size: CallSize): Promise<'go' | 'closed'>;
  /** A call has ended: its place is free while tools are at work. */
  ended(call: EndedCall): void;
  /** The order has to wait in its executor: its time does not run. */
  waits(): void;
  /** It begins, or goes on. */
  goesOn(): void;
}

/** What a lane and a budget learn from a call. */
export type EndedCall = {
  readonly failure: Failure | null;
  readonly usage: Usage | null;
  readonly limits: LimitsSeen | null;
};

/** Where nobody counts: every call may be made. */
export const OPEN_GATE: CallGate = {
  admit: async () => 'go',
  ended: () => {},
  waits: () => {},
  goesOn: () => {},
};
