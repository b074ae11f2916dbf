// What a coordinator is asked to have done, and how that ends.
import type { Order } from '../core/order.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Questions } from './questions.ts';

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

/** One that is not over. */
export type Flight = Asked & {
  id: string;
  hasBegun: boolean;
  isAdopted: boolean;
  /** Looks in a row that found nothing of it. */
  missing: number;
  /** How often it was put there again, since whoever held it had not begun it. */
  again: number;
  worker: string | null;
  readonly questions: Questions;
};
