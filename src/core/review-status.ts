// Where a review stands, as it is told: names of fields are those of `review status --json`. Nothing in it is by arm before it is
// closed.
import type { Estimate } from './agreement.ts';
import type { BlindingIndex, Breach, ReviewMode } from './review.ts';

export type ReaderProgress = {
  readonly reviewer: string;
  /** Looks that he is to take, hidden second looks among them. */
  readonly looks: number;
  readonly read: number;
  readonly flagged: number;
  readonly notes: number;
  /** Median of a look; null = none was taken. */
  readonly median_ms: number | null;
  /** When he said something last; null = nothing yet. */
  readonly last_at: string | null;
};

/** How far readers agree on one dimension, over the cards that several of them read. */
export type DimensionAgreement = {
  /** Of the protocol, or `pass`. */
  readonly dimension: string;
  /** Read by two or more. */
  readonly cards: number;
  readonly scenarios: number;
  readonly readers: number;
  /** Share of the pairs of readers that say the same. */
  readonly percent: Estimate;
  /** Cohen's with quadratic weights. Only of two readers. */
  readonly kappa_quadratic?: Estimate;
  /** Krippendorff's own ordinal alpha, by the ratings between two labels. */
  readonly alpha_ordinal: Estimate;
  /** Gwet's AC2 with quadratic weights: where nearly all say the same, kappa and alpha fall to 0 and it does not. */
  readonly ac2: Estimate;
};

/** What a reader said of cards that he was shown a second time without being told. */
export type OwnRepeats = {
  readonly reviewer: string;
  readonly cards: number;
  /** One a dimension: how many of them got the same label. */
  readonly same: readonly { readonly dimension: string; readonly cards: number }[];
};

export type DimensionStrengths = {
  readonly dimension: string;
  readonly cards: number;
  readonly scenarios: number;
  readonly ties: number;
  /** Log odds above the mean of all arms, as R. Bradley and M. Terry have it; null = there is none: an arm never lost. */
  readonly arms: readonly { readonly arm: string; readonly strength: Estimate }[];
  /** Of each arm against the first, scenario by scenario: in how many it was preferred, and the exact sign test. */
  readonly signs: readonly {
    readonly arm: string;
    readonly against: string;
    readonly for: number;
    readonly against_it: number;
    readonly even: number;
    readonly p: number;
  }[];
};

export type ReviewStatus = {
  readonly review: string;
  readonly state: 'open' | 'closed';
  readonly mode: ReviewMode;
  readonly started_at: string;
  readonly started_by: string;
  readonly closed_at: string | null;
  readonly cards: number;
  /** Cards that each reader it waits for has read. */
  readonly complete: number;
  readonly readers: readonly ReaderProgress[];
  /** How many the protocol asks for. */
  readonly wanted_readers: number;
  readonly agreement: readonly DimensionAgreement[];
  readonly repeats: readonly OwnRepeats[];
  /** Cards that readers differ on too much, and how many of them were settled. */
  readonly disputes: { readonly cards: number; readonly open: number };
  readonly breaches: readonly Breach[];
  /** `review:` of the manifest asks something else by now. */
  readonly rubric_changed: boolean;
  /** Who could tell the arms. Only once it is closed. */
  readonly blinding?: readonly BlindingIndex[];
  /** Only of pairs, once it is closed. */
  readonly strengths?: readonly DimensionStrengths[];
};
