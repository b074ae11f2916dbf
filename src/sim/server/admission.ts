// Decides what becomes of each call to the model: refused, struck by a fault, or played; and counts it.
//
//   arrived -> 401 -> outage -> 429 (places, requests) -> played -> 429 (tokens) -> fault drawn
//     -> hung: waits until the client goes
//     -> 400 where it could not be played -> wait -> delivered as the fault has it
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../core/clock.ts';
import type { SimSettings } from '../../core/manifest.ts';
import type { PlayedScript } from '../../core/played.ts';
import type { Result } from '../../core/result.ts';
import type { Played, PlayOptions } from '../player/play.ts';
import type { Dialect, Headers } from '../wire/dialect.ts';
import { makePromptCache } from '../wire/prompt-cache.ts';
import { unauthorized, unavailable, type WireError } from '../wire/wire-error.ts';
import { type Ending, trackCall } from './connections.ts';
import { deliver } from './deliver.ts';
import { makeDrift } from './drift.ts';
import { makeFaults } from './faults.ts';
import { makeLimits, type Refusal } from './limits.ts';
import { sendError } from './send.ts';
import type { Counters } from './stats.ts';

export type ServerOptions = {
  readonly settings: SimSettings;
  readonly apiKey: string | null;
  readonly contextTokens: number | null;
  readonly clock: Clock;
  readonly counters: Counters;
  /** What is played at /played/<n>.<answered>/v1. */
  readonly scripts: readonly PlayedScript[];
};

/** A request that came in whole, and what answers it once it is let in. */
export type Arrival = {
  readonly request: IncomingMessage;
  readonly dialect: Dialect;
  readonly play: (options: PlayOptions) => Result<Played, WireError>;
};

export function makeAdmission(
  options: Omit<ServerOptions, 'scripts'>,
): (arrival: Arrival, response: ServerResponse) => void {
  const { settings, clock, counters, contextTokens } = options;
  const { answerBytes, hugeBytes, dripMs } = settings;
  const nextFault = makeFaults(settings);
  const driftAt = makeDrift(settings, clock);
  const limits = makeLimits(settings, clock);
  const cache = makePromptCache();
  let firstMs: number | null = null;
  // Nobody can know it, so no prompt can make an answer contain it.
  const mark = randomUUID();
  return ({ request, dialect, play }, response) => {
    const id = `sim_${settings.seed}_${++counters.requests}`;
    const { latencyMs, servedModel, outage, isDrifted } = driftAt(counters.requests);
    const tracked = trackCall(response, counters, clock);
    const requestId = `req_${id}`;
    const limitHeaders = (): Headers => dialect.limitHeaders(limits.told(), clock.now());
    firstMs ??= clock.monotonicMs();
    const isEarly = clock.monotonicMs() - firstMs < 1000;
    const refuse = (ending: Ending, error: WireError, headers: Headers = {}): void => {
      tracked.end(ending);
      sendError(response, { error, dialect, requestId, headers });
    };
    const limit = ({ error, wait }: Refusal): void => {
      if (isEarly) counters.rate_limited_first_second++;
      const waits = wait === null ? {} : dialect.waitHeaders(wait);
      refuse('rate_limited', error, { ...limitHeaders(), ...waits });
    };
    const key = keyOf(request);
    if (options.apiKey !== null && key !== options.apiKey)
      return refuse('rejected', unauthorized(key !== null));
    if (outage !== null) return refuse('unavailable', unavailable(outage));
    const refused = limits.enter(response, isDrifted);
    if (refused) return limit(refused);
    const played = play({ contextTokens, answerBytes, clock, cache, id, servedModel });
    const tokens = played.kind === 'ok' ? played.value.inputTokens + played.value.outputTokens : 0;
    const overdrawn = limits.chargeTokens(tokens);
    if (overdrawn) return limit(overdrawn);
    const { fault, delayMs } = nextFault(latencyMs);
    if (fault === 'hung') return tracked.end('hung');
    const headers = limitHeaders();
    if (played.kind === 'err') return refuse('rejected', played.error, headers);
    const answered = { request, response, tracked, dialect, requestId, headers, played: played.value };
    tracked.wait(delayMs, () => deliver(fault, { ...answered, mark, hugeBytes, dripMs }));
  };
}

/** As either API has it sent; null = none is. */
function keyOf({ headers }: IncomingMessage): string | null {
  const key = headers['x-api-key'];
  if (typeof key === 'string') return key;
  const { authorization } = headers;
  if (authorization === undefined) return null;
  return authorization.startsWith('Bearer ') ? authorization.slice('Bearer '.length) : '';
}
