// Brings to a remote what this store has and it does not: packs first, then an entry of the log that names each. Whoever loses the race
// for a number reads what the other one pushed, and takes the next.
import { sha256 } from '../../core/canonical.ts';
import { RemoteError } from '../../remote/remote.ts';
import {
  BUNDLE,
  bundleName,
  entryName,
  LOG_VERSION,
  MAX_BUNDLE_BYTES,
  type PushedInvocation,
  packName,
  writeEntry,
} from './entries.ts';
import type { Share } from './files.ts';
import { fetchPack, type Pulled } from './pull.ts';

/** One pack to be: some invocations, with the bodies that they name. */
export type Bundle = {
  readonly invocations: readonly PushedInvocation[];
  readonly blobs: readonly string[];
  /** Its bytes; the same for the same content. @param instead digests of packs with it that are damaged there */
  pack(instead: readonly string[]): Promise<Uint8Array>;
};

export type Pushed = {
  readonly invocations: readonly string[];
  readonly records: number;
  readonly scores: number;
  readonly bytes: number;
};

export type PushInput = Share & {
  /** What is here and not there, as far as the log was read: asked again after each race that was lost. */
  readonly toPush: () => Iterable<Bundle>;
  /** Reads on in the log. */
  readonly pull: () => Promise<Pick<Pulled, 'entries' | 'broken'>>;
  /** An entry that nobody can read on behind, as far as the log was read; null = none. */
  readonly broken: string | null;
  readonly at: () => string;
  readonly expgraph: string;
};

/** @throws RemoteError where it cannot be reached, may not be written, or has a log that cannot be read to its end */
export async function push(input: PushInput): Promise<Pushed> {
  const sum = { records: 0, scores: 0, bytes: 0 };
  const invocations: string[] = [];
  for (;;) {
    let isBehind = false;
    for (const bundle of input.toPush()) {
      refuseBroken(input, input.broken);
      const bytes = await putBundle(input, bundle);
      if (bytes === null) {
        isBehind = true;
        break;
      }
      sum.bytes += bytes;
      for (const { name, records, scores } of bundle.invocations) {
        invocations.push(name);
        sum.records += records;
        sum.scores += scores;
      }
    }
    if (!isBehind) return { ...sum, invocations };
    const { entries, broken } = await input.pull();
    refuseBroken(input, broken);
    // It is there and cannot be had: to ask again and again would change nothing.
    if (entries === 0)
      refuseBroken(
        input,
        `${entryName(input.mirror.entries.length + 1)} is said to be there, and is not given`,
      );
  }
}

/** An entry can only stand behind the last one. */
function refuseBroken({ remote }: PushInput, broken: string | null): void {
  if (broken === null) return;
  throw new RemoteError({
    kind: 'refused',
    message: `${remote.shown}: ${broken}; nothing can be put behind it`,
    advice: 'what is here is kept; another address under "remote" takes all of it',
  });
}

/** @returns null where another one's entry came first */
async function putBundle(input: PushInput, bundle: Bundle): Promise<number | null> {
  const { remote, mirror, signal } = input;
  const { bytes, digest } = await putPack(input, bundle);
  const n = mirror.entries.length + 1;
  const kept = writeEntry(
    {
      v: LOG_VERSION,
      n,
      experiment: input.experiment,
      prev: mirror.head(),
      pack: { sha256: digest, bytes: bytes.length },
      invocations: bundle.invocations,
      blobs: bundle.blobs,
      at: input.at(),
      expgraph: input.expgraph,
    },
    input.key,
  );
  if ((await remote.create(entryName(n), Buffer.from(kept.text), signal)) === 'there') return null;
  mirror.add({ ...kept, state: 'here', why: null });
  await putHundred(input);
  return bytes.length;
}

/** One that is there has these bytes, as its name says, or is damaged: nothing is written over it, so that another name is taken. */
async function putPack(
  { remote, signal }: PushInput,
  bundle: Bundle,
): Promise<{ readonly bytes: Uint8Array; readonly digest: string }> {
  const damaged: string[] = [];
  for (;;) {
    const bytes = await bundle.pack(damaged);
    const digest = sha256(bytes);
    const pack = { sha256: digest, bytes: bytes.length };
    if ((await remote.create(packName(digest), bytes, signal)) === 'made') return { bytes, digest };
    const there = await fetchPack({ remote, signal }, { pack });
    if (typeof there !== 'string') return { bytes, digest };
    // A store that says of every name that it is there, and gives none.
    if (damaged.length === MOST_DAMAGED)
      throw new RemoteError({
        kind: 'refused',
        message: `${remote.shown}: ${there}, and none takes its place`,
      });
    damaged.push(digest);
  }
}

const MOST_DAMAGED = 8;

/** For whoever reads the log from its beginning. What fails here is done by nobody, and costs them requests. */
async function putHundred({ remote, mirror, signal }: PushInput): Promise<void> {
  const n = mirror.entries.length;
  if (n % BUNDLE !== 0) return;
  const text = mirror.entries
    .slice(n - BUNDLE)
    .map((entry) => entry.text)
    .join('');
  const bytes = Buffer.from(text);
  if (bytes.length > MAX_BUNDLE_BYTES) return;
  await remote.create(bundleName(n), bytes, signal).catch(() => {});
}
