// What ends a loop before its work is done, from outside of it: a Ctrl-C, the deadline, a lock that is lost.
import type { RunInput } from './input.ts';
import type { LoopResult } from './tally.ts';
import type { Timers } from './timers.ts';

/** Why nothing starts any more. */
export type Stopped = NonNullable<LoopResult['stopped']>;

/** Tells of what was there before as well. @returns ends the listening */
export function listenForStops(of: {
  readonly input: Pick<RunInput, 'stop' | 'abort' | 'deadline' | 'store'>;
  readonly timers: Timers;
  readonly stopBecause: (reason: Stopped) => void;
}): () => void {
  const { input, timers, stopBecause } = of;
  const { lost } = input.store.hold;
  const onLost = (): void => stopBecause({ kind: 'damaged', why: (lost.reason as Error).message });
  const onStop = (): void => stopBecause({ kind: 'interrupted', why: 'interrupted' });
  const heard = [
    { signal: lost, told: onLost },
    { signal: input.stop, told: onStop },
    { signal: input.abort, told: onStop },
  ];
  for (const { signal, told } of heard) {
    if (signal.aborted) told();
    signal.addEventListener('abort', told, { once: true });
  }
  if (input.deadline) {
    const { why } = input.deadline;
    timers.later(input.deadline.afterMs, () => stopBecause({ kind: 'deadline-reached', why }));
  }
  return () => {
    for (const { signal, told } of heard) signal.removeEventListener('abort', told);
  };
}
