// What is asked of a remote, whatever it is: one object by its name, and a new one where there is none of that name.
import type { RemoteFiles } from '../../remote/remote.ts';
import type { LogEntry } from './entries.ts';
import type { Mirror } from './mirror.ts';

export type LookedFor = {
  /** Lines are counted: it may be here in part. */
  readonly isAgain: boolean;
  /** Bodies are read as well: one may be damaged. Left out = what is as long as it has to be is whole. */
  readonly readsBlobs?: boolean;
};

/** A remote, and the store that is held against it. Whoever has it holds the store's lock, but for looking. */
export type Share = {
  readonly remote: RemoteFiles;
  readonly mirror: Mirror;
  readonly experiment: string;
  /** What entries are signed with; null = they are not, and nobody asks for it. */
  readonly key: string | null;
  readonly signal: AbortSignal;
  /** Of the store: whether all that an entry says of an invocation is here. */
  has(invocation: LogEntry['invocations'][number], about: LookedFor): boolean;
};
