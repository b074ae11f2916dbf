// Exit codes of the contract, and the one place where an expected failure becomes a sentence.
import type { Withheld } from '../../core/summary.ts';

export const EXIT = {
  complete: 0,
  incomplete: 1,
  usage: 2,
  budget: 3,
  store: 4,
  withheld: 5,
  gate: 6,
  interrupted: 130,
} as const;

/** A command cannot go on, for a reason that the user can act on. Caught in main, printed without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: number;
  constructor(message: string, exitCode: number = EXIT.usage) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Numbers by arm are withheld: exit code 5. Whoever catches it finds the reviews that are open. */
export class WithheldError extends CommandError {
  readonly reviews: readonly string[];
  constructor(withheld: Withheld) {
    super(withheld.why, EXIT.withheld);
    this.reviews = withheld.reviews;
  }
}
