// The end of a pytest whose last item is done: sessionfinish, unconfigure, atexit and threads are its own, and are waited
// for. Traces are sent and results are written then.
//
//   items under way or to come --the last one is done--> ending --it ends by itself--> over
//                                                           '--too long--> killed --> over
import type { Clock } from '../../core/clock.ts';
import { startLimit } from '../../core/limit.ts';

export type Ending = {
  /** Looked at after each item, and at each word to stop. */
  look(state: { readonly isUnderWay: boolean; readonly mayBegin: boolean }): void;
  /** Its items are cut short at the limit of one; an interrupt lets it put in order what it has. */
  cut(): void;
  over(): void;
};

/** Most ends take less, and are not worth a word. */
const SILENT_MS = 1_000;
/** A test that Ctrl-C does not reach (it waits in C, it catches everything) is not asked twice. */
const INTERRUPT_MS = 5_000;

export function makeEnding(input: {
  readonly clock: Clock;
  readonly limitMs: number;
  /** For an item to begin, where others may still do so. */
  readonly idleMs: number;
  readonly interrupt: () => void;
  readonly kill: () => void;
  readonly waiting: (isWaiting: boolean) => void;
}): Ending {
  const { clock, limitMs } = input;
  let stopLimit = (): void => {};
  let stopTelling = (): void => {};
  let isTold = false;
  let isEnding = false;

  function rest(): void {
    stopLimit();
    stopTelling();
    stopLimit = stopTelling = () => {};
    isEnding = false;
    if (isTold) input.waiting(false);
    isTold = false;
  }

  function end(ms: number): void {
    if (isEnding) return;
    rest();
    isEnding = true;
    stopLimit = startLimit(clock, ms, input.kill).cancel;
    stopTelling = startLimit(clock, SILENT_MS, () => {
      isTold = true;
      input.waiting(true);
    }).cancel;
  }

  return {
    look({ isUnderWay, mayBegin }) {
      if (isUnderWay) rest();
      else if (!mayBegin) end(limitMs);
      else {
        rest();
        stopLimit = startLimit(clock, input.idleMs, input.kill).cancel;
      }
    },
    cut() {
      input.interrupt();
      end(Math.min(limitMs, INTERRUPT_MS));
    },
    over: rest,
  };
}
