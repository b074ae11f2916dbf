// The face of the room: how one order gets done somewhere else. One call is one attempt; retries are the loop's.
import type { CallGate } from '../core/gate.ts';
import type { Order } from '../core/order.ts';
import type { Outcome } from '../core/outcome.ts';

/** Told when a program that has done its work keeps whoever waits for it; null = not any more. */
export type TellWaiting = (what: { readonly what: string; readonly limitMs: number } | null) => void;

/** The caller's watchdog, for an order that has to wait in its executor: its time does not run. */
export type Pausing = Pick<CallGate, 'waits' | 'goesOn'>;

export interface Executor extends AsyncDisposable {
  /** How many orders may be in flight at once. */
  readonly capacity: number;
  /**
   * Makes exactly one attempt; its calls after the first ask the gate. Never rejects: a crash of the far side is an outcome (worker-lost).
   * May stay unsettled for ever if the far side dies silently: the caller keeps a watchdog.
   * @param pausing of an order without a gate, which tells the same
   */
  execute(order: Order, gate?: CallGate, pausing?: Pausing): Promise<Outcome>;
  /**
   * The outcome of an order that takes microseconds and waits for nothing: nobody watches over it, and no promise is made for it.
   * null: `execute` does it. Only where there are such orders. Never throws.
   */
  atOnce?(order: Order): Outcome | null;
  /** The caller's watchdog gave an order up: the executor replaces whatever may be stuck. */
  abandon(order: Order): void;
  /** Whether others are done where this one is: who of them keeps it from answering is not known. Only where they may be. */
  shares?(order: Order): boolean;
  /**
   * Orders that wait in here and have not begun settle as cancelled, those under way go on. Only where some may wait.
   * @param which only these; then others are taken on as before
   */
  startNothing?(which?: (order: Order) => boolean): void;
  /** The same for these, of which nothing would be answered; what shares a process with them goes on. Only where that differs. */
  leaveOut?(which: (order: Order) => boolean): void;
  /** What the outcome of this order came to is durable: who keeps it elsewhere may forget it. Only where somebody does. */
  kept?(order: Order): void;
  /** Programs that have done their work end by themselves, as long as their own limits let them. Only where there are such. */
  ending?(): Promise<void>;
  /** Ends everything now; orders in flight settle as cancelled or not at all. */
  [Symbol.asyncDispose](): Promise<void>;
}
