// How many calls a second, where neither the manifest nor the headers say: what was answered when the provider last answered
// "too much", a little less of it, and a little more each second until it says so again. Pure: time is handed in.

export type Pace = {
  /** When the next call may start; now or earlier = at once, also before the provider ever said "too much". */
  readyAt(nowMs: number): number;
  take(nowMs: number): void;
  answered(): void;
  /** To be called once for a burst. */
  toldOff(nowMs: number): void;
};

/** Below what was answered, so that the provider's own bucket can recover. */
const SHARE = 0.9;
/** Growth a second: a limit that is twice as high as it was is found again within half a minute. */
const GROWTH = 0.025;
/** What is left of an earlier rate at each further word. */
const FADE = 0.7;
/** Over less time than this there is no rate. */
const LEAST_MS = 1_000;

export function makePace(): Pace {
  let answers = 0;
  let sinceMs: number | null = null;
  let perMs: number | null = null;
  let best = 0;
  let setMs = 0;
  let nextMs = 0;
  const rateAt = (nowMs: number): number => perMs! * (1 + GROWTH) ** ((nowMs - setMs) / 1000);
  return {
    readyAt: (nowMs) => (perMs === null ? nowMs : nextMs),
    take(nowMs) {
      sinceMs ??= nowMs;
      if (perMs !== null) nextMs = Math.max(nextMs, nowMs - 1 / rateAt(nowMs)) + 1 / rateAt(nowMs);
    },
    answered() {
      answers++;
    },
    toldOff(nowMs) {
      if (sinceMs === null || nowMs - sinceMs < LEAST_MS || answers === 0) return;
      // The best of lately counts: a provider may say "too much" for other reasons than the rate.
      best = Math.max(answers / (nowMs - sinceMs), best * FADE);
      perMs = SHARE * best;
      setMs = nowMs;
      answers = 0;
      sinceMs = nowMs;
    },
  };
}
