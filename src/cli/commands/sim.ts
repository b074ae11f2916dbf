// expgraph sim: the simulation alone, for other tools, for tests and for load.

import type { SimSettings } from '../../core/manifest.ts';
import { jsonLine } from '../../core/text.ts';
import { CommandError } from '../../project/open/command-error.ts';
import { startSim } from '../../sim/server/sim.ts';
import type { Io } from '../io.ts';
import { listenForInterrupts } from '../terminal/signals.ts';

export type SimOptions = {
  readonly port: string;
  readonly latency: string;
  readonly spread: string;
  readonly rate?: string;
  readonly burst?: string;
  readonly errors: string;
  readonly drops: string;
  readonly hangs: string;
  readonly tokensPerMinute?: string;
  readonly tokenBurst?: string;
  readonly maxInFlight?: string;
  readonly limitHeaders: boolean;
  readonly retryAfter: boolean;
  readonly halfJson: string;
  readonly drips: string;
  readonly dripMs: string;
  readonly invalidUtf8: string;
  readonly huge: string;
  readonly hugeBytes: string;
  readonly answerBytes?: string;
  readonly driftAfter?: string;
  readonly driftLatency?: string;
  readonly driftModel?: string;
  readonly outageAfter?: string;
  readonly outageMs: string;
  readonly outageStatus: string;
  readonly seed: string;
};

/** Serves until Ctrl-C. */
export async function simCommand(io: Io, options: SimOptions): Promise<number> {
  const settings = readSettings(options);
  const port = number({ option: '--port', text: options.port, max: 65_535 });
  const sim = await start(settings, port);
  using interrupts = listenForInterrupts(() => {});
  io.out.write(`${sim.url}\n`);
  io.err.write(
    `A simulation, no model: OpenAI-compatible at ${sim.url} (counts at /sim/stats). Ctrl-C ends it.\n`,
  );
  await new Promise<void>((resolve) => {
    interrupts.stop.addEventListener('abort', () => resolve(), { once: true });
  });
  io.err.write(jsonLine(sim.stats()));
  await sim.close();
  return 0;
}

async function start(settings: SimSettings, port: number): ReturnType<typeof startSim> {
  try {
    return await startSim({ settings, port });
  } catch (cause) {
    throw new CommandError(`could not listen on port ${port}: ${(cause as Error).message}`);
  }
}

function readSettings(options: SimOptions): SimSettings {
  const share = (option: string, text: string): number => number({ option, text, max: 1 });
  const count = (option: string, text: string | undefined): number | null =>
    text === undefined ? null : number({ option, text, min: 1, max: MAX_COUNT, isWhole: true });
  const latency = (option: string, text: string): number => number({ option, text, max: 600_000 });
  return {
    latencyMs: latency('--latency', options.latency),
    latencySpread: number({ option: '--spread', text: options.spread, max: 3 }),
    ratePerSecond:
      options.rate === undefined ? null : number({ option: '--rate', text: options.rate, max: 1e6 }),
    burst: count('--burst', options.burst),
    tokensPerMinute: count('--tokens-per-minute', options.tokensPerMinute),
    tokenBurst: count('--token-burst', options.tokenBurst),
    maxInFlight: count('--max-in-flight', options.maxInFlight),
    limitHeaders: options.limitHeaders,
    retryAfter: options.retryAfter,
    errorRate: share('--errors', options.errors),
    dropRate: share('--drops', options.drops),
    hangRate: share('--hangs', options.hangs),
    halfJsonRate: share('--half-json', options.halfJson),
    dripRate: share('--drips', options.drips),
    dripMs: number({ option: '--drip-ms', text: options.dripMs, min: 1, max: 600_000 }),
    invalidUtf8Rate: share('--invalid-utf8', options.invalidUtf8),
    hugeRate: share('--huge', options.huge),
    hugeBytes: count('--huge-bytes', options.hugeBytes)!,
    answerBytes: count('--answer-bytes', options.answerBytes),
    drift: readDrift(options, latency),
    outage: readOutage(options),
    seed: number({ option: '--seed', text: options.seed, max: 2 ** 31 - 1 }),
  };
}

/** Bytes, tokens, requests: as much as the manifest takes. */
const MAX_COUNT = 1_000_000_000;

function readDrift(
  options: SimOptions,
  latency: (option: string, text: string) => number,
): SimSettings['drift'] {
  const { driftAfter, driftLatency, driftModel } = options;
  if (driftAfter === undefined) {
    if (driftLatency === undefined && driftModel === undefined) return null;
    throw new CommandError('--drift-latency and --drift-model need --drift-after');
  }
  return {
    after: number({ option: '--drift-after', text: driftAfter, max: MAX_COUNT, isWhole: true }),
    latencyMs: driftLatency === undefined ? null : latency('--drift-latency', driftLatency),
    servedModel: driftModel ?? null,
  };
}

function readOutage({ outageAfter, outageMs, outageStatus }: SimOptions): SimSettings['outage'] {
  if (outageAfter === undefined) return null;
  return {
    after: number({ option: '--outage-after', text: outageAfter, max: MAX_COUNT, isWhole: true }),
    forMs: number({ option: '--outage-ms', text: outageMs, max: 86_400_000 }),
    status: number({ option: '--outage-status', text: outageStatus, min: 400, max: 599, isWhole: true }),
  };
}

function number(at: {
  readonly option: string;
  readonly text: string;
  readonly min?: number;
  readonly max: number;
  readonly isWhole?: boolean;
}): number {
  const { option, text, min = 0, max, isWhole = false } = at;
  const value = Number(text);
  const isFit = value >= min && value <= max && (!isWhole || Number.isInteger(value));
  if (text.trim() !== '' && isFit) return value;
  const what = isWhole ? 'a whole number' : 'a number';
  throw new CommandError(`${option} ${JSON.stringify(text)}: ${what} from ${min} to ${max} is needed`);
}
