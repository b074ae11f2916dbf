// Takes the lock of an experiment's store and opens it for writing; says who has it, or waits until it is free.
import { hostname } from 'node:os';
import path from 'node:path';
import { hasJustEnded } from '../../cache/disk/lock.ts';
import type { Lock } from '../../cache/disk/lock-handle.ts';
import { lockStore, lockStoreApart, openLocked } from '../../cache/files.ts';
import type { Store } from '../../cache/store.ts';
import { sanitizeLine } from '../../core/text.ts';
import { CommandError, EXIT } from './command-error.ts';
import type { Experiment } from './experiment.ts';
import { note, type World } from './world.ts';

export type LockOptions = {
  readonly io: World;
  readonly experiment: Experiment;
  readonly argv: readonly string[];
  /** Wait for whoever has it, however long that takes. */
  readonly wait: boolean;
  /** Code of the user's may run in this process while the lock is held; if it is not said, none may. */
  readonly runsOwnCode?: boolean;
};

/** Whether variants or scorers have code (`use:`) that runs in threads of this process. */
export function hasOwnCode({ manifest }: Experiment): boolean {
  return (
    manifest.variants.some(({ harness }) => harness?.kind === 'module') ||
    manifest.scorers.some(({ kind }) => kind === 'code')
  );
}

export async function lockedStore(
  input: LockOptions & {
    /** `rebuild`: index.db is made anew from the history whatever its state. */
    readonly index: 'keep' | 'rebuild';
    /** What is done to the files of the store before its index is opened. */
    readonly onLocked?: (lock: Lock) => Promise<void>;
  },
): Promise<Store> {
  const { writeUnlocked } = input.experiment.stores;
  if (writeUnlocked !== null) return await writeUnlocked();
  const lock = await takeStoreLock(input);
  try {
    const { root, redact } = input.experiment;
    await input.onLocked?.(lock);
    return openLocked({ root, redact, index: input.index, lock });
  } catch (cause) {
    lock[Symbol.dispose]();
    throw cause;
  }
}

/** The lock alone: nothing is opened and nothing is mended yet. */
export async function takeStoreLock(input: LockOptions): Promise<Lock> {
  const where = path.relative(input.io.cwd, input.experiment.root);
  const first = await tryBriefly(input);
  input.io.debug?.('lock', () => (first.kind === 'ok' ? `has ${where}` : `${where} is another's`));
  if (first.kind === 'ok') return first.value;
  const who = holderWords(first.error.holder);
  if (!input.wait) {
    throw new CommandError(
      `${where} is in use by ${who}. Wait for it (--wait does), or stop it: its lock goes with it.`,
      EXIT.store,
    );
  }
  // Listened for before it is promised.
  using leaving = input.io.interrupts.wait();
  note(input.io, `waiting for ${who}, who uses ${where}; Ctrl-C leaves`);
  for (;;) {
    await leaving.sleep(waitMs(input.io.random()));
    if (leaving.isLeaving()) throw new CommandError('left while waiting: nothing was done', EXIT.interrupted);
    const again = await tryLock(input);
    if (again.kind === 'ok') return again.value;
  }
}

/** A freed lock is taken within half a second; waiters do not knock in step. */
function waitMs(random: number): number {
  return 150 + 250 * random;
}

/** A killed run's lock is free a moment after it: by then it is asked for again. */
const ENDING_MS = 1_000;
const LOOK_MS = 10;

async function tryBriefly(input: LockOptions): ReturnType<typeof lockStoreApart> {
  const { clock } = input.io;
  const startMs = clock.monotonicMs();
  for (;;) {
    const tried = await tryLock(input);
    if (tried.kind === 'ok' || !hasJustEnded(tried.error.holder)) return tried;
    if (clock.monotonicMs() - startMs > ENDING_MS) return tried;
    await new Promise<void>((resolve) => {
      clock.after(LOOK_MS, resolve);
    });
  }
}

async function tryLock(input: LockOptions): ReturnType<typeof lockStoreApart> {
  const { experiment, runsOwnCode = false } = input;
  const take = runsOwnCode && hasOwnCode(experiment) ? lockStoreApart : lockStore;
  return take({ root: experiment.root, holder: holderOf(input) });
}

/** What others are told of who holds the store. */
export function holderOf({
  io,
  experiment,
  argv,
}: Pick<LockOptions, 'experiment' | 'argv'> & { readonly io: Pick<World, 'clock'> }): NonNullable<Holder> {
  return {
    pid: process.pid,
    host: hostname(),
    command: experiment.redact(`expgraph ${argv.join(' ')}`),
    since: io.clock.now().toISOString(),
  };
}

type Holder = Extract<ReturnType<typeof lockStore>, { kind: 'err' }>['error']['holder'];

function holderWords(by: Holder): string {
  return by
    ? sanitizeLine(`process ${by.pid} on ${by.host} (${by.command}, since ${by.since})`)
    : 'another process';
}
