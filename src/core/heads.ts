// What planning and the summary need of the record that counts for a key.

/** The record that counts for a key: the newest completed one, else the newest failed one. */
export type KeyHead = {
  /** The record's number in the index: grows with each record. */
  readonly id: number;
  readonly status: 'completed' | 'failed';
  /** Of the attempt that answered. */
  readonly latencyMs: number | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costUsd: number | null;
};
