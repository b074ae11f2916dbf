// Files at a remote, as all transports have them: read, and created where they are not there. Nothing is listed, written over or
// deleted, so that a store with conditional writes is enough, and no machine can take anything from another.
import type { Clock } from '../core/clock.ts';
import type { Env } from '../core/env.ts';
import type { RemoteSettings } from '../core/remote.ts';

/** What every transport does; held by tests/contract/remote.ts. */
export interface RemoteFiles {
  /**
   * The bytes of a file, or null where there is none.
   * @throws RemoteError; when the signal is aborted, its reason
   */
  get(name: string, limits: GetLimits): Promise<Uint8Array | null>;
  /**
   * Creates a file if it is not there. Of several at one time, exactly one is told `made`; the first bytes stay.
   * Where an answer is lost and the store has our very bytes, it is `made`.
   * @throws RemoteError; when the signal is aborted, its reason: then the file may be there
   */
  create(name: string, bytes: Uint8Array, signal: AbortSignal): Promise<'made' | 'there'>;
  /** What the store has shown so far. */
  readonly canWrite: 'yes' | 'no' | 'unknown';
  /** The address for people, without secrets. */
  readonly shown: string;
  [Symbol.asyncDispose](): Promise<void>;
}

export type GetLimits = { readonly maxBytes: number; readonly signal: AbortSignal };

/** The part of the outside that transports need. */
export type RemoteWorld = {
  readonly env: Env;
  readonly clock: Clock;
  readonly random: () => number;
};

export type RemoteErrorKind =
  /** No credentials, or credentials that the store does not know. */
  | 'unauthorized'
  /** Known, and not allowed. */
  | 'forbidden'
  | 'network'
  | 'timeout'
  /** It has no conditional writes, say: it cannot be a remote. */
  | 'unsupported'
  | 'too-large'
  /** An answer that another attempt will not change. */
  | 'refused';

/** Its message is one sentence with the address, without secrets; what to do is in `advice`. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError';
  readonly kind: RemoteErrorKind;
  readonly advice: string | null;
  /** Of HTTP; null where no answer had started, and of folders. */
  readonly status: number | null;

  constructor(input: {
    readonly kind: RemoteErrorKind;
    readonly message: string;
    readonly advice?: string | null;
    readonly status?: number | null;
    readonly cause?: unknown;
  }) {
    super(input.message, { cause: input.cause });
    this.kind = input.kind;
    this.advice = input.advice ?? null;
    this.status = input.status ?? null;
  }
}

export type OpenRemote = (settings: RemoteSettings, world: RemoteWorld) => Promise<RemoteFiles>;
