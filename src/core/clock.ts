// Time as something that is handed in: real in project/draw/execute.ts, turned by hand in tests.
export type Clock = {
  /** Wall time, for records and messages: it may jump. */
  now(): Date;
  /** Milliseconds that only grow, for durations and deadlines. */
  monotonicMs(): number;
  /** Calls back once after `ms`; the returned function cancels. */
  after(ms: number, callback: () => void): () => void;
};
