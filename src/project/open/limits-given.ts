// What the command line allows instead of the manifest, for one invocation: money, calls at once, time, retries. No key knows of it.
import { askersOf } from '../../core/asking.ts';
import { parseDuration } from '../../core/duration.ts';
import type { Execution, Manifest, Provider } from '../../core/manifest.ts';
import { priceFor } from '../../core/price.ts';
import { CommandError } from './command-error.ts';
import type { Experiment } from './experiment.ts';

export type LimitOptions = {
  readonly budgetUsd?: string;
  readonly concurrency?: string;
  readonly timeout?: string;
  readonly retries?: string;
  /** --batch or --no-batch. */
  readonly batch?: boolean;
};

/** Only what was given. */
export type GivenLimits = Partial<Pick<Execution, 'budgetUsd' | 'concurrency' | 'timeoutMs' | 'retries'>> & {
  readonly batch?: boolean;
};

/** The bounds are those of `execution:` in the schema. @throws CommandError that says what is right */
export function readGivenLimits(options: LimitOptions): GivenLimits {
  const { budgetUsd, concurrency, timeout, retries, batch } = options;
  return {
    ...(budgetUsd === undefined ? {} : { budgetUsd: usd(budgetUsd) }),
    ...(concurrency === undefined ? {} : { concurrency: whole('--concurrency', concurrency, [1, 10_000]) }),
    ...(timeout === undefined ? {} : { timeoutMs: time(timeout) }),
    ...(retries === undefined ? {} : { retries: whole('--retries', retries, [0, 100]) }),
    ...(batch === undefined ? {} : { batch }),
  };
}

/** As the manifest would be with them. @throws CommandError where a budget cannot be kept for want of a price */
export function withLimits(experiment: Experiment, given: GivenLimits): Experiment {
  if (Object.keys(given).length === 0) return experiment;
  const { manifest } = experiment;
  if (given.budgetUsd !== undefined) checkPriced(manifest);
  return {
    ...experiment,
    isBudgetGiven: given.budgetUsd !== undefined,
    manifest: {
      ...manifest,
      execution: executionWith(manifest.execution, given),
      providers:
        given.timeoutMs === undefined ? manifest.providers : inTime(manifest.providers, given.timeoutMs),
    },
  };
}

function executionWith(declared: Execution, given: GivenLimits): Execution {
  const { batch: isBatch = declared.batch === true, ...limits } = given;
  const { batch: _, ...rest } = { ...declared, ...limits };
  return isBatch ? { ...rest, batch: true } : rest;
}

/** Where a budget was said, for messages. */
export function budgetName({ isBudgetGiven }: Pick<Experiment, 'isBudgetGiven'>): string {
  return isBudgetGiven ? '--budget-usd' : 'execution.budget_usd';
}

/** A provider's own limit is beside that of `execution`: what was given stands above both. */
function inTime(providers: Manifest['providers'], timeoutMs: number): Manifest['providers'] {
  const limited = ([name, provider]: [string, Provider]): [string, Provider] => [
    name,
    provider.settings ? { ...provider, settings: { ...provider.settings, timeoutMs } } : provider,
  ];
  return Object.fromEntries(Object.entries(providers).map(limited));
}

function usd(text: string): number {
  if (/^[0-9]{1,9}(\.[0-9]{1,9})?$/.test(text) && Number(text) > 0) return Number(text);
  throw new CommandError(`--budget-usd takes US dollars above 0, as 5 or 0.50, not ${JSON.stringify(text)}`);
}

function whole(flag: string, text: string, [least, most]: readonly [number, number]): number {
  const value = Number(text);
  if (/^[0-9]{1,9}$/.test(text) && value >= least && value <= most) return value;
  throw new CommandError(
    `${flag} takes a whole number from ${least} to ${most.toLocaleString('en')}, not ${JSON.stringify(text)}`,
  );
}

const MAX_TIMEOUT_MS = 86_400_000;

function time(text: string): number {
  const ms = parseDuration(text);
  if (ms && ms <= MAX_TIMEOUT_MS) return ms;
  throw new CommandError(
    `--timeout takes a time like 30s, 5m or 1h, at most 24h, not ${JSON.stringify(text)}`,
  );
}

function checkPriced(manifest: Manifest): void {
  for (const { provider, model, params } of askersOf(manifest)) {
    const account = manifest.providers[provider];
    if (!account || model === '' || priceFor(account, { model, params }) !== null) continue;
    const name = JSON.stringify(model);
    throw new CommandError(
      `--budget-usd needs prices: that of the model ${name} at ${JSON.stringify(provider)} is not known; ` +
        `add under providers.${provider}.pricing: ${name}: { input: ..., output: ... }   (USD per million tokens)`,
    );
  }
}
