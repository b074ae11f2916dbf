// What a coordinator is asked to have done, and how that ends.
import type { Order } from '../core/order.ts';
import type { Outcome } from '../core/outcome.ts';

/** One order, as whoever wants it done says it. */
export type Asked = {
  readonly order: Order;
  readonly draw: string;
  readonly queue: string;
  readonly isGated: boolean;
  readonly begun: () => void;
  /** A question to its gate. */
  readonly heard: (question: unknown, answer: (told: unknown) => void) => void;
  readonly ended: (end: End) => void;
};

/** `cancelled`: it was never begun. */
export type End =
  | {
      readonly kind: 'outcome';
      readonly outcome: Outcome;
      readonly worker: string;
      readonly isAdopted: boolean;
    }
  | { readonly kind: 'lost'; readonly why: string; readonly worker: string | null }
  | { readonly kind: 'cancelled' };
