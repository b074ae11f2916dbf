// How far a batch is, as a function of time: nothing of it happens by a timer.
//
//   validating -> in progress -> finalizing -> ended: completed
//        |            |             '-> ended: expired, where its window closes first
//        '------------'-> cancelling -> ended: cancelled

export type Life = {
  /** On the clock that only grows. */
  readonly startMs: number;
  readonly takesMs: number;
  /** After so long it is closed, whatever is done by then. */
  readonly windowMs: number;
  readonly cancelledAtMs: number | null;
  readonly items: number;
};

export type Stage = {
  readonly kind:
    | 'validating'
    | 'in-progress'
    | 'finalizing'
    | 'cancelling'
    | 'completed'
    | 'expired'
    | 'cancelled';
  /** Items that are done, from the first. */
  readonly done: number;
  /** Milliseconds since the start at which it ended; null = it has not. */
  readonly endedAfterMs: number | null;
};

/** Of the time that a batch takes: its file is read until then, and its results are put together from then on. */
const [VALIDATED_AT, DONE_AT] = [0.1, 0.9];
/** Of the time that it takes: until a batch that was told to stop has stopped. */
const STOPS_IN = 0.1;

export function stageAt(life: Life, nowMs: number): Stage {
  const { startMs, takesMs, windowMs, cancelledAtMs, items } = life;
  const age = nowMs - startMs;
  const endsAfter = Math.min(takesMs, windowMs);
  const doneBy = (after: number): number => {
    if (after >= takesMs) return items;
    const share = (after / takesMs - VALIDATED_AT) / (DONE_AT - VALIDATED_AT);
    return Math.floor(items * Math.min(1, Math.max(0, share)));
  };
  const cancelledAfter = cancelledAtMs === null ? Number.POSITIVE_INFINITY : cancelledAtMs - startMs;
  if (cancelledAfter < endsAfter) {
    const stopsAfter = cancelledAfter + takesMs * STOPS_IN;
    const done = doneBy(cancelledAfter);
    return age < stopsAfter
      ? { kind: 'cancelling', done, endedAfterMs: null }
      : { kind: 'cancelled', done, endedAfterMs: stopsAfter };
  }
  if (age >= endsAfter) {
    const kind = takesMs <= windowMs ? 'completed' : 'expired';
    return { kind, done: doneBy(endsAfter), endedAfterMs: endsAfter };
  }
  const share = age / takesMs;
  const kind = share < VALIDATED_AT ? 'validating' : share < DONE_AT ? 'in-progress' : 'finalizing';
  return { kind, done: doneBy(age), endedAfterMs: null };
}
