// A waiting that any signal ends at once.
import type { Waiting } from '../../project/open/interrupts.ts';

export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Signals end the waiting at once; before and after it they mean what they mean. */
export function listenForLeave(): Waiting {
  let leaving = false;
  let wake = (): void => {};
  const leave = (): void => {
    leaving = true;
    wake();
  };
  for (const signal of SIGNALS) process.on(signal, leave);
  return {
    isLeaving: () => leaving,
    sleep: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (leaving) wake();
      }),
    [Symbol.dispose]: () => {
      for (const signal of SIGNALS) process.off(signal, leave);
    },
  };
}
