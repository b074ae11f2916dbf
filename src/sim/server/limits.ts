// What an account of the simulation may do: requests, tokens and calls at one time; and how it says so.
import type { ServerResponse } from 'node:http';
import type { Clock } from '../../core/clock.ts';
import type { SimSettings } from '../../core/manifest.ts';
import { rateLimited, type WireError } from '../wire/wire-error.ts';
import { type Bucket, makeBucket } from './bucket.ts';
import type { Headers } from './send.ts';

export type Limits = {
  /** Takes a request and, until the response is closed, a place. */
  readonly enter: (response: ServerResponse) => Refusal | null;
  readonly chargeTokens: (tokens: number) => Refusal | null;
  /** What is left, for the headers of any answer. */
  readonly headers: () => Headers;
};

export type Refusal = { readonly error: WireError; readonly headers: Headers };

export function makeLimits(settings: SimSettings, clock: Clock): Limits {
  const { tokensPerMinute, tokenBurst, maxInFlight } = settings;
  const requests = bucketOf(settings.ratePerSecond, settings.burst);
  const tokens = bucketOf(tokensPerMinute && tokensPerMinute / 60, tokenBurst ?? tokensPerMinute);
  let inside = 0;
  /** As OpenAI words it: the limit is what the bucket holds, the reset is when it will be full again. */
  const headersOf = (name: 'requests' | 'tokens', bucket: Bucket | null): Headers => {
    if (bucket === null || !settings.limitHeaders) return {};
    const { left, fullInMs } = bucket.take(clock.monotonicMs(), 0);
    return {
      [`x-ratelimit-limit-${name}`]: String(Math.floor(bucket.limit)),
      [`x-ratelimit-remaining-${name}`]: String(left),
      [`x-ratelimit-reset-${name}`]: `${fullInMs}ms`,
    };
  };
  const headers = (): Headers => ({ ...headersOf('requests', requests), ...headersOf('tokens', tokens) });
  const refuse = (limit: Parameters<typeof rateLimited>[0], waitMs: number): Refusal => {
    if (!settings.retryAfter) return { error: rateLimited(limit, null), headers: headers() };
    // `retry-after` knows whole seconds only; clients that know better read the other.
    const retry = { 'retry-after': String(Math.ceil(waitMs / 1000)), 'retry-after-ms': String(waitMs) };
    return { error: rateLimited(limit, waitMs), headers: { ...headers(), ...retry } };
  };
  return {
    enter(response) {
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
    headers,
  };
}

function bucketOf(rate: number | null, burst: number | null): Bucket | null {
  if (rate === null || rate <= 0) return null;
  return makeBucket(rate, Math.max(1, burst ?? Math.ceil(rate)));
}
