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
  const requests = bucketOf(settings.ratePerSecond, settings.burst);
  const tokens = bucketOf(
    perSecond(settings.tokensPerMinute),
    settings.tokenBurst ?? settings.tokensPerMinute,
  );
  const { maxInFlight } = settings;
  let inside = 0;

  const headers = (): Headers => {
    if (!settings.limitHeaders) return {};
    const nowMs = clock.monotonicMs();
    return {
      ...limitHeaders('requests', { bucket: requests, nowMs }),
      ...limitHeaders('tokens', { bucket: tokens, nowMs }),
    };
  };
  const refuse = (of: Parameters<typeof rateLimited>[0], waitMs: number): Refusal => ({
    error: rateLimited(of, settings.retryAfter ? waitMs : null),
    headers: { ...headers(), ...(settings.retryAfter ? retryHeaders(waitMs) : {}) },
  });
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

function perSecond(perMinute: number | null): number | null {
  return perMinute === null ? null : perMinute / 60;
}

function bucketOf(rate: number | null, burst: number | null): Bucket | null {
  if (rate === null || rate <= 0) return null;
  return makeBucket(rate, Math.max(1, burst ?? Math.ceil(rate)));
}

/** As OpenAI words it: the limit is what the bucket holds, the reset is when it will be full again. */
function limitHeaders(
  name: 'requests' | 'tokens',
  at: { readonly bucket: Bucket | null; readonly nowMs: number },
): Headers {
  if (at.bucket === null) return {};
  const { left, fullInMs } = at.bucket.take(at.nowMs, 0);
  return {
    [`x-ratelimit-limit-${name}`]: String(Math.floor(at.bucket.limit)),
    [`x-ratelimit-remaining-${name}`]: String(left),
    [`x-ratelimit-reset-${name}`]: `${fullInMs}ms`,
  };
}

/** `retry-after` knows whole seconds only; clients that know better read the other. */
function retryHeaders(waitMs: number): Headers {
  return { 'retry-after': String(Math.ceil(waitMs / 1000)), 'retry-after-ms': String(waitMs) };
}
