// A snapshot that is used by several, and is closed by the last of them.
import type { Experiment } from '../open/experiment.ts';
import type { Snapshot } from './snapshot.ts';

export type Lease = {
  current(): Snapshot;
  isOf(experiment: Experiment): boolean;
  during<Value>(use: (snapshot: Snapshot) => Value | Promise<Value>): Promise<Value>;
  renamed(revision: string): void;
  /** Once nobody uses it any more. */
  close(): void;
};

export function lease(first: Snapshot): Lease {
  let snapshot = first;
  let users = 0;
  let isLast = false;
  const leave = (): void => {
    if (isLast && users === 0) snapshot[Symbol.dispose]();
  };
  return {
    current: () => snapshot,
    isOf: (experiment) => snapshot.experiment === experiment,
    async during(use) {
      users++;
      try {
        return await use(snapshot);
      } finally {
        users--;
        leave();
      }
    },
    renamed(revision) {
      snapshot = { ...snapshot, index: { ...snapshot.index, revision } };
    },
    close() {
      isLast = true;
      leave();
    },
  };
}
