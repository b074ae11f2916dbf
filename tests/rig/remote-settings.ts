// `remote:` of a manifest as data, and the world that transports see.
import { clockOf } from '../../src/core/clock.ts';
import type { EnvName, RemoteSettings } from '../../src/core/remote.ts';
import type { RemoteWorld } from '../../src/remote/remote.ts';

const AT = { file: '/home/ann/demo/experiment.yaml', line: 9, column: 9, length: 1, sourceLine: null };

export function remoteSettings(
  of: Partial<RemoteSettings> & Pick<RemoteSettings, 'kind' | 'url'>,
): RemoteSettings {
  return {
    ...{ at: AT, push: true, timeoutMs: 30_000, endpoint: null, region: null, style: null, allowHttp: false },
    ...{
      accessKeyEnv: null,
      secretKeyEnv: null,
      sessionTokenEnv: null,
      tokenEnv: null,
      signatureKeyEnv: null,
    },
    ...of,
  };
}

export function envName(name: string): EnvName {
  return { name, location: { ...AT, line: 12 } };
}

/** No chance: each wait is the shortest that it may be. */
export function remoteWorld(env: { readonly [name: string]: string } = {}): RemoteWorld {
  return { env, clock: clockOf(globalThis), random: () => 0 };
}
