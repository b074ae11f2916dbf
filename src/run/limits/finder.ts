// What an account turns out to allow where nobody declares it: one model of it, learned from calls that were taken and refused. Why
// and how well: docs/decisions/0008-limits.md. Pure: time is handed in.
//
//   free --refused--> search --one is taken--> paced
//                       ^  \                     |
//                       |   '--> places          | takes next to nothing any more
//                       '------------------------'
//
//   free    no refusal yet (slow-start.ts)
//   search  one call at a time, each after a longer wait, until one is taken
//   paced   so many a second (rate.ts)
//   places  so many at once (adaptive.ts): calls were refused while none had ended, and taken when one had
import type { LimitHint } from '../../core/limit-hint.ts';
import { type Adaptive, makeAdaptive } from './adaptive.ts';
import { makeClaims } from './claims.ts';
import { type Mark, makeRate, type Range, SLOW_PER_MS } from './rate.ts';
import { makeSlowStart } from './slow-start.ts';

type Refused = { readonly nowMs: number; readonly open: number; readonly askedMs: number | null };

export type Finder = {
  /** When the next call may start: now or earlier = at once; null = when one of those under way has ended. */
  readyAt(nowMs: number, open: number): number | null;
  sent(nowMs: number, open: number): Mark;
  /** The account took the call, whatever came of it. `open`: without it. */
  taken(mark: Mark, at: { readonly nowMs: number; readonly open: number; readonly isAnswer: boolean }): void;
  /**
   * `pauseMs`: for how long nothing is sent because the account says so, where that is longer than was known. `isStuck`: it was
   * refused although nothing had been sent for a while.
   */
  refused(mark: Mark, at: Refused): { readonly pauseMs: number; readonly isStuck: boolean };
  /** Headers say what is left, and how fast it fills where that is known: nothing has to be found by being refused. */
  told(perMs: number | null): void;
  /** It ended without telling anything. */
  gone(mark: Mark): void;
  learned(): LimitHint | null;
};

/** Each wait of a search against the one before: the rate is known within that. */
const STEP = 1.6;
const FIRST_GAP_MS = 20;
/** No longer: others that share the account may have left it. */
const LONGEST_GAP_MS = 5_000;
/** A wait as long as that was a window's. */
const WINDOW_MS = 5_000;
/** Refused after such a wait it is not its pace that the account minds. */
const STUCK_MS = 2_000;
/** Refused so often beside those under way, and taken so often when one had ended: it counts those. */
const VOTES = 3;
/** Refused with so many fewer under way than it took before, it counts something else. */
const ROOM = 0.7;
/** Of the burst that an earlier invocation saw: it may not be full. */
const HINT_SHARE = 0.8;

