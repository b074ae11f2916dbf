// Counts what the simulation did. Names are those of GET /sim/stats.

/** Every request ends in exactly one of those from answered to aborted, the first second aside. */
const NAMES = [
  /** Calls to a model that arrived whole. */
  'requests',
  /** 200 and the whole body handed over: what a provider would have charged for. */
  'answered',
  'rate_limited',
  /** Of these, the ones within a second of the first request: a client that is told no limit has to find it. */
  'rate_limited_first_second',
  /** 500. */
  'errors',
  /** Met an outage. */
  'unavailable',
  'dropped',
  'hung',
  'halved',
  /** A byte at a time, to their end or until the client went. */
  'dripped',
  /** With bytes that are no UTF-8. */
  'garbled',
  /** Very long ones, handed over to the last byte. */
  'huge',
  /** 4xx other than 429: the request itself was wrong. */
  'rejected',
  /** The client went away before its answer. */
  'aborted',
  'in_flight',
  'peak_in_flight',
  /** Of the answered requests, the huge ones among them. */
  'input_tokens',
  'output_tokens',
  /** Batches that were taken, and the requests in them; none of these is among the requests above. */
  'batches',
  'batch_items',
  /** Requests about batches and their files. */
  'batch_calls',
] as const;

export type Counters = { [name in (typeof NAMES)[number]]: number };

export type SimStats = Readonly<Counters>;

export function makeCounters(): Counters {
  return Object.fromEntries(NAMES.map((name) => [name, 0])) as Counters;
}
