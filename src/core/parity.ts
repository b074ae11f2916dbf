// Whether each arm can express what the scenarios expect: what the check finds, as plain data.

/**
 * ok: expressible and checked in full. lenient: a field of the expectation is not checked in this arm.
 * unknown: its tools cannot be told from here. cannot: no answer of this arm can be right.
 */
export type ParityState = 'ok' | 'lenient' | 'unknown' | 'cannot';

export type ParityFinding = {
  readonly state: Exclude<ParityState, 'ok'> | 'note';
  readonly variant: string;
  /** One sentence, without the place. */
  readonly message: string;
};

/** One call that a scenario expects, in one arm. */
export type ParityCall = {
  /** null: the tools are named plainly. */
  readonly intent: string | null;
  /** What it is in this arm; empty = any, or none is known. */
  readonly tools: readonly string[];
  readonly state: ParityState;
  /** Fields of the expectation that this arm's mapping does not read. */
  readonly unchecked: readonly string[];
};

export type ParityCell = {
  readonly variant: string;
  readonly scenario: string;
  readonly state: ParityState;
  readonly calls: readonly ParityCall[];
  readonly findings: readonly ParityFinding[];
};

const RANK: { readonly [state in ParityState]: number } = { ok: 0, lenient: 1, unknown: 2, cannot: 3 };

export function worst(states: readonly ParityState[]): ParityState {
  return states.reduce((worse, state) => (RANK[state] > RANK[worse] ? state : worse), 'ok');
}

export function best(states: readonly ParityState[]): ParityState {
  return states.reduce<ParityState>(
    (better, state) => (RANK[state] < RANK[better] ? state : better),
    states.length === 0 ? 'ok' : 'cannot',
  );
}
