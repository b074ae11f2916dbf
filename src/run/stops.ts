// Why a loop ends before its work is done: for good (a Ctrl-C, the deadline, a lock that is lost, a disk that refuses), or
// for some of its tasks, while the others go on.
import type { RunInput } from './input.ts';
import type { LoopResult } from './tally.ts';
import type { Timers } from './timers.ts';

/** Why nothing starts any more. */
export type Stopped = NonNullable<LoopResult['stopped']>;

export type Stops = {
  /** Why nothing starts any more. */
  stopped(): Stopped | null;
  /** The same, or why some of the tasks never started. */
  either(): Stopped | null;
  stopBecause(reason: Stopped): void;
  /** The first reason is the one that is kept. */
  leaveSome(reason: Stopped): void;
};

export function makeStops(loop: { readonly startNothing: () => void; readonly wake: () => void }): Stops {
  let stopped: Stopped | null = null;
  let left: Stopped | null = null;
  return {
    stopped: () => stopped,
    either: () => stopped ?? left,
    stopBecause(reason) {
      if (stopped === null) loop.startNothing();
      // A broken store outranks every other reason.
      if (stopped === null || reason.kind === 'damaged') stopped = reason;
      loop.wake();
    },
    leaveSome(reason) {
      left ??= reason;
    },
  };
}

/** Hears what comes from outside of the loop, also what was there before. @returns ends the listening */
export function listenForStops(loop: {
  readonly input: Pick<RunInput, 'stop' | 'abort' | 'deadline' | 'store'>;
  readonly timers: Timers;
  readonly stopBecause: (reason: Stopped) => void;
}): () => void {
  const { input, timers, stopBecause } = loop;
  const { lost } = input.store.hold;
  const onLost = (): void => stopBecause({ kind: 'damaged', why: (lost.reason as Error).message });
  const onStop = (): void => stopBecause({ kind: 'interrupted', why: 'interrupted' });
  const listeners = [
    { signal: lost, listener: onLost },
    { signal: input.stop, listener: onStop },
    { signal: input.abort, listener: onStop },
  ];
  for (const { signal, listener } of listeners) {
    if (signal.aborted) listener();
    signal.addEventListener('abort', listener, { once: true });
  }
  if (input.deadline) {
    const { why } = input.deadline;
    timers.later(input.deadline.afterMs, () => stopBecause({ kind: 'deadline-reached', why }));
  }
  return () => {
    for (const { signal, listener } of listeners) signal.removeEventListener('abort', listener);
  };
}
