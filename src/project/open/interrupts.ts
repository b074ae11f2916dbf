// What asks work to end, as use cases see it. The command line makes it of signals, a program of an AbortSignal.

/** While calls are in flight. */
export type Interrupts = Disposable & {
  /** Nothing new begins; what is paid for may finish. */
  readonly stop: AbortSignal;
  /** What is complete is kept; the rest is left. */
  readonly abort: AbortSignal;
  /** Which signal stopped it; null = none did. */
  readonly signal: () => NodeJS.Signals | null;
};

/** While files are written: an end that is asked for then is kept for whoever listens next. */
export type Held = Disposable & {
  /** The first one that came, whoever acted on it; null = none. */
  readonly signal: () => NodeJS.Signals | null;
};

/** While nothing is under way and somebody else is waited for. */
export type Waiting = Disposable & {
  readonly isLeaving: () => boolean;
  readonly sleep: (ms: number) => Promise<void>;
};

export type InterruptSource = {
  listen(say: (sentence: string) => void): Interrupts;
  hold(say: (sentence: string) => void): Held;
  /**
   * Programs that are started outside of a run (preparation, servers that are asked, pytest that collects): they are asked
   * to end, and only when they are gone the work goes on, so that a lock is free when nothing writes any more.
   * @param work hands the signal on to what it starts, and waits for its end
   * @throws CommandError where an end was asked for, whatever became of the work
   */
  whilePrograms<Value>(work: (signal: AbortSignal) => Promise<Value>): Promise<Value>;
  wait(): Waiting;
};
