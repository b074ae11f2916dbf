// remote push --repair: what a remote does not have any more as it was pushed is found out, and then is pushed as if it had never been there.
import { entryName, type LogEntry, MAX_ENTRY_BYTES, signatureProblem } from './entries.ts';
import type { Share } from './files.ts';
import type { EntryState, SeenEntry } from './mirror.ts';
import { fetchPack } from './pull.ts';

/** Numbers of entries whose packs are fetched to see whether they are whole. */
export type Repair = 'all' | readonly number[];

export type Repaired = {
  /** Packs that were fetched. */
  readonly looked: number;
  /** Those that are not as they were pushed. */
  readonly lost: readonly { readonly n: number; readonly why: string }[];
  /** Entries of the log that were gone, and were put back as they were. */
  readonly putBack: readonly number[];
  /** Entries in whose place something else stands: nothing is written over. */
  readonly changed: readonly number[];
};

/** The log was read to its end. @throws RemoteError where it cannot be reached, or what is gone cannot be put back */
export async function findLost(share: Share, which: Repair): Promise<Repaired> {
  const chosen = share.mirror.entries.filter(({ entry }) => which === 'all' || which.includes(entry.n));
  const lost: { readonly n: number; readonly why: string }[] = [];
  const putBack: number[] = [];
  const changed: number[] = [];
  const states = new Map<number, EntryState>();
  let looked = 0;
  try {
    for (const seen of chosen) {
      const { n } = seen.entry;
      const end = await putEntryBack(share, seen);
      if (end === 'made') putBack.push(n);
      if (end === 'changed') changed.push(n);
      if (!isTaken(share, seen)) continue;
      looked++;
      const pack = await fetchPack(share, seen.entry);
      if (typeof pack === 'string') {
        lost.push({ n, why: pack });
        states.set(n, { state: 'lost', why: pack });
      } else if (seen.state === 'lost') states.set(n, { state: 'here', why: null });
    }
  } finally {
    // Kept before anything is pushed: whoever is killed then pushes it the next time.
    share.mirror.settle(states);
  }
  return { looked, lost, putBack, changed };
}

/** What is refused for what it says is not mended by being there once more, and what is not signed is pushed again anyway. */
function isTaken({ key, mirror, has }: Share, { entry, state }: SeenEntry): boolean {
  if (state === 'refused' || signatureProblem(entry, key) !== null) return false;
  return state === 'here' || isAllHere({ mirror, has }, entry);
}

function isAllHere({ mirror, has }: Pick<Share, 'mirror' | 'has'>, { invocations }: LogEntry): boolean {
  return invocations.every((one) => has(one, { isAgain: mirror.pushed().has(one.name) }));
}

async function putEntryBack(share: Share, { entry, text }: SeenEntry): Promise<'there' | 'made' | 'changed'> {
  const { remote, signal } = share;
  const name = entryName(entry.n);
  const bytes = Buffer.from(text);
  const there = await remote.get(name, { maxBytes: MAX_ENTRY_BYTES, signal });
  if (there !== null) return bytes.equals(there) ? 'there' : 'changed';
  return (await remote.create(name, bytes, signal)) === 'made' ? 'made' : 'there';
}
