// What was run, newest first, and what became of each cell between two moments.
import type { Mark } from './matrix.ts';

export type InvocationRow = {
  readonly invocation: string;
  /** Where its number is another's as well. */
  readonly called?: string;
  readonly command: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly ended: string;
  readonly argv: readonly string[];
  readonly executed: number;
  readonly failed: number;
  readonly costUsd: number | null;
  readonly git: { readonly commit: string; readonly dirty: boolean } | null;
};

export type InvocationsScreen = { readonly invocations: readonly InvocationRow[] };

export type InvocationDiffScreen = {
  readonly a: string;
  readonly b: string;
  /** As commands take them. */
  readonly called: { readonly a: string; readonly b: string };
  readonly counts: Readonly<Record<string, number>>;
  readonly cells: readonly {
    readonly variant: string;
    readonly scenario: string;
    readonly run: number;
    /** In words of `expgraph diff`: same answer, other answer, new, gone. */
    readonly change: string;
    readonly from: Mark | null;
    readonly to: Mark | null;
    readonly scoreFrom: number | null;
    readonly scoreTo: number | null;
  }[];
};
