// How far an answer is what was expected, before it becomes a verdict.
import type { Check, JudgedOutput } from '../../core/scoring.ts';

/** 0..1; exactly 1 where everything holds. The reason says what was expected and what was there. */
export type MatchResult = { readonly score: number; readonly reason: string };

export function matchResult(holds: boolean, reason: string): MatchResult {
  return { score: holds ? 1 : 0, reason };
}

/** What the rules work with. */
export type Answer = {
  readonly output: JudgedOutput;
  readonly schemas: SchemaSource;
  /** What needs a package that answers later is asked before. */
  readonly asked: ReadonlyMap<Check, MatchResult>;
};

/** Mistakes in words, e.g. `/items/0/name must be string`; none: the value has the shape. */
export type SchemaCheck = (value: unknown) => readonly string[];

/** The compiled form of each schema of the check. */
export type SchemaSource = (schema: object) => SchemaCheck;

/** It ends the judging: a missing score, never a zero. */
export class CannotJudge extends Error {}
