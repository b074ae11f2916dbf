// Where results are shared with other machines, as the manifest says it. Transport: never part of a key.
import type { Location } from './diagnostic.ts';

export type RemoteKind = 'file' | 'https' | 's3';

export type RemoteSettings = {
  readonly kind: RemoteKind;
  /** As it is written, without a slash at its end; it holds no credentials and no query. */
  readonly url: string;
  /** Where the manifest says it. */
  readonly at: Location;
  /** Whether `run` sends what it made. */
  readonly push: boolean;
  /** So long nothing may move on a connection. */
  readonly timeoutMs: number;
  /** Of `s3`, and null where it is left to the environment or to what is usual. */
  readonly endpoint: string | null;
  readonly region: string | null;
  readonly style: 'path' | 'virtual' | null;
  /** http:// to a machine that is not this one is taken. */
  readonly allowHttp: boolean;
  /** Names of variables; null = not named. */
  readonly accessKeyEnv: EnvName | null;
  readonly secretKeyEnv: EnvName | null;
  readonly sessionTokenEnv: EnvName | null;
  readonly tokenEnv: EnvName | null;
  readonly signatureKeyEnv: EnvName | null;
};

/** The name of a variable of the environment, and where the manifest says it. */
export type EnvName = { readonly name: string; readonly location: Location };

/** A slash between parts; no part is empty or begins with a dot, so that no name leads out of its folder. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

/** Whether files of a remote may be called so: the same on every file system, in every store and in every address. */
export function isRemoteName(name: string): boolean {
  return name.length <= 500 && NAME.test(name);
}
