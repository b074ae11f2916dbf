// Takes the lock of an experiment's store and opens it for writing; says who has it, or waits until it is free.
import { hostname } from 'node:os';
import path from 'node:path';
import { lockStore, openLocked } from '../cache/files.ts';
import type { Store } from '../cache/store.ts';
import { CommandError, EXIT } from './exit.ts';
import type { Experiment } from './experiment.ts';
import type { Io } from './io.ts';

export type LockOptions = {
  readonly io: Io;
  readonly experiment: Experiment;
  readonly argv: readonly string[];
  /** Wait for whoever has it, however long that takes. */
  readonly wait: boolean;
};

export async function lockedStore(
  at: LockOptions & {
    /** `rebuild`: index.db is made anew from the history whatever its state. */
    readonly index: 'keep' | 'rebuild';
  },
): Promise<Store> {
  const lock = await takeStoreLock(at);
  try {
    const { root, redact } = at.experiment;
    return openLocked({ root, redact, index: at.index, lock });
  } catch (cause) {
    lock[Symbol.dispose]();
    throw cause;
  }
}

/** The lock alone: nothing is opened and nothing is mended yet. */
export async function takeStoreLock(at: LockOptions): Promise<Disposable> {
  const first = tryLock(at);
  if (first.kind === 'ok') return first.value;
  const where = path.relative(at.io.cwd, at.experiment.root);
  const who = holderWords(first.error.holder);
  if (!at.wait) {
    throw new CommandError(
      `${where} is in use by ${who}. Wait for it (--wait does), or stop it: its lock goes with it.`,
      EXIT.store,
    );
  }
  // Listened for before it is promised.
  using leaving = listenForLeave();
  at.io.err.write(`expgraph: waiting for ${who}, who uses ${where}; Ctrl-C leaves\n`);
  for (;;) {
    await leaving.sleep(waitMs(at.io.random()));
    if (leaving.isLeaving()) throw new CommandError('left while waiting: nothing was done', EXIT.interrupted);
    const again = tryLock(at);
    if (again.kind === 'ok') return again.value;
  }
}

/** A freed lock is taken within half a second; waiters do not knock in step. */
function waitMs(random: number): number {
  return 150 + 250 * random;
}

function tryLock({ io, experiment, argv }: LockOptions): ReturnType<typeof lockStore> {
  return lockStore({
    root: experiment.root,
    holder: {
      pid: process.pid,
      host: hostname(),
      command: experiment.redact(`expgraph ${argv.join(' ')}`),
      since: io.clock.now().toISOString(),
    },
  });
}

type Holder = Extract<ReturnType<typeof lockStore>, { kind: 'err' }>['error']['holder'];

function holderWords(by: Holder): string {
  return by ? `process ${by.pid} on ${by.host} (${by.command}, since ${by.since})` : 'another process';
}

/** Signals end the waiting at once; before and after it they mean what they mean. */
function listenForLeave(): Disposable & {
  readonly isLeaving: () => boolean;
  readonly sleep: (ms: number) => Promise<void>;
} {
  let leaving = false;
  let wake = (): void => {};
  const leave = (): void => {
    leaving = true;
    wake();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, leave);
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
      for (const signal of signals) process.off(signal, leave);
    },
  };
}
