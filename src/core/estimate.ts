// What a plan will take before any of it is spent: calls, tokens and money. Unknown is null, never 0.

/** Where a call's number comes from, the best first. */
export type InputSource = 'cell' | 'variant' | 'tokenizer' | 'simulation' | 'unknown';
export type OutputSource = 'cell' | 'variant' | 'unknown';

/** First attempts only: nobody knows how many retries there will be. */
export type Amount = {
  readonly calls: number;
  /** null = of at least one call nothing is known. */
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** What is expected where there is history, and the longest answer that is allowed elsewhere; null = no limit. */
  readonly outputTokensAtMost: number | null;
  readonly costUsd: number | null;
  /** What is known of the cost. */
  readonly costUsdAtLeast: number;
  /** With `outputTokensAtMost`; null = a price, a prompt or a limit is not known. */
  readonly costUsdAtMost: number | null;
  /** Calls by where their tokens come from. */
  readonly sources: {
    readonly input: { readonly [source in InputSource]: number };
    readonly output: { readonly [source in OutputSource]: number };
  };
};

export type VariantAmount = Amount & {
  readonly variant: string;
  readonly model: string;
  readonly isPriced: boolean;
  /** Its calls are played: the prices are made up. */
  readonly isSimulated: boolean;
  /** This machine answers, and nobody named a price: it is taken to cost nothing. Only where it is so. */
  readonly isLocal?: boolean;
  /** A task of it may make more than one call: a tool loop, own code, a program. */
  readonly mayCallAgain: boolean;
};

export type Estimate = Amount & {
  /** The tokenizer counted a sample of the texts, the rest is taken from their lengths. */
  readonly isSampled: boolean;
  /** Variants with at least one call, in the order of the manifest. */
  readonly byVariant: readonly VariantAmount[];
};
