// Long work lets others go on in between: pages of the revision before are served while the next one is made.
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../core/clock.ts';

export type Pause = {
  /** Whether others have waited long enough. */
  isDue(): boolean;
  take(): Promise<void>;
};

const WORK_MS = 15;
/** The clock is asked each so many times: it is asked for each of some hundred thousand cells. */
const STEPS = 256;

export function makePause({ monotonicMs }: Pick<Clock, 'monotonicMs'>): Pause {
  let steps = 0;
  let sinceMs = monotonicMs();
  return {
    isDue: () => ++steps % STEPS === 0 && monotonicMs() - sinceMs > WORK_MS,
    async take() {
      await setImmediate();
      sinceMs = monotonicMs();
    },
  };
}

/** Walks what goes on in small steps, and lets others go on in between. */
export async function walk<Value>(steps: Generator<unknown, Value>, pause: Pause): Promise<Value> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (pause.isDue()) await pause.take();
  }
}
