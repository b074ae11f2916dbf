// What a line of the gate is decided by: cells with their numbers, and what they are held against. Plain data.
import type { GateLine } from '../../core/gate-line.ts';
import type { Lack } from '../compare/input.ts';
import type { Designed } from '../statistics/compare.ts';

export type ClusterOf = NonNullable<Designed['clusterOf']> | null;

export type GateCell = {
  readonly variant: string;
  readonly scenario: string;
  readonly run: number;
  /**
   * Why there is no number that counts; `unjudged`: no scorer says this of the cell; `silent`: one judged it, and did not say
   * what it says of other answers to the same scenario.
   */
  readonly lack: Lack | 'unjudged' | 'silent' | null;
  /** Of what is measured; a pass is 1, a fail is 0. */
  readonly value: number | null;
  readonly simulated: boolean;
};

/** `at`: as `compare --at` and `--against` take it; null = a variant of today. */
export type GateAgainst =
  | { readonly kind: 'found'; readonly name: string; readonly cells: readonly GateCell[] }
  /** There is none, for a reason that ends a sentence. */
  | { readonly kind: 'none'; readonly why: string };

export type GateEvidence = {
  readonly line: GateLine;
  /** Today's cells that the line is about, within the filters. */
  readonly cells: readonly GateCell[];
  /** null = the condition is a number. */
  readonly against: GateAgainst | null;
  /** The filters as they were typed, each with its option; empty = none. */
  readonly filters: readonly string[];
  /** What names the manifest in a command, such as `-f other.yaml`; empty = nothing has to. */
  readonly file: string;
  /** Whether scores were left out on purpose: `--no-score`, `--scorer`. */
  readonly isPartlyJudged: boolean;
  /** Whether the experiment has scorers at all. */
  readonly hasScorers: boolean;
  /** What a scenario belongs to: bounds count these, as `compare` does. null = scenarios are the units. */
  readonly clusterOf: ClusterOf;
};

/** What came of a line. `open`: something in scope is not there yet. `left-out`: the filters leave nothing of it. */
export type GateState = 'held' | 'broken' | 'open' | 'left-out';
