// What a comparison is made of: arms, their cells, and why a cell has no number that counts. Plain data.
import { shortName } from '../../core/invocation-id.ts';
import type { OddEnding } from '../../core/record-ending.ts';

import type { Until } from '../../core/until.ts';

export type Metric = 'score' | 'pass' | 'tokens' | 'latency' | 'cost';

export const METRICS: readonly Metric[] = ['score', 'pass', 'tokens', 'latency', 'cost'];

/**
 * Why a cell is not what is asked for. `archived`: gc moved the record out of the history, its numbers are still known.
 * `not-told`: the record is there and does not say it, as a cost without a price.
 */
export type Lack = 'missing' | 'stale' | 'failed' | 'archived' | 'unscored' | 'not-told';

export const LACKS: readonly Lack[] = ['missing', 'stale', 'failed', 'archived', 'unscored', 'not-told'];

/** Of the record that counts for a cell, what a comparison looks at beside its number. */
export type CellRecord = {
  readonly id: number;
  readonly key: string;
  readonly outputDigest: string | null;
  readonly servedModel: string | null;
  readonly startedAtMs: number;
  readonly attempts: number;
  /** Absent = an ordinary one. */
  readonly ending?: OddEnding | null;
};

/** How a cell came to its record: what was drawn for the key that it has today. */
export type CellDraws = {
  /** Completed ones; a further reading of an answer is none. */
  readonly completed: number;
  /** Failed before the first completed one: by what was asked or answered, and by what lies between. */
  readonly failed: { readonly byContent: number; readonly byTransport: number };
  /** Number of the invocation that first completed one; null = none did. */
  readonly since: number | null;
  /** Of the first completed one, where another counts. `value` null = it has no number. */
  readonly first: { readonly value: number | null } | null;
  /** Drawn again by an invocation that chose cells by how they had come out. */
  readonly isChosen: boolean;
};

export type ArmCell = {
  readonly scenario: string;
  readonly run: number;
  readonly record: CellRecord | null;
  readonly lack: Lack | null;
  /** Of the metric; null = there is none. A pass is 1, a fail is 0. */
  readonly value: number | null;
  /** What the scorers say, whatever the metric is; null = nothing. */
  readonly passed: boolean | null;
  /** Of `unscored`: a scorer has judged, and did not say this. */
  readonly isSilent?: true;
  /** Absent = it is not known, or not asked for. */
  readonly draws?: CellDraws;
};

export type Arm = {
  readonly variant: string;
  /** The moment whose state it is, as it was found; null = what the manifest asks for now. */
  readonly at: string | null;
  /** What people call that moment, where its number is another's as well. */
  readonly called?: string;
  /** What is asked for, where it is known. */
  readonly model: string | null;
  readonly cells: readonly ArmCell[];
  /** Cells beside these that no scorer is about. */
  readonly unjudged: number;
  /** The simulation played one of its answers, as their records say. */
  readonly simulated: boolean;
};

export type CompareInput = {
  readonly experiment: string;
  readonly metric: Metric;
  /** Whose verdicts are counted; empty where the metric needs none. */
  readonly scorers: readonly string[];
  /** Of these scorers, those that take scores with which the answers came; absent = none. */
  readonly precomputed?: readonly string[];
  readonly arms: readonly Arm[];
  /** Places in `arms`: each second one is held against its first one. */
  readonly pairs: readonly (readonly [number, number])[];
  /** `moments`: each pair is one variant at two moments. */
  readonly between: 'variants' | 'moments';
  readonly by: 'category' | 'tag' | null;
  /** Groups of a scenario; null = it has none. */
  readonly groupsOf: (scenario: string) => readonly (string | null)[];
  /** Each cell has its first completed draw, whatever was drawn later. */
  readonly isFirstDraws?: true;
  /** How far apart arms may be and still be as good, in the metric's unit; absent = not asked. */
  readonly margin?: number | null;
  /** What a scenario belongs to; null = it does not say. Absent = scenarios are the units. */
  readonly cluster?: { readonly field: string; readonly of: (scenario: string) => string | null } | null;
  /** p of tests in other comparisons of the same question, which these stand beside: of other dimensions that people judged. */
  readonly beside?: readonly number[];
  /** Where the manifest says when runs are enough: arms of it were looked at after each run. */
  readonly until?: Until;
  readonly allowed: { readonly incomplete: boolean; readonly mixedModels: boolean };
};

/** `applike`, or `applike at 0003`: of an invocation its number is enough, or `0003-k3f9m2q7` where two have one number. */
export function armName(arm: Pick<Arm, 'variant' | 'at' | 'called'>): string {
  return arm.at === null ? arm.variant : `${arm.variant} at ${momentName(arm)}`;
}

export function momentName({ at, called }: Pick<Arm, 'at' | 'called'>): string {
  return called ?? shortName(at ?? 'now', 4);
}

/** As `show` takes it. */
export function cellName(variant: string, { scenario, run }: Pick<ArmCell, 'scenario' | 'run'>): string {
  return `${variant}/${scenario}/${run}`;
}

/** Whether the number of this cell is counted. Archived ones only where the user said so, and the gate is where it is asked. */
export function counts({ value, lack }: Pick<ArmCell, 'value' | 'lack'>): boolean {
  return value !== null && (lack === null || lack === 'archived');
}
