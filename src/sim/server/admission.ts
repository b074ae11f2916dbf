// Decides what becomes of each call to the model: refused, struck by a fault, or played; and counts it.
//
//   arrived -> 401 -> outage -> 429 (places, requests) -> played -> 429 (tokens) -> fate rolled
//     -> hung: waits until the client goes
//     -> 400 where it could not be played -> wait -> delivered as its fate says
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../core/clock.ts';
import type { SimSettings } from '../../core/manifest.ts';
import type { PlayedScript } from '../../core/played.ts';
import type { Script } from '../player/scripted.ts';
import type { Api } from '../wire/wire.ts';
import { unauthorized, unavailable, type WireError } from '../wire/wire-error.ts';
import { type Ending, follow } from './connections.ts';
import { deliver } from './deliver.ts';
import { makeWeather } from './drift.ts';
import { makeFates } from './faults.ts';
import { makeLimits, type Refusal } from './limits.ts';
import { play } from './play.ts';
import { type Headers, sendError } from './send.ts';
import type { Counters } from './stats.ts';

export type DeskOptions = {
  readonly settings: SimSettings;
  readonly apiKey: string | null;
  readonly contextTokens: number | null;
  readonly clock: Clock;
  readonly counters: Counters;
  /** What is played at /played/<n>.<answered>/v1. */
  readonly scripts: readonly PlayedScript[];
};

export type Call = {
  readonly api: Api;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: string;
  /** Its part, where it has one. */
  readonly script: Script | null;
};

export function makeDesk(options: DeskOptions): (call: Call) => void {
  const { settings, clock, counters, contextTokens } = options;
  const { answerBytes, hugeBytes, dripMs } = settings;
  const nextFate = makeFates(settings);
  const weatherAt = makeWeather(settings, clock);
  const limits = makeLimits(settings, clock);
  const isFirstSecond = makeFirstSecond(clock);
  // Nobody can know it, so no prompt can make an answer contain it.
  const mark = randomUUID();
  return (call) => {
    const { request, response } = call;
    const id = `sim_${settings.seed}_${++counters.requests}`;
    const weather = weatherAt(counters.requests);
    const followed = follow(response, { counters, clock });
    const named: Headers = { 'x-request-id': `req_${id}` };
    const isEarly = isFirstSecond();
    const refuse = (ending: Ending, error: WireError, headers: Headers = {}): void => {
      followed.end(ending);
      sendError(response, error, { ...named, ...headers });
    };
    const limit = ({ error, headers }: Refusal): void => {
      if (isEarly) counters.rate_limited_first_second++;
      refuse('rate_limited', error, headers);
    };
    if (options.apiKey !== null && request.headers.authorization !== `Bearer ${options.apiKey}`) {
      return refuse('rejected', unauthorized(request.headers.authorization !== undefined));
    }
    if (weather.outage !== null) return refuse('unavailable', unavailable(weather.outage));
    const refused = limits.enter(response);
    if (refused) return limit(refused);
    const played = play(call, {
      options: { contextTokens, answerBytes, clock },
      id,
      servedModel: weather.servedModel,
    });
    const tokens = played.kind === 'ok' ? played.value.inputTokens + played.value.outputTokens : 0;
    const overdrawn = limits.chargeTokens(tokens);
    if (overdrawn) return limit(overdrawn);
    const { kind, delayMs } = nextFate(weather.latencyMs);
    if (kind === 'hung') return followed.end('hung');
    const headers = limits.headers();
    if (played.kind === 'err') return refuse('rejected', played.error, headers);
    followed.wait(delayMs, () =>
      deliver(kind, {
        request,
        response,
        followed,
        headers: { ...named, ...headers },
        played: played.value,
        mark,
        hugeBytes,
        dripMs,
      }),
    );
  };
}

/** Whether less than a second has passed since it was asked first. */
function makeFirstSecond(clock: Clock): () => boolean {
  let firstMs: number | null = null;
  return () => {
    const nowMs = clock.monotonicMs();
    firstMs ??= nowMs;
    return nowMs - firstMs < 1000;
  };
}
