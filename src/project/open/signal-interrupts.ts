// Signals. Ctrl-C, twice: the first stops starting and lets paid calls finish, the second keeps what is complete and goes.
// A closed terminal and a lost connection send SIGHUP, often twice, and nobody is there who could have meant the second one;
// SIGTERM is repeated by whoever waits for the end. Both stop once, however often they come. One Ctrl-C may arrive twice as
// well: the terminal tells everybody in it, and npm, npx and timeout hand on what they are told.
import { CommandError, EXIT } from './command-error.ts';
import type { Held, InterruptSource, Interrupts, Waiting } from './interrupts.ts';

/** Where signals come from: the process, or a test. */
export type SignalSource = {
  /** Hands each signal that asks for an end on until it is disposed of. */
  listen(onSignal: (signal: NodeJS.Signals) => void): Disposable;
  /** After a stop, views and summaries are still written: a repeated signal must not end this process on the way. */
  endInPeace(): void;
};

export type SignalInterrupts = Omit<InterruptSource, 'whilePrograms'> & {
  /** Whether something is under way that a signal brings to a good end. */
  isListening(): boolean;
  whilePrograms<Value>(
    say: (sentence: string) => void,
    work: (signal: AbortSignal) => Promise<Value>,
  ): Promise<Value>;
};

/** What is handed on comes within milliseconds; a person who presses twice has read something in between, or presses again. */
const HANDED_ON_MS = 300;

export function makeSignalInterrupts(source: SignalSource): SignalInterrupts {
  let listening = 0;
  /** It came while nobody who listens could have acted on it. */
  let heldSignal: NodeJS.Signals | null = null;

  function hear(onSignal: (signal: NodeJS.Signals) => void): Disposable {
    const heard = source.listen(onSignal);
    listening++;
    let isListening = true;
    return {
      [Symbol.dispose]: () => {
        if (isListening) listening--;
        isListening = false;
        heard[Symbol.dispose]();
      },
    };
  }

  function listen(say: (sentence: string) => void): Interrupts {
    const stop = new AbortController();
    const abort = new AbortController();
    const isAnother = makeAnother();
    let first = heldSignal;
    const listened = hear((signal) => {
      const another = isAnother(signal);
      if (!stop.signal.aborted) {
        first = signal;
        // With "note: " before it, it fits into 80 columns.
        say('Stopping: calls in flight may finish and are kept. Ctrl-C: leave at once.');
        stop.abort();
      } else if (another && !abort.signal.aborted) {
        say('Leaving now: what is complete is kept.');
        abort.abort();
      }
    });
    if (heldSignal !== null) stop.abort();
    heldSignal = null;
    return {
      stop: stop.signal,
      abort: abort.signal,
      signal: () => first,
      [Symbol.dispose]: () => {
        if (stop.signal.aborted) source.endInPeace();
        listened[Symbol.dispose]();
      },
    };
  }

  async function whilePrograms<Value>(
    say: (sentence: string) => void,
    work: (signal: AbortSignal) => Promise<Value>,
  ): Promise<Value> {
    const stop = new AbortController();
    const isAnother = makeAnother();
    using _listened = hear((signal) => {
      const another = isAnother(signal);
      if (!stop.signal.aborted) {
        say('stopping: what was started is asked to end. Ctrl-C again kills it.');
        stop.abort();
      } else if (another) {
        say('what was started is killed.');
        void import('../../providers/spawn.ts').then(({ killPrograms }) => killPrograms());
      }
    });
    try {
      const value = await work(stop.signal);
      if (!stop.signal.aborted) return value;
    } catch (cause) {
      if (!stop.signal.aborted) throw cause;
    }
    throw new CommandError('stopped: nothing was run', EXIT.interrupted);
  }

  /**
   * Between the parts of an invocation (drawing is over, judging has not begun) files are being written: a signal that comes
   * then is kept for whoever listens next. Of all that come until it is over, also to others, it knows the first.
   */
  function hold(say: (sentence: string) => void): Held {
    let first: NodeJS.Signals | null = null;
    const held = hear((signal) => {
      first ??= signal;
      if (listening > 1 || heldSignal !== null) return;
      heldSignal = signal;
      say('Stopping: what is complete is kept.');
    });
    return {
      signal: () => first,
      [Symbol.dispose]: () => {
        heldSignal = null;
        held[Symbol.dispose]();
      },
    };
  }

  /** Signals end the waiting at once; before and after it they mean what they mean. */
  function wait(): Waiting {
    let leaving = false;
    let wake = (): void => {};
    const leave = (): void => {
      leaving = true;
      wake();
    };
    const heard = source.listen(leave);
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
      [Symbol.dispose]: () => heard[Symbol.dispose](),
    };
  }

  return { listen, hold, whilePrograms, wait, isListening: () => listening > 0 };
}

/** Whether a Ctrl-C is one more, and not the one before that was handed on. */
function makeAnother(): (signal: NodeJS.Signals) => boolean {
  let lastMs = Number.NEGATIVE_INFINITY;
  return (signal) => {
    if (signal !== 'SIGINT') return false;
    const nowMs = performance.now();
    if (nowMs - lastMs <= HANDED_ON_MS) return false;
    lastMs = nowMs;
    return true;
  };
}
