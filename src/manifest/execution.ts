// `execution:` with its defaults; the timeout in milliseconds.
import { parseDuration } from '../core/duration.ts';
import type { Execution } from '../core/manifest.ts';
import { type Reading, say } from './reading.ts';

/** Concurrency is a ceiling: lanes without a limit of their own find theirs below it. */
const DEFAULTS: Execution = { concurrency: 128, retries: 4, timeoutMs: 60_000, budgetUsd: null, workers: 2 };

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

const DAY_MS = 24 * 3_600_000;

/** A bare number is in seconds. */
function readTimeout(reading: Reading, timeout: number | string): number {
  const ms = parseDuration(typeof timeout === 'number' ? `${timeout}s` : timeout) ?? 0;
  if (ms >= 1 && ms <= DAY_MS) return ms;
  const message = `"timeout" must be between 1ms and 24h, not ${timeout}`;
  say(reading, { path: ['execution', 'timeout'], code: 'out-of-range', message, hint: null });
  return DEFAULTS.timeoutMs;
}
