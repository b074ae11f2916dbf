// Counts what the simulation did. Names are those of GET /sim/stats.

/** Every request ends in exactly one of answered, rate_limited, errors, unavailable, dropped, hung, halved, dripped,
 * garbled, huge, rejected, aborted. */
export type SimStats = {
  /** Calls to a model that arrived whole. */
  readonly requests: number;
  /** 200 and the whole body handed over: what a provider would have charged for. */
  readonly answered: number;
  readonly rate_limited: number;
  /** Of these, the ones within a second of the first request: a client that is told no limit has to find it. */
  readonly rate_limited_first_second: number;
  /** 500. */
  readonly errors: number;
  /** Met an outage. */
  readonly unavailable: number;
  readonly dropped: number;
  readonly hung: number;
  readonly halved: number;
  /** A byte at a time, to their end or until the client went. */
  readonly dripped: number;
  /** With bytes that are no UTF-8. */
  readonly garbled: number;
  /** Very long ones, handed over to the last byte. */
  readonly huge: number;
  /** 4xx other than 429: the request itself was wrong. */
  readonly rejected: number;
  /** The client went away before its answer. */
  readonly aborted: number;
  readonly in_flight: number;
  readonly peak_in_flight: number;
  /** Of the answered requests, the huge ones among them. */
  readonly input_tokens: number;
  readonly output_tokens: number;
};

export type Counters = { -readonly [name in keyof SimStats]: number };

export function makeCounters(): Counters {
  return {
    requests: 0,
    answered: 0,
    rate_limited: 0,
    rate_limited_first_second: 0,
    errors: 0,
    unavailable: 0,
    dropped: 0,
    hung: 0,
    halved: 0,
    dripped: 0,
    garbled: 0,
    huge: 0,
    rejected: 0,
    aborted: 0,
    in_flight: 0,
    peak_in_flight: 0,
    input_tokens: 0,
    output_tokens: 0,
  };
}
