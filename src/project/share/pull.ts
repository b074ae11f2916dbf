// Takes what a remote has and this store does not: log, then packs, each checked before anything of it is in the store.
import { sha256 } from '../../core/canonical.ts';
import { type KeptEntry, type LogEntry, packName, signatureProblem } from './entries.ts';
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

type Taken = {
  /** Lines that were not here. */
  readonly records: number;
  readonly scores: number;
  /** What of it could not be taken. */
  readonly problems: readonly string[];
};

/**
 * Unpacks a pack and unites what is in it with the store.
 * @throws Error where the pack is none: its message says what is wrong
 */
export type TakePack = (bytes: Uint8Array) => Promise<Taken>;

/** @throws RemoteError where it cannot be reached: what was taken until then is kept */
export async function pull(share: Share, take: TakePack): Promise<Pulled> {
  const sum = { entries: 0, records: 0, scores: 0, bytes: 0 };
  const invocations = new Set<string>();
  const refused: { readonly entry: LogEntry; readonly why: string }[] = [];
  let broken: string | null = null;
  const settle = async (kept: KeptEntry): Promise<string | null> => {
    const missing = kept.entry.invocations.filter((one) => !share.has(one));
    if (missing.length === 0) return null;
    const came = await taken(share, kept, take);
    if (typeof came === 'string') return came;
    sum.bytes += kept.entry.pack.bytes;
    sum.records += came.records;
    sum.scores += came.scores;
    for (const { name } of missing) invocations.add(name);
    return null;
  };
  for (const { entry, state, ...kept } of share.mirror.entries) {
    if (state === 'here') continue;
    // Refused before: what was damaged there may have been mended.
    const why = await settle({ ...kept, entry });
    if (why !== null) refused.push({ entry, why });
    share.mirror.settle(entry.n, { state: why === null ? 'here' : 'refused', why });
  }
  for await (const kept of newEntries(share)) {
    if (kept.kind === 'err') {
      broken = kept.error;
      break;
    }
    sum.entries++;
    const why = await settle(kept.value);
    if (why !== null) refused.push({ entry: kept.value.entry, why });
    share.mirror.add({ ...kept.value, state: why === null ? 'here' : 'refused', why });
  }
  // A later entry may have brought what an earlier one did not: one that was signed, or whole.
  const left = refused.filter(({ entry }) => !entry.invocations.every((one) => share.has(one)));
  for (const one of refused)
    if (!left.includes(one)) share.mirror.settle(one.entry.n, { state: 'here', why: null });
  return {
    ...sum,
    invocations: [...invocations],
    refused: left.map(({ entry: { n }, why }) => ({ n, why })),
    broken,
  };
}

/** @returns why nothing of it is taken, or what came into the store */
async function taken(share: Share, { entry }: KeptEntry, take: TakePack): Promise<string | Taken> {
  const unsigned = signatureProblem(entry, share.key);
  if (unsigned !== null) return `entry ${entry.n} ${unsigned}`;
  const { sha256: digest, bytes: size } = entry.pack;
  const shown = `pack ${digest.slice(0, 12)}`;
  const bytes = await share.remote.get(packName(digest), { maxBytes: size, signal: share.signal });
  if (bytes === null) return `${shown} is not there`;
  if (bytes.length !== size || sha256(bytes) !== digest)
    return `${shown} is damaged: its bytes are not those that its name says`;
  try {
    const came = await take(bytes);
    const [problem] = came.problems;
    return problem === undefined ? came : `${shown}: ${problem}`;
  } catch (cause) {
    return `${shown} cannot be read: ${(cause as Error).message}`;
  }
}
