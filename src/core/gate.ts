// Further calls of one order: each asks its lane before it is made, wherever the worker is, and tells how it ended.
import type { CallSize } from './call-size.ts';
import type { JsonObject } from './json.ts';
import type { Failure, LimitsSeen, ToolResult, Turn, Usage } from './outcome.ts';

export interface CallGate {
  /**
   * Resolves when a call of this size may be made; `closed` = it never may, and the order is to end as cancelled. The first
   * call of an order is allowed with the order; who cannot be sized before asks for it as well.
   */
  admit(size: CallSize): Promise<'go' | 'closed'>;
  /** A call has ended: its place is free while tools are at work. */
  ended(call: EndedCall): void;
  /** The tools that an answer called have given their results: the order can go on from here, whoever does it. */
  told(results: ToldResults): void;
  /** The order has to wait in its executor: its time does not run. */
  waits(): void;
  /** It begins, or goes on. */
  goesOn(): void;
  /** What comes now (a tool, a module that loads) has a limit of its own: silence is counted from here, and only beyond it. */
  works(limitMs: number): void;
  /** Only of the loop, for orders whose clients are recorded. */
  readonly foreign?: ForeignCalls;
  /** Only where clients are recorded: told when one of their calls waits for its lane, and when none does any more. */
  readonly whenWaiting?: (listener: (isWaiting: boolean) => void) => void;
}

/** Calls of clients that are not ours, as the proxy sees them: any number at one time, each in the lane of whom it asks. */
export interface ForeignCalls {
  /** Resolves when it may be made. `closed` = it never may. @param host of the server that is asked */
  begin(call: {
    readonly size: CallSize;
    readonly host: string;
    readonly model: string | null;
  }): Promise<ForeignCall | 'closed'>;
  /** A turn that an earlier invocation paid: nobody is asked. */
  replayed(turn: ToldTurn): void;
}

export type ForeignCall = {
  ended(call: EndedCall): void;
};

/** What a lane and a budget learn from a call. */
export type EndedCall = {
  readonly failure: Failure | null;
  readonly usage: Usage | null;
  readonly limits: LimitsSeen | null;
  /** What was answered, so that it is known before its order ends; absent where it ends with it. */
  readonly turn?: ToldTurn;
  /** The server had refused what a tool loop says back, and took it changed so. */
  readonly repair?: Repair;
};

/** `changes`: members said back in addition, or, with a minus, no more. `refusal`: what the server had said. */
export type Repair = { readonly changes: readonly string[]; readonly refusal: string };

/** `n`: its number from 1, in the conversation or, of own code, in the attempt. Own code tells of failed calls, too. */
export type ToldTurn = { readonly n: number; readonly turn: Turn };

export type ToldResults = {
  /** Of the turn that called the tools. */
  readonly n: number;
  /** What the model is told, in the provider's own form. */
  readonly messages: readonly JsonObject[];
  readonly results: readonly ToolResult[];
};

/** Where nobody counts: every call may be made. */
export const OPEN_GATE: CallGate = {
  admit: async () => 'go',
  ended: () => {},
  told: () => {},
  waits: () => {},
  goesOn: () => {},
  works: () => {},
};
