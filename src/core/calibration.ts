// A scorer held against people, as it is told: names of fields are those of `score --calibrate --json`.
import type { Agreement } from './agreement.ts';

/** What a person said of an answer. */
export type Human = {
  readonly passed: boolean | null;
  /** 0..1. */
  readonly score: number | null;
  readonly label: string | null;
  /** Who; null = nobody says. */
  readonly rater: string | null;
};

export type Differing = {
  /** Of the label: a line of a file, or a cell. */
  readonly where: string;
  readonly scenario: string;
  readonly human: string;
  readonly scorer: string;
  /** Words of the scorer: hostile text, to be sanitized where it is printed. */
  readonly reason: string | null;
};

export type Calibration = {
  readonly scorer: string;
  /** Files, and the feedback that was given. */
  readonly sources: readonly string[];
  /** Verdicts of people. */
  readonly labels: number;
  /** Answers that they are about; equal ones to one scenario are one. */
  readonly answers: number;
  /** Of these with a verdict of the scorer. */
  readonly compared: number;
  readonly scenarios: number;
  /** Labels whose answer is not in the history. */
  readonly gone: number;
  /** Answers that the scorer is not about. */
  readonly out_of_scope: number;
  readonly not_judged: number;
  /** Answers of which as many people say the one as the other. */
  readonly undecided: number;
  readonly agree: number;
  /** Between the scorer and people. null = nothing is compared. */
  readonly agreement: Agreement | null;
  /** Between people, where several judged the same answers. */
  readonly humans: (Agreement & { readonly answers: number; readonly raters: number }) | null;
  readonly categories: readonly string[];
  /** A row a verdict of people, a column one of the scorer, in the order of `categories`. */
  readonly confusion: readonly (readonly number[])[];
  /** Fitted to these labels. null = the scorer gives no numbers or one alone, or people passed all of them, or none. */
  readonly threshold: {
    readonly now: number;
    readonly fitted: number;
    readonly of: number;
    readonly agree_now: number;
    readonly agree_fitted: number;
    /** Each scenario judged by what the others come to. */
    readonly agree_left_out: number;
  } | null;
  readonly differ: readonly Differing[];
};
