// Decides what becomes of each call to the model: refused, struck by a fault, or played; and counts it.
//
//   arrived -> 401 -> outage -> 429 (places, requests) -> played -> 429 (tokens) -> fault drawn
//     -> hung: waits until the client goes
//     -> 400 where it could not be played -> wait -> delivered as the fault has it
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Clock } from '../../core/clock.ts';
import type { SimSettings } from '../../core/manifest.ts';
import type { PlayedScript } from '../../core/played.ts';
import { unauthorized, unavailable, type WireError } from '../wire/wire-error.ts';
import { type Ending, trackCall } from './connections.ts';
import { deliver } from './deliver.ts';
import { makeDrift } from './drift.ts';
import { makeFaults } from './faults.ts';
import { makeLimits, type Refusal } from './limits.ts';
import { type Call, play } from './play.ts';
import { type Headers, sendError } from './send.ts';
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

export function makeAdmission(options: ServerOptions): (call: Call, response: ServerResponse) => void {
  const { settings, clock, counters, contextTokens } = options;
  const { answerBytes, hugeBytes, dripMs } = settings;
  const nextFault = makeFaults(settings);
  const driftAt = makeDrift(settings, clock);
  const limits = makeLimits(settings, clock);
  let firstMs: number | null = null;
  // Nobody can know it, so no prompt can make an answer contain it.
  const mark = randomUUID();
  return (call, response) => {
    const { request } = call;
    const id = `sim_${settings.seed}_${++counters.requests}`;
    const { latencyMs, servedModel, outage, isDrifted } = driftAt(counters.requests);
    const tracked = trackCall(response, counters, clock);
    const named: Headers = { 'x-request-id': `req_${id}` };
    firstMs ??= clock.monotonicMs();
    const isEarly = clock.monotonicMs() - firstMs < 1000;
    const refuse = (ending: Ending, error: WireError, headers: Headers = {}): void => {
      tracked.end(ending);
      sendError(response, error, { ...named, ...headers });
    };
    const limit = ({ error, headers }: Refusal): void => {
      if (isEarly) counters.rate_limited_first_second++;
      refuse('rate_limited', error, headers);
    };
    if (options.apiKey !== null && request.headers.authorization !== `Bearer ${options.apiKey}`) {
      return refuse('rejected', unauthorized(request.headers.authorization !== undefined));
    }
    if (outage !== null) return refuse('unavailable', unavailable(outage));
    const refused = limits.enter(response, isDrifted);
    if (refused) return limit(refused);
    const played = play(call, { contextTokens, answerBytes, clock, id, servedModel });
    const tokens = played.kind === 'ok' ? played.value.inputTokens + played.value.outputTokens : 0;
    const overdrawn = limits.chargeTokens(tokens);
    if (overdrawn) return limit(overdrawn);
    const { fault, delayMs } = nextFault(latencyMs);
    if (fault === 'hung') return tracked.end('hung');
    const headers = { ...named, ...limits.headers() };
    if (played.kind === 'err') return refuse('rejected', played.error, headers);
    const delivery = { request, response, tracked, headers, played: played.value, mark, hugeBytes, dripMs };
    tracked.wait(delayMs, () => deliver(fault, delivery));
  };
}
