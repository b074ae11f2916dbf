// What an account of the simulation may do: requests, tokens and calls at one time; and how it says so.
import type { ServerResponse } from 'node:http';
import type { Clock } from '../../core/clock.ts';
import type { SimSettings } from '../../core/manifest.ts';
import type { LimitTold, WaitTold } from '../wire/dialect.ts';
import { rateLimited, type WireError } from '../wire/wire-error.ts';
import { type Bucket, makeBucket } from './bucket.ts';
import { makeWindow } from './window.ts';

export type Limits = {
  /** Takes a request and, until the response is closed, a place. @param isDrifted: the account is another one by now */
  readonly enter: (response: ServerResponse, isDrifted: boolean) => Refusal | null;
  readonly chargeTokens: (tokens: number) => Refusal | null;
  /** What is left, for the headers of any answer. */
  readonly told: () => readonly LimitTold[];
};

/** `wait`: null = nothing is said of it. */
export type Refusal = { readonly error: WireError; readonly wait: WaitTold | null };

export function makeLimits(settings: SimSettings, clock: Clock): Limits {
  const { tokensPerMinute, tokenBurst, maxInFlight, drift } = settings;
  let requests = requestsOf(settings);
  let hasDrifted = false;
  const tokens = bucketOf(tokensPerMinute && tokensPerMinute / 60, tokenBurst ?? tokensPerMinute);
  let inside = 0;
  const toldOf = (name: LimitTold['name'], bucket: Bucket | null): readonly LimitTold[] => {
    if (bucket === null || !settings.limitHeaders) return [];
    const { left, fullInMs } = bucket.take(clock.monotonicMs(), 0);
    return [{ name, limit: Math.floor(bucket.limit), left, fullInMs }];
  };
  const refuse = (limit: Parameters<typeof rateLimited>[0], waitMs: number): Refusal => {
    const { saidMs, wait } = whenOf(settings.retryAfter, waitMs);
    return { error: rateLimited(limit, saidMs), wait };
  };
  return {
    enter(response, isDrifted) {
      if (isDrifted && !hasDrifted && drift !== null) {
        hasDrifted = true;
        const { ratePerSecond = settings.ratePerSecond, burst = settings.burst } = drift;
        if (drift.ratePerSecond ?? drift.burst) requests = requestsOf({ ...settings, ratePerSecond, burst });
      }
      // Nobody knows when a place will be free; after the time of one answer it is worth a try.
      if (maxInFlight !== null && inside >= maxInFlight)
        return refuse('concurrency', Math.max(1, Math.ceil(settings.latencyMs)));
      const request = requests?.take(clock.monotonicMs());
      if (request && !request.isTaken) return refuse('requests', request.waitMs);
      inside++;
      response.on('close', () => inside--);
      return null;
    },
    chargeTokens(amount) {
      const charged = tokens?.take(clock.monotonicMs(), amount);
      return charged && !charged.isTaken ? refuse('tokens', charged.waitMs) : null;
    },
    told: () => [...toldOf('requests', requests), ...toldOf('tokens', tokens)],
  };
}

/** What is said of a wait: in the sentence, to the millisecond, and in headers. */
function whenOf(
  how: SimSettings['retryAfter'],
  waitMs: number,
): { readonly saidMs: number | null; readonly wait: WaitTold | null } {
  if (how === false) return { saidMs: null, wait: null };
  const seconds = typeof how === 'number' ? how : Math.ceil(waitMs / 1000);
  if (how !== true) return { saidMs: seconds * 1000, wait: { seconds, ms: null } };
  return { saidMs: waitMs, wait: { seconds, ms: waitMs } };
}

function requestsOf({
  ratePerSecond,
  burst,
  window,
}: Pick<SimSettings, 'ratePerSecond' | 'burst' | 'window'>): Bucket | null {
  if (window === undefined || ratePerSecond === null) return bucketOf(ratePerSecond, burst);
  const limit = Math.max(1, Math.floor(ratePerSecond * window.seconds));
  return makeWindow(window.kind, { limit, ms: window.seconds * 1000 });
}

function bucketOf(rate: number | null, burst: number | null): Bucket | null {
  if (rate === null || rate <= 0) return null;
  return makeBucket(rate, Math.max(1, burst ?? Math.ceil(rate)));
}
