// `execution:` with its defaults; the timeout in milliseconds.
import type { Execution } from '../core/manifest.ts';
import { type Reading, say } from './reading.ts';

const DEFAULTS: Execution = { concurrency: 32, retries: 4, timeoutMs: 60_000, budgetUsd: null, workers: 2 };

export function readExecution(reading: Reading): Execution {
  const raw = reading.raw.execution ?? {};
  return {
    concurrency: raw.concurrency ?? DEFAULTS.concurrency,
    retries: raw.retries ?? DEFAULTS.retries,
    timeoutMs: raw.timeout === undefined ? DEFAULTS.timeoutMs : readTimeout(reading, raw.timeout),
    budgetUsd: raw.budget_usd ?? DEFAULTS.budgetUsd,
    workers: raw.workers ?? DEFAULTS.workers,
  };
}

const UNITS_MS: { readonly [unit: string]: number } = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const DAY_MS = 24 * 3_600_000;

function readTimeout(reading: Reading, timeout: number | string): number {
  const [, amount, unit] = /^([0-9.]+)(ms|s|m|h)$/.exec(String(timeout)) ?? [null, String(timeout), 's'];
  const ms = Math.ceil(Number(amount) * UNITS_MS[unit!]!);
  if (ms >= 1 && ms <= DAY_MS) return ms;
  const message = `"timeout" must be between 1ms and 24h, not ${timeout}`;
  say(reading, { path: ['execution', 'timeout'], code: 'out-of-range', message, hint: null });
  return DEFAULTS.timeoutMs;
}
