// Takes what a remote has and this store does not: log, then packs, each checked before anything of it is in the store.
import { sha256 } from '../../core/canonical.ts';
import { RemoteError } from '../../remote/remote.ts';
import { type KeptEntry, type LogEntry, packName, signatureProblem } from './entries.ts';
import { newEntries } from './fetch-log.ts';
import type { Share } from './files.ts';
import { covers } from './fuller.ts';
import type { EntryState } from './mirror.ts';
import { TarError } from './tar.ts';

export type Pulled = {
  /** Of the log, read now. */
  readonly entries: number;
  readonly invocations: readonly string[];
  readonly records: number;
  readonly scores: number;
  readonly bytes: number;
  /** Packs of which nothing was taken. */
  readonly refused: readonly RefusedEntry[];
  /** An entry that cannot be what was pushed: nothing behind it is read. null = none. */
  readonly broken: string | null;
};

export type RefusalReason =
  /** Its pack is not there as it was pushed: whoever has the invocations can give them again. */
  | 'lost'
  /** Who has them and the key can. */
  | 'signature'
  | 'content';

export type RefusedEntry = {
  /** Its number in the log. */
  readonly n: number;
  readonly why: string;
  readonly reason: RefusalReason;
  /** Those that are not here. */
  readonly invocations: readonly string[];
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
 * @throws TarError where the pack is none
 */
export type TakePack = (bytes: Uint8Array) => Promise<Taken>;

/** @throws RemoteError where it cannot be reached: what was taken until then is kept */
export async function pull(share: Share, take: TakePack): Promise<Pulled> {
  const sum = { entries: 0, records: 0, scores: 0, bytes: 0 };
  const invocations = new Set<string>();
  let broken: string | null = null;
  const settle = async (kept: KeptEntry): Promise<EntryState> => {
    const missing = missingOf(share, kept.entry);
    if (missing.length === 0) return HERE;
    const came = await taken(share, kept, take);
    if ('state' in came) return came;
    sum.bytes += kept.entry.pack.bytes;
    sum.records += came.records;
    sum.scores += came.scores;
    for (const name of missing) invocations.add(name);
    return HERE;
  };
  for await (const kept of newEntries(share)) {
    if (kept.kind === 'err') {
      broken = kept.error;
      break;
    }
    sum.entries++;
    share.mirror.add({ ...kept.value, ...(await settle(kept.value)) });
  }
  const before = share.mirror.entries.length - sum.entries;
  const settled = new Map<number, EntryState>();
  try {
    for (const { state, why: _was, ...kept } of share.mirror.entries) {
      if (state === 'here') continue;
      const { n } = kept.entry;
      // A later entry may have brought what it did not. A lost one stays one: whoever has all of it is to give it again.
      if (missingOf(share, kept.entry).length === 0) {
        if (state === 'refused') settled.set(n, HERE);
      } else if (n <= before) settled.set(n, await settle(kept));
    }
  } finally {
    share.mirror.settle(settled);
  }
  return { ...sum, invocations: [...invocations], refused: refusedOf(share), broken };
}

const HERE: EntryState = { state: 'here', why: null };

/** Entries that were not taken, and of which something is not here. */
export function refusedOf(share: Pick<Share, 'mirror' | 'has' | 'key'>): readonly RefusedEntry[] {
  return share.mirror.entries.flatMap(({ entry, state, why }) => {
    const missing = state === 'here' ? [] : missingOf(share, entry);
    if (missing.length === 0) return [];
    const reason =
      state === 'lost' ? 'lost' : signatureProblem(entry, share.key) === null ? 'content' : 'signature';
    return [{ n: entry.n, why: why ?? '', reason, invocations: missing }];
  });
}

/** Entries that were taken, and of which something is not here any more, are as if they had been refused: pull asks for them. */
export function noteLostHere({ mirror, has }: Pick<Share, 'mirror' | 'has'>): void {
  const lost = mirror.entries.filter(
    ({ state, entry }) => state === 'here' && !entry.invocations.every((one) => has(one, { isAgain: true })),
  );
  const why = 'not all of it is here any more';
  mirror.settle(new Map(lost.map(({ entry }) => [entry.n, { state: 'refused', why }])));
}

/** Invocations of an entry that are not here, or not all of what it has. */
function missingOf({ mirror, has }: Pick<Share, 'mirror' | 'has'>, entry: LogEntry): readonly string[] {
  return entry.invocations.flatMap((one) => {
    const known = mirror.pushed().get(one.name);
    return covers(known, one) || has(one, { isAgain: known !== undefined }) ? [] : [one.name];
  });
}

/** @returns why nothing of it is taken, or what came into the store */
async function taken(share: Share, { entry }: KeptEntry, take: TakePack): Promise<EntryState | Taken> {
  const unsigned = signatureProblem(entry, share.key);
  if (unsigned !== null) return { state: 'refused', why: `entry ${entry.n} ${unsigned}` };
  const pack = await fetchPack(share, entry);
  if (typeof pack === 'string') return { state: 'lost', why: pack };
  const refused = (why: string): EntryState => ({ state: 'refused', why: `${shownPack(entry)}${why}` });
  try {
    const came = await take(pack);
    const [problem] = came.problems;
    return problem === undefined ? came : refused(`: ${problem}`);
  } catch (cause) {
    // A full disk, or a lock that is lost, says nothing of the pack.
    if (!(cause instanceof TarError)) throw cause;
    return refused(` cannot be read: ${cause.message}`);
  }
}

/** Its bytes, or why they cannot be had. @throws RemoteError where the remote cannot be reached */
export async function fetchPack(
  { remote, signal }: Pick<Share, 'remote' | 'signal'>,
  entry: Pick<LogEntry, 'pack'>,
): Promise<Uint8Array | string> {
  const { sha256: digest, bytes: size } = entry.pack;
  const bytes = await withinSize(remote.get(packName(digest), { maxBytes: size, signal }));
  if (bytes === null) return `${shownPack(entry)} is not there`;
  if (bytes !== 'too-large' && bytes.length === size && sha256(bytes) === digest) return bytes;
  return `${shownPack(entry)} is damaged: its bytes are not those that its name says`;
}

function shownPack({ pack }: Pick<LogEntry, 'pack'>): string {
  return `pack ${pack.sha256.slice(0, 12)}`;
}

/** One that is larger than it was is damaged as well. */
async function withinSize<Bytes>(got: Promise<Bytes>): Promise<Bytes | 'too-large'> {
  try {
    return await got;
  } catch (cause) {
    if (cause instanceof RemoteError && cause.kind === 'too-large') return 'too-large';
    throw cause;
  }
}
