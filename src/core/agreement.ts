// How far several raters agree, as it is told: names of fields are those of `--json`.

export type Estimate = {
  /** null = it is not defined: all said the same, or nothing was rated twice. */
  readonly value: number | null;
  /** Of 95 %, over scenarios; null = nothing varies, or there are too few. */
  readonly low: number | null;
  readonly high: number | null;
};

export type Agreement = {
  /** Share of the pairs of raters that say the same. */
  readonly raw: Estimate;
  /** Cohen's, nominal. Only of two raters. */
  readonly kappa?: Estimate;
  /** Cohen's with quadratic weights. Only of two raters and categories in an order. */
  readonly kappa_quadratic?: Estimate;
  /** Krippendorff's. */
  readonly alpha: Estimate;
  /** ordinal: Krippendorff's own, by the ratings between two categories. interval: of numbers. */
  readonly alpha_scale: 'nominal' | 'ordinal' | 'interval';
  /** Gwet's AC1; of categories in an order AC2 with quadratic weights. */
  readonly ac: Estimate;
  readonly ac_kind: 'AC1' | 'AC2';
};

/** Votes of one judge on the same answers. */
export type VotesAgreement = Agreement & {
  readonly scorer: string;
  readonly votes: number;
  /** With two votes or more. Equal answers are one. */
  readonly answers: number;
  /** Of these, those whose votes all say the same. */
  readonly unanimous: number;
  readonly scenarios: number;
};
