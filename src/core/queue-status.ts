// What is in a queue and who works at it, at one moment: made from what Redis holds, shown by `queue status`, and printed by
// `--json` as it is here.

export type QueueStatus = {
  readonly experiment: string;
  /** ISO 8601, UTC, by the clock of Redis: ages are by it as well. */
  readonly at: string;
  readonly server: {
    /** As it may be shown. */
    readonly url: string;
    readonly software: 'Redis' | 'Valkey';
    readonly version: string | null;
    readonly used_bytes: number | null;
    /** null = no limit is set. */
    readonly max_bytes: number | null;
  };
  /** null = nobody coordinates. */
  readonly coordinator: { readonly host: string; readonly pid: number; readonly since: string } | null;
  /** By name. */
  readonly workers: readonly QueueWorker[];
  /** By provider. */
  readonly queues: readonly ProviderQueue[];
  /** Outcomes that no record holds yet: the coordinator fetches them, or the next one does. */
  readonly outcomes: number;
  /** The same of attempts that had been taken for lost. */
  readonly surplus: number;
};

export type QueueWorker = {
  readonly name: string;
  readonly host: string;
  readonly pid: number;
  /** Of each provider. */
  readonly concurrency: number;
  readonly busy: number;
  /** Of these it takes orders. */
  readonly providers: readonly string[];
  /** Orders that it has ended. */
  readonly done: number;
  /** Since it began; null = it has only just. */
  readonly per_second: number | null;
  readonly since: string;
  /** It has said nothing for so long that it is taken for lost. */
  readonly is_silent: boolean;
};

export type ProviderQueue = {
  readonly provider: string;
  readonly waiting: number;
  /** A worker has them: begun, or held for the next moment. */
  readonly active: number;
  /** Of the active: nobody who is alive does them. They fail as worker-lost, and are tried again. */
  readonly stalled: number;
  /** Of those waiting, the one that waits longest; null = none waits. */
  readonly oldest_waiting_ms: number | null;
  readonly oldest_active_ms: number | null;
};

/** Of its own times: clocks of machines differ. null = too short to say. */
export function perSecondOf(worker: {
  readonly done: number;
  readonly since: string;
  readonly seen: string;
}): number | null {
  const ms = Date.parse(worker.seen) - Date.parse(worker.since);
  return Number.isFinite(ms) && ms >= LEAST_MS ? (worker.done * 1000) / ms : null;
}

const LEAST_MS = 1_000;
