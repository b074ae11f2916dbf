// What a person does while watch waits: keys in a terminal, signals everywhere.

import { EXIT } from '../../project/open/command-error.ts';
import { canAsk } from '../terminal/ask.ts';
import { CTRL_C, CTRL_D, CTRL_Z, setRaw } from '../terminal/raw.ts';

export type Keys = Disposable & {
  /** While somebody else reads the keyboard. */
  pause(): void;
  resume(): void;
};

export function listenForKeys(at: { readonly onRetry: () => void; readonly onLeave: () => void }): Keys {
  const { stdin } = process;
  const hasKeyboard = canAsk();
  const onData = (text: Buffer | string): void => {
    for (const key of text.toString()) {
      if (key === '\r' || key === '\n' || key === 'r') at.onRetry();
      // As the signals are: whoever runs or waits listens for them.
      else if (key === 'q' || key === CTRL_C || key === CTRL_D) process.emit('SIGINT', 'SIGINT');
      else if (key === CTRL_Z) suspend();
    }
  };
  // A terminal that was closed cannot be read: what runs is brought to its end, as at the signal that tells of it.
  const onGone = (): void => void process.emit('SIGHUP', 'SIGHUP');
  if (hasKeyboard) stdin.on('error', onGone);
  const pause = (): void => {
    if (!hasKeyboard) return;
    setRaw(false);
    stdin.off('data', onData).pause();
  };
  const resume = (): void => {
    if (!hasKeyboard) return;
    // Raw: a key is told when it is pressed, and is not written into the table.
    setRaw(true);
    stdin.on('data', onData).resume();
  };
  const suspend = (): void => {
    if (process.platform === 'win32') return;
    pause();
    process.once('SIGCONT', resume);
    process.kill(process.pid, 'SIGTSTP');
  };
  resume();
  const stopSignals = listenForSignals(at.onLeave);
  return {
    pause,
    resume,
    [Symbol.dispose]() {
      stopSignals();
      process.off('SIGCONT', resume);
      pause();
    },
  };
}

/** A run hears the same signals and ends by itself; where nothing runs, the second one waits for nothing. */
function listenForSignals(onLeave: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let count = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    onLeave();
    // Three: a run takes the second as its own. Hang-ups come in numbers and mean no more than one.
    if (signal === 'SIGINT' && ++count >= 3) process.exit(EXIT.interrupted);
  };
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}
