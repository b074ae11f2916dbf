// What keys were made of may be edited while it is used. A moment is a number that only a witness understands.
import type { Order } from './order.ts';

export type Moved = {
  /** changed: it is no longer what the key was made of. touched: it was written, and is what it was again. */
  readonly kind: 'changed' | 'touched';
  /** One sentence that names the file. */
  readonly why: string;
  /** Only the scenario's tasks hang on it: its arm goes on. */
  readonly isOfScenario?: true;
};

/** Looks at the files behind the keys of each arm: a variant, or a scorer, by name. */
export type Witness = {
  /** This moment, after a look at everything. */
  now(): number;
  /**
   * What of the arm's files moved after that moment, after another look; what changed once is changed for good.
   * @param scenario of a task, whose own files are looked at as well; left out where several share what is asked about
   */
  moved(arm: string, since: number, scenario?: string): Moved | null;
};

export const NOTHING_MOVES: Witness = { now: () => 0, moved: () => null };

/** Whose work an order is. */
export function armOf({ cell, score }: Pick<Order, 'cell' | 'score'>): string {
  return score?.scorer ?? cell.variant;
}
