// Further calls of one order: each asks its lane before it is made, wherever the worker is, and tells how it ended.
import type { Failure, LimitsSeen, Usage } from './outcome.ts';

export interface CallGate {
  /** Resolves when the call may be made; `closed` = it never may. The first call of an order is allowed with the order. */
  admit(): Promise<'go' | 'closed'>;
  /** A call has ended: its place is free while tools are at work. */
  ended(call: EndedCall): void;
  /** The order has to wait in its executor: its time does not run. */
  waits(): void;
  /** It begins, or goes on. */
  goesOn(): void;
  /** What comes now (a tool, a module that loads) has a limit of its own: silence is counted from here, and only beyond it. */
  works(limitMs: number): void;
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
  works: () => {},
};
