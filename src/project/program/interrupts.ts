// What asks work of a program to end: its AbortSignals, in the place of Ctrl-C.
import { CommandError, EXIT } from '../open/command-error.ts';
import type { InterruptSource } from '../open/interrupts.ts';

export type AbortOptions = {
  /** Aborted: nothing new begins; calls in flight, which are paid for, finish and are kept. */
  readonly signal?: AbortSignal | undefined;
  /** Aborted: calls in flight are left as well. What is complete is kept. */
  readonly leave?: AbortSignal | undefined;
};

const NEVER = new AbortController().signal;

export function abortInterrupts({ signal = NEVER, leave = NEVER }: AbortOptions): InterruptSource {
  const stop = AbortSignal.any([signal, leave]);
  return {
    listen: () => ({ stop, abort: leave, signal: () => null, [Symbol.dispose]: () => {} }),
    // Whoever listens next finds the signal aborted: nothing has to be kept for him.
    hold: () => ({ signal: () => null, [Symbol.dispose]: () => {} }),
    async whilePrograms(work) {
      try {
        const value = await work(stop);
        if (!stop.aborted) return value;
      } catch (cause) {
        if (!stop.aborted) throw cause;
      }
      throw new CommandError('stopped: nothing was run', EXIT.interrupted);
    },
    wait: () => ({
      isLeaving: () => stop.aborted,
      sleep: (ms) => sleep(ms, stop),
      [Symbol.dispose]: () => {},
    }),
  };
}

async function sleep(ms: number, stop: AbortSignal): Promise<void> {
  if (stop.aborted) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    stop.addEventListener('abort', end, { once: true });
  });
}
