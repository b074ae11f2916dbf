// `execution:` with its defaults; the timeout in milliseconds.
import { parseDuration } from '../../core/duration.ts';
import type { Execution, WatchSettings } from '../../core/manifest.ts';
import type { JsonPath } from '../errors/place.ts';
import { type Reading, say } from '../reading.ts';

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
    ...(raw.batch ? { batch: true as const } : {}),
  };
}

const DAY = { ms: 24 * 3_600_000, words: '24h' };

function readTimeout(reading: Reading, written: number | string): number {
  return readDuration(reading, { written, path: ['execution', 'timeout'] }) ?? DEFAULTS.timeoutMs;
}

/** In milliseconds; a bare number is in seconds. null = out of range, which was said. */
export function readDuration(
  reading: Reading,
  input: {
    readonly written: number | string;
    readonly path: JsonPath;
    readonly atMost?: { readonly ms: number; readonly words: string };
  },
): number | null {
  const { written, atMost = DAY } = input;
  const ms = parseDuration(typeof written === 'number' ? `${written}s` : written) ?? 0;
  if (ms >= 1 && ms <= atMost.ms) return ms;
  const message = `${JSON.stringify(input.path.at(-1))} must be between 1ms and ${atMost.words}, not ${written}`;
  say(reading, { path: input.path, code: 'out-of-range', message, hint: null });
  return null;
}

/** An editor writes a file in two or three steps, a few milliseconds apart; a person waits no longer than this gladly. */
const WATCH_DEFAULTS: WatchSettings = { confirmUsd: 0.5, debounceMs: 100 };

const MOST_QUIET = { ms: 60_000, words: '60s' };

/** `watch:` with its defaults; the debounce in milliseconds. */
export function readWatch(reading: Reading): WatchSettings {
  const { confirm_usd: confirmUsd = WATCH_DEFAULTS.confirmUsd, debounce } = reading.raw.watch ?? {};
  const written = debounce === undefined ? null : { written: debounce, path: ['watch', 'debounce'] };
  const debounceMs = written && readDuration(reading, { ...written, atMost: MOST_QUIET });
  return { confirmUsd, debounceMs: debounceMs ?? WATCH_DEFAULTS.debounceMs };
}
