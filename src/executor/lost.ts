// Outcomes of orders that no worker has an answer to: it is gone, and a retry may help, because the order itself may be fine; or
// it was never asked.
import type { Clock } from '../core/clock.ts';
import type { Failure, Outcome } from '../core/outcome.ts';

/** When an order was handed over, on both clocks. */
export type Started = { readonly at: string; readonly ms: number };

export function startNow(clock: Clock): Started {
  return { at: clock.now().toISOString(), ms: clock.monotonicMs() };
}

export function lostOutcome(input: {
  readonly started: Started;
  readonly clock: Clock;
  readonly why: unknown;
}): Outcome {
  const why = input.why instanceof Error ? `${input.why.name}: ${input.why.message}` : String(input.why);
  // A thrown text is anybody's: one line, bounded.
  const message = `the worker was lost (${why.replace(/\s+/g, ' ').slice(0, 500).toWellFormed()})`;
  return failedOutcome({ kind: 'worker-lost', status: null, message, retryAfterMs: null }, input);
}

export function failedOutcome(
  failure: Failure,
  input: { readonly started: Started; readonly clock: Clock },
): Outcome {
  return { kind: 'failure', failure, ...timing(input), requestId: null, limits: null };
}

/** A thread that several orders shared was lost: who took it along is not known, so it counts against none of them. */
export function ofNeighbour(outcome: Outcome): Outcome {
  if (outcome.kind !== 'failure' || outcome.failure.kind !== 'worker-lost' || outcome.failure.isOfCode)
    return outcome;
  return { ...outcome, failure: { ...outcome.failure, isOfNeighbour: true } };
}

export function cancelledOutcome(input: { readonly started: Started; readonly clock: Clock }): Outcome {
  return { kind: 'cancelled', ...timing(input), requestId: null };
}

function timing(input: { readonly started: Started; readonly clock: Clock }): {
  readonly startedAt: string;
  readonly durationMs: number;
} {
  return { startedAt: input.started.at, durationMs: input.clock.monotonicMs() - input.started.ms };
}

/** A thread is terminated at once, also in a busy loop; a program is within three seconds. Waiting longer hides a bug. */
const END_WAIT_MS = 5_000;

/** Waits for an end, and not for ever. What fails while it is ended is gone just the same. */
export async function within(ended: Promise<unknown>, clock: Clock): Promise<void> {
  let stopTimer = () => {};
  const bound = new Promise<void>((resolve) => {
    stopTimer = clock.after(END_WAIT_MS, resolve);
  });
  await Promise.race([ended.catch(() => {}), bound]);
  stopTimer();
}
