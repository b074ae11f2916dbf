// Signals. Ctrl-C, twice: the first stops starting and lets paid calls finish, the second keeps what is complete and goes.
// A closed terminal and a lost connection send SIGHUP, often twice, and nobody is there who could have meant the second one;
// SIGTERM is repeated by whoever waits for the end. Both stop once, however often they come. One Ctrl-C may arrive twice as
// well: the terminal tells everybody in it, and npm, npx and timeout hand on what they are told.
import { CommandError, EXIT } from '../../project/open/command-error.ts';
import type { Held, InterruptSource, Interrupts, Waiting } from '../../project/open/interrupts.ts';
import type { Out } from '../io.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Signals that ask for an end, and are asking still when they come again. */
const PATIENT = ['SIGTERM', 'SIGHUP'] as const;

/** What is handed on comes within milliseconds; a person who presses twice has read something in between, or presses again. */
const HANDED_ON_MS = 300;

let listening = 0;
let isEnding = false;
/** It came while nobody who listens could have acted on it. */
let heldSignal: NodeJS.Signals | null = null;

/** Whether something is under way that a signal brings to a good end. */
export function isInterruptible(): boolean {
  return listening > 0;
}

export function signalInterrupts(err: Pick<Out, 'write'>): InterruptSource {
  return {
    listen: listenForInterrupts,
    hold: holdSignals,
    whilePrograms: (work) => whilePrograms(err, work),
    wait: listenForLeave,
  };
}

export function listenForInterrupts(say: (sentence: string) => void): Interrupts {
  const stop = new AbortController();
  const abort = new AbortController();
  const isAnother = makeAnother();
  let first = heldSignal;
  const listened = listen((signal) => {
    const another = isAnother(signal);
    if (!stop.signal.aborted) {
      first = signal;
      const how = signal === 'SIGINT' ? 'Ctrl-C again to leave at once' : 'Ctrl-C leaves at once';
      say(`Stopping: calls in flight may finish and are kept. ${how}.`);
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
      if (stop.signal.aborted) endInPeace();
      listened[Symbol.dispose]();
    },
  };
}

async function whilePrograms<Value>(
  err: Pick<Out, 'write'>,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const stop = new AbortController();
  const isAnother = makeAnother();
  using _listened = listen((signal) => {
    const another = isAnother(signal);
    if (!stop.signal.aborted) {
      err.write('expgraph: stopping: what was started is asked to end. Ctrl-C again kills it.\n');
      stop.abort();
    } else if (another) {
      err.write('expgraph: what was started is killed.\n');
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
export function holdSignals(say: (sentence: string) => void): Held {
  let first: NodeJS.Signals | null = null;
  const held = listen((signal) => {
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

/** The first process of a container is ended by no signal that nobody listens to: where nothing is under way, it ends here. */
export function endAsFirstProcess(): void {
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (!isInterruptible()) process.exit(EXIT.interrupted);
    });
  }
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

function listen(onSignal: (signal: NodeJS.Signals) => void): Disposable {
  for (const signal of SIGNALS) process.on(signal, onSignal);
  listening++;
  let isListening = true;
  return {
    [Symbol.dispose]: () => {
      if (isListening) listening--;
      isListening = false;
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}

/** After a stop, views and summaries are still written: a repeated signal must not end this process on the way. */
function endInPeace(): void {
  if (isEnding) return;
  isEnding = true;
  for (const signal of PATIENT) process.on(signal, () => {});
}

/** Signals end the waiting at once; before and after it they mean what they mean. */
function listenForLeave(): Waiting {
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
