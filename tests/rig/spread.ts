// A run over a queue as tests start it: one coordinator, any number of workers, each a process of its own.
import { type Started, startProgram } from './program.ts';
import { writeExperiment } from './small-experiment.ts';

export type Spread = {
  readonly variants?: number;
  readonly scenarios: number;
  readonly concurrency?: number;
  readonly more?: readonly string[];
};

/** Each request is said once: of a key it is known what was asked for it. */
export function writeSpread(folder: string, url: string, of: Spread): void {
  writeExperiment(folder, {
    variants: of.variants ?? 2,
    scenarios: of.scenarios,
    runs: 1,
    concurrency: of.concurrency ?? 16,
    sim: `{ type: openai, base_url: "${url}", api_key_env: SPREAD_KEY }`,
    more: ['model: m', ...(of.more ?? [])],
  });
}

/** Only workers have the key. */
const KEY = { SPREAD_KEY: 'of-workers-alone' };

export function startWorker(cwd: string, redis: string, more: readonly string[] = []): Started {
  return startProgram(['worker', '--redis', redis, '--lock', '1s', ...more], { cwd, env: KEY });
}

/** It takes orders, or has ended. */
export async function begun({ child, ended }: Started): Promise<void> {
  const taking = new Promise<void>((resolve) => {
    child.stderr!.on('data', (text: string) => {
      if (text.includes('takes orders')) resolve();
    });
  });
  await Promise.race([taking, ended]);
}

export function startCoordinator(cwd: string, redis: string, more: readonly string[] = []): Started {
  return startProgram(
    ['run', '--executor', 'queue', '--redis', redis, '--events', 'events.jsonl', '--json', ...more],
    { cwd },
  );
}
