// What a store stands behind while it writes: a lock, and whether it is still ours.
import { statSync } from 'node:fs';
import { guardRead, StoreError } from './disk-read.ts';

export type Hold = {
  /** Aborts when the lock is lost, with the StoreError that says so as its reason. */
  readonly lost: AbortSignal;
  /** Asked before every write. @throws StoreError where the lock is lost, as far as it is known by now. */
  check(): void;
  /** As `check`, after everything that has happened until now was heard of. Rejects with StoreError. */
  confirm(): Promise<void>;
};

/** Its owner gives it back by disposing of it. */
export type Lock = Hold & Disposable;

/** For work behind a lock that another owner gives back. */
export function borrowed({ lost, check, confirm }: Hold): Lock {
  return { lost, check, confirm, [Symbol.dispose]: () => {} };
}

/** Of what nobody can take away: a store in memory. */
export const ALWAYS_HELD: Hold = {
  lost: new AbortController().signal,
  check: () => {},
  confirm: async () => {},
};

/** A lock is of a file, not of its name: one that was removed or replaced keeps nobody out any more. */
export function makeSameFile(file: string): () => void {
  const locked = identityOf(file);
  return () => {
    if (identityOf(file) === locked && locked !== null) return;
    throw new StoreError(
      `the lock is lost: ${file} was removed or replaced while it was held; nothing more was written. Leave it alone, and run again`,
    );
  };
}

function identityOf(file: string): string | null {
  const stat = guardRead(file, () => statSync(file, { throwIfNoEntry: false, bigint: true }));
  return stat ? `${stat.dev}:${stat.ino}` : null;
}
