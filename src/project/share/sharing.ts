// What a command does about a remote around its own work.
import type { Hold } from '../../cache/store.ts';
import type { SharedSummary } from '../../core/summary.ts';

/** `no`: the remote is left alone; `pull`: nothing is given to it. */
export type RemoteUse = 'no' | 'pull' | 'both';

export type Around = {
  /** Before the index of the store is opened. */
  pull(hold: Hold): Promise<void>;
  /** Once all is kept. */
  push(hold: Hold): Promise<void>;
  /** For --json; undefined = the manifest has no remote, or it was left alone. */
  summary(): SharedSummary | undefined;
};
