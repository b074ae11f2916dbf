// Ctrl-C, twice: the first stops starting and lets paid calls finish, the second keeps what is complete and goes.

export type Interrupts = Disposable & { readonly stop: AbortSignal; readonly abort: AbortSignal };

/** SIGTERM and SIGHUP count as a first Ctrl-C: a closing terminal loses nothing that was paid for. */
export function listenForInterrupts(say: (sentence: string) => void): Interrupts {
  const stop = new AbortController();
  const abort = new AbortController();
  const onSignal = (): void => {
    if (!stop.signal.aborted) {
      say('Stopping: calls in flight may finish and are kept. Ctrl-C again to leave at once.');
      stop.abort();
    } else if (!abort.signal.aborted) {
      say('Leaving now: what is complete is kept.');
      abort.abort();
    }
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  return {
    stop: stop.signal,
    abort: abort.signal,
    [Symbol.dispose]: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
