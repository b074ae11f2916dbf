// Takes what a remote has and this store does not: log, then packs, each checked before anything of it is in the store.
import { sha256 } from '../../core/canonical.ts';
import { type KeptEntry, packName, signatureProblem } from './entries.ts';
import { newEntries } from './fetch-log.ts';
import type { Share } from './files.ts';

export type Pulled = {
  /** Of the log, read now. */
  readonly entries: number;
  readonly invocations: readonly string[];
  readonly records: number;
  readonly scores: number;
  readonly bytes: number;
  /** Packs of which nothing was taken, each with its number in the log. */
  readonly refused: readonly { readonly n: number; readonly why: string }[];
  /** An entry that cannot be what was pushed: nothing behind it is read. null = none. */
  readonly broken: string | null;
};

/**
 * Unpacks a pack and unites what is in it with the store. @returns what of it could not be taken
 * @throws Error where the pack is none: its message says what is wrong
 */
export type TakePack = (bytes: Uint8Array) => Promise<{ readonly problems: readonly string[] }>;

/** @throws RemoteError where it cannot be reached: what was taken until then is kept */
export async function pull(share: Share, take: TakePack): Promise<Pulled> {
  const sum = { entries: 0, records: 0, scores: 0, bytes: 0 };
  const invocations: string[] = [];
  const refused: { n: number; why: string }[] = [];
  let broken: string | null = null;
  const settle = async (kept: KeptEntry): Promise<string | null> => {
    const missing = kept.entry.invocations.filter((one) => !share.has(one));
    if (missing.length === 0) return null;
    const why = await taken(share, kept, take);
    if (why !== null) return why;
    sum.bytes += kept.entry.pack.bytes;
    for (const { name, records, scores } of missing) {
      invocations.push(name);
      sum.records += records;
      sum.scores += scores;
    }
    return null;
  };
  for (const { entry, state, ...kept } of share.mirror.entries) {
    if (state === 'here') continue;
    // Refused before: what was damaged there may have been mended.
    const why = await settle({ ...kept, entry });
    if (why !== null) refused.push({ n: entry.n, why });
    share.mirror.settle(entry.n, { state: why === null ? 'here' : 'refused', why });
  }
  for await (const kept of newEntries(share)) {
    if (kept.kind === 'err') {
      broken = kept.error;
      break;
    }
    sum.entries++;
    const why = await settle(kept.value);
    if (why !== null) refused.push({ n: kept.value.entry.n, why });
    share.mirror.add({ ...kept.value, state: why === null ? 'here' : 'refused', why });
  }
  return { ...sum, invocations, refused, broken };
}

/** @returns why nothing of it is taken; null = it is in the store */
async function taken(share: Share, { entry }: KeptEntry, take: TakePack): Promise<string | null> {
  const unsigned = signatureProblem(entry, share.key);
  if (unsigned !== null) return `entry ${entry.n} ${unsigned}`;
  const { sha256: digest, bytes: size } = entry.pack;
  const shown = `pack ${digest.slice(0, 12)}`;
  const bytes = await share.remote.get(packName(digest), { maxBytes: size, signal: share.signal });
  if (bytes === null) return `${shown} is not there`;
  if (bytes.length !== size || sha256(bytes) !== digest)
    return `${shown} is damaged: its bytes are not those that its name says`;
  try {
    const { problems } = await take(bytes);
    const [problem] = problems;
    return problem === undefined ? null : `${shown}: ${problem}`;
  } catch (cause) {
    return `${shown} cannot be read: ${(cause as Error).message}`;
  }
}
