// The signals of this process. What they mean to what is under way is said by project/open/signal-interrupts.ts.
import { EXIT } from '../../project/open/command-error.ts';
import type { InterruptSource } from '../../project/open/interrupts.ts';
import { makeSignalInterrupts } from '../../project/open/signal-interrupts.ts';
import type { Out } from '../io.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Signals that ask for an end, and are asking still when they come again. */
const PATIENT = ['SIGTERM', 'SIGHUP'] as const;

let isEnding = false;

const interrupts = makeSignalInterrupts({
  listen(onSignal) {
    for (const signal of SIGNALS) process.on(signal, onSignal);
    return {
      [Symbol.dispose]: () => {
        for (const signal of SIGNALS) process.off(signal, onSignal);
      },
    };
  },
  endInPeace() {
    if (isEnding) return;
    isEnding = true;
    for (const signal of PATIENT) process.on(signal, () => {});
  },
});

export const { isListening: isInterruptible, listen: listenForInterrupts, hold: holdSignals } = interrupts;

export function signalInterrupts(err: Pick<Out, 'write'>): InterruptSource {
  const say = (sentence: string): void => err.write(`expgraph: ${sentence}\n`);
  return { ...interrupts, whilePrograms: (work) => interrupts.whilePrograms(say, work) };
}

/** The first process of a container is ended by no signal that nobody listens to: where nothing is under way, it ends here. */
export function endAsFirstProcess(): void {
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (!isInterruptible()) process.exit(EXIT.interrupted);
    });
  }
}
