// How much of their time threads are at work while they have orders; the rest they wait, for a model as a rule. A thread that
// waits for a processor counts as one at work, so a busy machine is not taken for a slow model.
import type { Clock } from '../core/clock.ts';

/** `activeMs`: for how long it has been at work, since it was opened. */
export type Worked = { readonly activeMs: () => number };

export type AtWork = {
  /** From here on it counts: what it loads is loaded. */
  begins(thread: Worked): void;
  ends(thread: Worked): void;
  /** 0..1, of the time since it was asked before; 1 while nobody knows. */
  share(): number;
};

/** Shorter, and one burst of work would be taken for all there is. */
const LOOK_MS = 50;

export function makeAtWork(clock: Clock): AtWork {
  const seen = new Map<Worked, { readonly ms: number; readonly activeMs: number }>();
  let lookedMs = clock.monotonicMs();
  let known = 1;
  return {
    begins(thread) {
      if (!seen.has(thread)) seen.set(thread, { ms: clock.monotonicMs(), activeMs: thread.activeMs() });
    },
    ends: (thread) => void seen.delete(thread),
    share() {
      const ms = clock.monotonicMs();
      if (ms - lookedMs < LOOK_MS) return known;
      lookedMs = ms;
      let active = 0;
      let passed = 0;
      for (const [thread, before] of seen) {
        const activeMs = thread.activeMs();
        active += activeMs - before.activeMs;
        passed += ms - before.ms;
        seen.set(thread, { ms, activeMs });
      }
      if (passed > 0) known = Math.min(1, Math.max(0, active / passed));
      return known;
    },
  };
}
