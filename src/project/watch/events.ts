// What a watch tells of its rounds, in the order in which it happens.
import type { RunSummary } from '../../core/summary.ts';
import type { ChangedAnswer } from '../../report/watch/watch-screen.ts';
import type { Block } from '../../text/sheet.ts';
import type { Consent } from '../../watch/watch.ts';
import type { Outcome } from './round-line.ts';
import type { PlannedRound } from './rounds.ts';

export type WatchEvent =
  | {
      readonly kind: 'begun';
      /** From 1. */
      readonly round: number;
      /** null = no manifest could be read so far. */
      readonly experiment: string | null;
      /** Relative to the working folder. */
      readonly saved: readonly string[];
      /** What failed, or was left, is to be run as well. */
      readonly retry: boolean;
    }
  | { readonly kind: 'planned'; readonly planned: PlannedRound }
  /** Nobody can be asked about what it costs; the end of the round follows. */
  | { readonly kind: 'not-confirmed'; readonly consent: Exclude<Consent, { readonly kind: 'free' }> }
  | RoundEnded
  /** Nothing is to be done until one of so many files is saved. */
  | { readonly kind: 'resting'; readonly files: number };

export type RoundEnded = {
  readonly kind: 'ended';
  readonly round: number;
  readonly saved: readonly string[];
  /** null = there was no plan. */
  readonly planned: PlannedRound | null;
  readonly outcome: Outcome;
  /** null where it was held, and where the manifest has mistakes. */
  readonly result: RoundResult | null;
};

export type RoundResult = {
  /** Of the run that was, or of what is there where nothing had to run. */
  readonly summary: RunSummary;
  /** What the round did to answers. */
  readonly answers: readonly ChangedAnswer[];
  /** The tables of `compare` and its first sentences; null where arms cannot be compared yet, or were not. */
  readonly comparison: readonly Block[] | null;
};
