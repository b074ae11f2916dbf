// expgraph sim: the simulation alone, for other tools, for tests and for load.
import type { SimSettings } from '../../core/manifest.ts';
import { DEFAULT_SIM_SETTINGS } from '../../core/sim-settings.ts';
import { startSim } from '../../sim/sim.ts';
import { CommandError } from '../exit.ts';
import type { Io } from '../io.ts';
import { listenForInterrupts } from '../signals.ts';

export type SimOptions = {
  readonly port: string;
  readonly latency: string;
  readonly spread: string;
  readonly rate?: string;
  readonly burst?: string;
  readonly errors: string;
  readonly drops: string;
  readonly hangs: string;
  readonly halfJson: string;
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
  io.err.write(`${JSON.stringify(sim.stats())}\n`);
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
  const optional = (option: string, text: string | undefined): number | null =>
    text === undefined ? null : number({ option, text, max: 1e6 });
  return {
    ...DEFAULT_SIM_SETTINGS,
    latencyMs: number({ option: '--latency', text: options.latency, max: 600_000 }),
    latencySpread: number({ option: '--spread', text: options.spread, max: 3 }),
    ratePerSecond: optional('--rate', options.rate),
    burst: optional('--burst', options.burst),
    errorRate: share('--errors', options.errors),
    dropRate: share('--drops', options.drops),
    hangRate: share('--hangs', options.hangs),
    halfJsonRate: share('--half-json', options.halfJson),
    seed: number({ option: '--seed', text: options.seed, max: 2 ** 31 - 1 }),
  };
}

function number(at: { readonly option: string; readonly text: string; readonly max: number }): number {
  const value = Number(at.text);
  if (at.text.trim() !== '' && value >= 0 && value <= at.max) return value;
  throw new CommandError(`${at.option} ${JSON.stringify(at.text)}: a number from 0 to ${at.max} is needed`);
}