export function makeFinder(most: number, hint: LimitHint | null = null): Finder {
  const slowStart = makeSlowStart(most);
  const claims = makeClaims();
  let refusalMs = FIRST_GAP_MS;
  const rate = makeRate(() => refusalMs);
  let places: Adaptive | null = hint?.concurrency ? makeAdaptive(most, hint.concurrency) : null;
  let state: 'free' | 'search' | 'paced' | 'places' = places ? 'places' : 'free';
  let sends = 0;
  /**
   * Calls before this one were sent before anything was heard: whoever does the work may still have been loading, and when they
   * went out is not known. When they came back is.
   */
  let warmN: number | null = null;
  let startMs = 0;
  let sentMs = 0;
  let pausedMs = 0;
  /** Sends before this one were under way at the last reaction: one burst. */
  let reactedN = 0;
  let refusedMs = 0;
  let toldPerMs = 0;
  /** Since when, and how many it took: since the last long wait. */
  let epoch = { atMs: 0, taken: 0 };
  /** Of a search. */
  let emptyMs = 0;
  let gapMs = FIRST_GAP_MS;
  let probe: Mark | null = null;
  let swap: Mark | null = null;
  let hasRefused = false;
  /** Calls under way when it was refused first, as long as nothing speaks against that being the reason. */
  let cap: number | null = null;
  let votes = 0;
  let swaps = 0;

  function search(from: { readonly emptyMs: number; readonly gapMs: number }): void {
    state = 'search';
    ({ emptyMs, gapMs } = from);
    probe = null;
    swap = null;
    hasRefused = false;
  }

  function paced(range: Range): void {
    state = 'paced';
    rate.steady(range, sentMs);
  }

  /** It took the one call of a search. */
  function opened(mark: Mark): void {
    probe = null;
    const waitedMs = Math.max(FIRST_GAP_MS, mark.atMs - emptyMs);
    const wasTold = pausedMs > emptyMs + gapMs;
    const isRefuted = claims.refutedBy(mark.atMs);
    if (isRefuted) pausedMs = 0;
    // What it took in all, over all that time: where it counts by windows that is its rate, elsewhere no less than it.
    const overall = epoch.taken / (mark.atMs - epoch.atMs);
    if (waitedMs >= WINDOW_MS && epoch.taken > 1) {
      epoch = { atMs: mark.atMs, taken: 0 };
      paced({ low: overall, high: overall });
      return;
    }
    // It waited because it was told to, and for nothing: how long it had to is not known.
    if (isRefuted && wasTold && waitedMs >= STUCK_MS) {
      search({ emptyMs: mark.atMs, gapMs: FIRST_GAP_MS });
      return;
    }
    const perMs = 1 / waitedMs;
    const reach = wasTold ? 1.1 : STEP;
    if ((hasRefused || wasTold) && perMs < SLOW_PER_MS) {
      const low = wasTold ? 0.95 * perMs : perMs;
      paced({ low, high: Math.max(reach * low, Math.sqrt(overall * perMs)) });
    } else {
      state = 'paced';
      rate.ramp({ atMs: mark.atMs, perMs });
    }
  }

  function swapped(): void {
    swap = null;
    if (cap === null || ++swaps < VOTES || votes < VOTES) return;
    state = 'places';
    places = makeAdaptive(most, cap);
  }

  /** Refusals come sooner than answers: a call that is still under way after that was taken. */
  const heardMs = (mark: Mark): number => mark.atMs + 2.5 * refusalMs + 5;

  function refusedInSearch(mark: Mark, open: number): void {
    if (mark.isSwap) cap = null;
    else if (probe?.n === mark.n) {
      if (cap !== null && open >= cap) votes++;
      probe = null;
      hasRefused = true;
      gapMs = Math.min(gapMs + LONGEST_GAP_MS, gapMs * STEP);
    } else if (mark.n < reactedN) {
      emptyMs = Math.max(emptyMs, mark.atMs);
      if (cap !== null) cap = Math.max(1, Math.min(cap, open));
    }
  }

  const finder: Finder = {
    readyAt(nowMs, open) {
      if (state === 'free') return slowStart.readyAt(nowMs, open);
      if (state === 'places') return open < places!.limit() ? nowMs : null;
      if (state === 'paced') return Math.max(pausedMs, rate.readyAt());
      if (probe !== null) {
        if (nowMs < heardMs(probe)) return heardMs(probe);
        opened(probe);
        return finder.readyAt(nowMs, open);
      }
      if (swap !== null && nowMs >= heardMs(swap)) {
        swapped();
        return finder.readyAt(nowMs, open);
      }
      if (cap !== null && open < cap && swap === null && pausedMs <= nowMs) return nowMs;
      return Math.max(pausedMs, emptyMs + gapMs);
    },
    sent(nowMs, open) {
      if (sends === 0) {
        startMs = nowMs;
        epoch = { atMs: nowMs, taken: 0 };
      }
      const hasRoom = cap !== null && open < cap && votes >= VOTES;
      const isSwap = state === 'search' && (nowMs < emptyMs + gapMs || hasRoom);
      const pace = state === 'paced' ? rate.sent(nowMs, pausedMs) : 0;
      const mark: Mark = { n: sends++, atMs: nowMs, pace, open, isSwap };
      if (isSwap) swap = mark;
      else if (state === 'search') probe = mark;
      sentMs = nowMs;
      epoch.taken++;
      if (state === 'free' && hint?.requestsPerSecond && sends >= HINT_SHARE * (hint.burst ?? 1)) {
        rate.began({ n: hint.burst ?? 1, forMs: 0 });
        paced({ low: hint.requestsPerSecond / 1000, high: hint.requestsPerSecond / 1000 });
      }
      return mark;
    },
    taken(mark, { nowMs, open, isAnswer }) {
      warmN ??= sends;
      // Whoever answers that fast refuses no slower.
      if (mark.n >= warmN) refusalMs = Math.min(refusalMs, Math.max(1, nowMs - mark.atMs));
      if (probe?.n === mark.n) return opened(mark);
      if (claims.refutedBy(mark.atMs)) pausedMs = 0;
      if (state === 'free' && isAnswer) slowStart.answered(nowMs);
      if (state === 'places') places!.answered(open + 1 >= places!.limit());
      if (state !== 'search') return;
      if (mark.n >= reactedN && mark.open >= (cap ?? 0)) cap = null;
      if (swap?.n === mark.n) swapped();
    },
    refused(sent, { nowMs, open, askedMs }) {
      warmN ??= sends;
      const isCold = sent.n < warmN;
      const mark = isCold ? { ...sent, atMs: Math.max(sent.atMs, nowMs - FIRST_GAP_MS) } : sent;
      epoch.taken--;
      refusalMs += (nowMs - sent.atMs - refusalMs) * 0.3;
      const untilMs = nowMs + claims.heard({ askedMs, sentMs: mark.atMs, nowMs });
      const pauseMs = Math.max(0, untilMs - Math.max(nowMs, pausedMs));
      pausedMs = Math.max(pausedMs, untilMs);
      const isStuck = probe?.n === mark.n && mark.atMs - refusedMs > STUCK_MS;
      refusedMs = Math.max(refusedMs, mark.atMs);
      const isSameBurst = mark.n < reactedN;
      if (state === 'search') refusedInSearch(mark, open);
      // Sent at a pace that was known before, and arrived all at once: that says nothing of the pace.
      const isPaced = state === 'paced' && !(isCold && hint?.requestsPerSecond);
      if (!isPaced) rate.emptied(mark);
      if (!isSameBurst) reactedN = sends;
      if (isPaced) {
        const { searchMs } = rate.refused(mark, { nowMs, isSameBurst });
        if (searchMs !== null) {
          // What was under way at its first refusal says nothing of it any more.
          cap = null;
          search({ emptyMs: mark.atMs, gapMs: searchMs });
          hasRefused = true;
        }
      } else if (state === 'free') {
        cap = open;
        rate.began({ n: mark.n, forMs: mark.atMs - startMs });
        search({ emptyMs: mark.atMs, gapMs: Math.max(FIRST_GAP_MS, nowMs - mark.atMs) });
      } else if (state === 'places' && !isSameBurst) {
        if (open === 0 || open + 1 < ROOM * places!.limit())
          search({ emptyMs: mark.atMs, gapMs: FIRST_GAP_MS });
        else places!.toldOff();
      }
      return { pauseMs, isStuck };
    },
    told(perMs) {
      slowStart.lift();
      if (perMs === null || state === 'free' || state === 'places') return;
      const isNew = Math.abs(perMs - toldPerMs) > 0.05 * toldPerMs;
      if (!isNew && state === 'paced' && rate.isSteady()) return;
      toldPerMs = perMs;
      probe = null;
      paced({ low: perMs, high: perMs });
    },
    gone(mark) {
      if (probe?.n === mark.n) probe = null;
      if (swap?.n === mark.n) swap = null;
    },
    learned() {
      if (state === 'places') return { requestsPerSecond: null, burst: null, concurrency: places!.limit() };
      const found = rate.found();
      if (found === null || state === 'free') return null;
      return { requestsPerSecond: found.perMs * 1000, burst: found.burst, concurrency: null };
    },
  };
  return finder;
}
