// Values of the environment that the manifest names, and where it does.
import type { Env } from '../core/env.ts';
import type { EnvName } from '../core/remote.ts';
import { RemoteError } from './remote.ts';

/** null = none is named. @throws RemoteError where the one that is named is not set */
export function variable(env: Env, named: EnvName | null): string | null {
  if (named === null) return null;
  const value = valueIn(env, named.name);
  if (value !== null) return value;
  const { file, line } = named.location;
  const shown = file.split(/[/\\]/).at(-1);
  throw new RemoteError({
    kind: 'unauthorized',
    message: `the environment variable ${named.name} is not set, which ${shown}:${line} names for the remote`,
    advice: `set it: export ${named.name}=...`,
  });
}

/** An empty one is none; a line end at its end is the shell's that set it. */
export function valueIn(env: Env, name: string): string | null {
  const value = (Object.hasOwn(env, name) ? env[name] : undefined)?.trim();
  return value ? value : null;
}
