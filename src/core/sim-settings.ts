// How the built-in simulation behaves when the manifest does not say.
import type { SimSettings } from './manifest.ts';

/** Quick enough for a first try, slow enough that concurrency and progress can be seen. No faults. */
export const DEFAULT_SIM_SETTINGS: SimSettings = {
  latencyMs: 120,
  latencySpread: 0.3,
  ratePerSecond: null,
  burst: null,
  tokensPerMinute: null,
  tokenBurst: null,
  maxInFlight: null,
  limitHeaders: true,
  retryAfter: true,
  errorRate: 0,
  dropRate: 0,
  hangRate: 0,
  halfJsonRate: 0,
  dripRate: 0,
  dripMs: 1000,
  invalidUtf8Rate: 0,
  hugeRate: 0,
  hugeBytes: 50_000_000,
  answerBytes: null,
  drift: null,
  outage: null,
  seed: 0,
};

/** What an outage answers where nothing is said: service unavailable. */
export const OUTAGE_STATUS = 503;
