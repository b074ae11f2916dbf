// The remote of an experiment, opened beside its store: address and credentials, what was seen of its log, what is here.
import path from 'node:path';
import type { RemoteSettings } from '../../core/remote.ts';
import { openRemote } from '../../remote/index.ts';
import { RemoteError, type RemoteFiles } from '../../remote/remote.ts';
import { CommandError } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import type { World } from '../open/world.ts';
import type { Share } from './files.ts';
import { hasInvocation } from './local.ts';
import { openMirror } from './mirror.ts';

export type OpenShare = AsyncDisposable & { readonly share: Share; readonly settings: RemoteSettings };

/** @throws RemoteError where credentials are missing, CommandError where the manifest has no remote */
export async function openShare(
  world: Pick<World, 'env' | 'clock' | 'random'>,
  experiment: Experiment,
  signal: AbortSignal,
): Promise<OpenShare> {
  const settings = refuseNone(experiment);
  const { name } = experiment.manifest;
  const key = keyOf(settings, world);
  const remote = await openRemote(settings, world);
  return {
    settings,
    share: {
      remote: below(remote, name),
      mirror: openMirror({
        ...{ root: experiment.root, address: `${settings.url}/${name}`, experiment: name, key },
      }),
      experiment: name,
      key,
      signal,
      has: (invocation, about) => hasInvocation(experiment.root, invocation, about),
    },
    [Symbol.asyncDispose]: () => remote[Symbol.asyncDispose](),
  };
}

/** @throws CommandError where the manifest has no remote */
export function refuseNone({ manifest }: Experiment): RemoteSettings {
  if (manifest.remote) return manifest.remote;
  throw new CommandError(
    'the manifest has no remote: write `remote: s3://bucket/prefix`, `file:///share/results` or `https://...` into it',
  );
}

/** One remote may have several experiments, each in a folder of its own. */
function below(remote: RemoteFiles, experiment: string): RemoteFiles {
  return {
    get: (name, limits) => remote.get(path.posix.join(experiment, name), limits),
    create: (name, bytes, signal) => remote.create(path.posix.join(experiment, name), bytes, signal),
    get canWrite() {
      return remote.canWrite;
    },
    shown: remote.shown,
    [Symbol.asyncDispose]: () => remote[Symbol.asyncDispose](),
  };
}

function keyOf({ signatureKeyEnv: named }: RemoteSettings, { env }: Pick<World, 'env'>): string | null {
  if (named === null) return null;
  const key = env[named.name];
  // A weak key would be no key: who knows how it is made could forge packs.
  if (key !== undefined && key.length >= 16) return key;
  throw new RemoteError({
    kind: 'unauthorized',
    message:
      key === undefined || key === ''
        ? `${named.name}, which signs what is shared, is not set`
        : `${named.name}, which signs what is shared, is shorter than 16 characters`,
    advice: `put a long random text into ${named.name}, the same for everybody who pushes and pulls: openssl rand -hex 32`,
  });
}
