// What orders and outcomes say of batches.

/** Whose form of batches an account speaks. */
export type BatchWireName = 'openai' | 'anthropic';

/** Of an answer that came in one: kept with its attempt. */
export type BatchFacts = {
  /** The vendor's. */
  readonly id: string;
  /** Its `custom_id`. */
  readonly item: string;
  /** ISO 8601, UTC: when the vendor took the batch, and when its answers were fetched. */
  readonly submittedAt: string;
  readonly collectedAt: string;
};

/** Which item of which batch. */
export type BatchPlace = { readonly tag: string; readonly item: string };

/** Of an order that goes in a batch. */
export type BatchOrder = {
  readonly wire: BatchWireName;
  /** Where it is out already, so that it is not sent again; null = it is to be sent. */
  readonly out: BatchPlace | null;
  /**
   * Only of what is out: it is not sent anew, whatever came of it, for it would be a call now (`out`), or nobody asks for it any more
   * and it is not waited for either (`unasked`).
   */
  readonly only?: 'out' | 'unasked';
};

/** One that is out, for whoever reads; fields are named as in every document. */
export type BatchOut = {
  /** The vendor's id; null = whether it has it is not known yet. */
  readonly batch: string | null;
  /** Ours. */
  readonly tag: string;
  readonly provider: string;
  readonly model: string;
  readonly sent_at: string;
  /** Whose answers are not kept yet. */
  readonly cells: number;
  /** Of these, the ones that are in scope and wait for it. */
  readonly asked: number;
};
