// `watch:` with its defaults; the debounce in milliseconds.
import type { WatchSettings } from '../core/manifest.ts';
import { readDuration } from './execution.ts';
import type { Reading } from './reading.ts';

/** An editor writes a file in two or three steps, a few milliseconds apart; a person waits no longer than this gladly. */
const DEFAULTS: WatchSettings = { confirmUsd: 0.5, debounceMs: 100 };

const MOST = { ms: 60_000, words: '60s' };

export function readWatch(reading: Reading): WatchSettings {
  const { confirm_usd: confirmUsd = DEFAULTS.confirmUsd, debounce } = reading.raw.watch ?? {};
  const written = debounce === undefined ? null : { written: debounce, path: ['watch', 'debounce'] };
  const debounceMs = written && readDuration(reading, { ...written, atMost: MOST });
  return { confirmUsd, debounceMs: debounceMs ?? DEFAULTS.debounceMs };
}
