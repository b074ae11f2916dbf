// The numbers of `compare`, with what its plots need.
import type { Comparison } from '../report/compare/comparison.ts';

export type ArmPoints = {
  readonly variant: string;
  /** Mean by scenario, in one order for all arms; null = unknown. */
  readonly byScenario: readonly (number | null)[];
  /** Share of scenarios whose first k runs all passed, by k from 1; with its interval. */
  readonly passHatK: readonly {
    readonly k: number;
    readonly rate: number;
    readonly low: number;
    readonly high: number;
  }[];
  readonly meanCostUsd: number | null;
  readonly meanScore: number | null;
};

export type CompareScreen = {
  /** As `compare --json` prints it. */
  readonly comparison: object;
  /** As `compare` prints it, without colour: nothing that the page draws is said nowhere in words. */
  readonly text: string;
  readonly refused: boolean;
  readonly metric: string;
  readonly scenarios: readonly string[];
  readonly arms: readonly ArmPoints[];
};

export type { Comparison };
