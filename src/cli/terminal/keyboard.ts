// Keys one by one, as they are pressed, in a terminal.
import { canAsk } from './ask.ts';
import { CTRL_C, CTRL_D, CTRL_Z, setRaw } from './raw.ts';

export type Keyboard = Disposable & {
  /** `\r` is Enter; an arrow or another key of several bytes is one text. Ctrl-C, Ctrl-D and a terminal that is gone are null. */
  next(): Promise<string | null>;
  /** While somebody else reads the keyboard. */
  pause(): void;
  resume(): void;
};

/** @returns null where there is no terminal to press keys in */
export function openKeyboard(): Keyboard | null {
  if (!canAsk()) return null;
  const { stdin } = process;
  const pressed: string[] = [];
  let isOver = false;
  let waiting: ((key: string | null) => void) | null = null;
  const hand = (): void => {
    if (waiting === null || (pressed.length === 0 && !isOver)) return;
    const give = waiting;
    waiting = null;
    give(pressed.shift() ?? null);
  };
  const onData = (bytes: Buffer | string): void => {
    const text = bytes.toString();
    // What begins with ESC is one key; anything else may be several that were typed ahead.
    for (const key of text.startsWith(ESC) ? [text] : text) {
      if (key === CTRL_Z) suspend();
      else if (key === CTRL_C || key === CTRL_D) isOver = true;
      else pressed.push(key === '\n' ? '\r' : key);
    }
    hand();
  };
  const onGone = (): void => {
    isOver = true;
    hand();
  };
  const pause = (): void => {
    setRaw(false);
    stdin.off('data', onData).pause();
  };
  const resume = (): void => {
    setRaw(true);
    stdin.on('data', onData).resume();
  };
  const suspend = (): void => {
    if (process.platform === 'win32') return;
    pause();
    process.once('SIGCONT', resume);
    process.kill(process.pid, 'SIGTSTP');
  };
  stdin.on('error', onGone).on('end', onGone);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onGone);
  resume();
  return {
    next: () =>
      new Promise((resolve) => {
        waiting = resolve;
        hand();
      }),
    pause,
    resume,
    [Symbol.dispose]() {
      for (const signal of signals) process.off(signal, onGone);
      process.off('SIGCONT', resume);
      stdin.off('error', onGone).off('end', onGone);
      pause();
    },
  };
}

const ESC = '\x1b';
