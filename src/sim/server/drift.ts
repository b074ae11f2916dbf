// How a provider changes in the middle of a run: it drifts to another one, or is out of order for a while.
import type { Clock } from '../../core/clock.ts';
import type { SimSettings } from '../../core/manifest.ts';

export type Drift = {
  /** Median latency of this request. */
  readonly latencyMs: number;
  /** null = the one that was asked for. */
  readonly servedModel: string | null;
  /** The status that an outage answers; null = there is none. */
  readonly outage: number | null;
  readonly isDrifted: boolean;
};

/** Asked with each request's number, from 1. An outage begins with the first request that it meets. */
export function makeDrift(settings: SimSettings, clock: Clock): (request: number) => Drift {
  const { drift, outage } = settings;
  let outSinceMs: number | null = null;
  const isOut = (request: number): boolean => {
    if (outage === null || request <= outage.after) return false;
    outSinceMs ??= clock.monotonicMs();
    return clock.monotonicMs() - outSinceMs < outage.forMs;
  };
  return (request) => {
    const drifted = drift !== null && request > drift.after ? drift : null;
    return {
      latencyMs: drifted?.latencyMs ?? settings.latencyMs,
      servedModel: drifted?.servedModel ?? null,
      outage: isOut(request) ? outage!.status : null,
      isDrifted: drifted !== null,
    };
  };
}
