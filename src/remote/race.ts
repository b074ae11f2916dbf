// Whether a store can be a remote: several machines create one file at one time, and one of them must win. A store that has never
// heard of the condition tells each that it made the file; others look whether it is there, take the body, and look no more. All
// but one would lose what they shared, so a race is run until it would show: over connections that are open, with bodies that
// take a while, more than once (of 40 races of 4 writers with 26 bytes at Apache's mod_dav 14 showed it, of 40 like these 36).
import { randomUUID } from 'node:crypto';
import type { RemoteSettings } from '../core/remote.ts';
import { openRemote } from './index.ts';
import type { RemoteFiles, RemoteWorld } from './remote.ts';

export const RACERS = 8;
export const RACES = 3;
export const RACED_BYTES = 256 * 1024;

export type Raced = {
  /** What is left at the remote: nothing is ever deleted there. */
  readonly left: readonly string[];
  readonly end: RaceEnd;
};

export type RaceEnd =
  | { readonly kind: 'one-won' }
  /** How many were told that they made it, somebody who came later among them. */
  | { readonly kind: 'several-won'; readonly winners: number }
  /** Nobody was, though there was nothing. */
  | { readonly kind: 'nobody-won' }
  /** One was, and other bytes are read than that one's. */
  | { readonly kind: 'other-bytes' };

/** Each writer has a client of its own. Ends with the first race that ends badly. @throws RemoteError; the signal's reason */
export async function raceWrites(
  settings: RemoteSettings,
  { world, signal }: { readonly world: RemoteWorld; readonly signal: AbortSignal },
): Promise<Raced> {
  const id = randomUUID();
  const clients = await Promise.all(Array.from({ length: RACERS + 1 }, () => openRemote(settings, world)));
  try {
    const left: string[] = [];
    let end: RaceEnd = { kind: 'one-won' };
    for (let nth = 1; nth <= RACES && end.kind === 'one-won'; nth++) {
      const name = `doctor/${id}-${nth}`;
      end = await race({ clients, name, signal });
      if (end.kind !== 'nobody-won') left.push(name);
    }
    return { left, end };
  } finally {
    await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
  }
}

async function race(input: {
  readonly clients: readonly RemoteFiles[];
  readonly name: string;
  readonly signal: AbortSignal;
}): Promise<RaceEnd> {
  const { clients, name, signal } = input;
  const limits = { maxBytes: 2 * RACED_BYTES, signal };
  const late = clients.at(-1)!;
  // Whoever has asked before has a connection.
  await all(clients, (client) => client.get(name, limits));
  const write = async (client: RemoteFiles, nth: number): Promise<boolean> =>
    (await client.create(name, bytesOf(nth), signal)) === 'made';
  const raced = await all(clients.slice(0, -1), write);
  const won = [...raced, await write(late, clients.length - 1)];
  const winners = won.filter(Boolean).length;
  if (winners > 1) return { kind: 'several-won', winners };
  if (winners === 0) return { kind: 'nobody-won' };
  const there = await late.get(name, limits);
  const isWinners = there !== null && Buffer.compare(there, bytesOf(won.indexOf(true))) === 0;
  return { kind: isWinners ? 'one-won' : 'other-bytes' };
}

/** One line, so that whoever finds the file knows what it is, and as much as makes it long. */
function bytesOf(nth: number): Uint8Array {
  return Buffer.from(`npx expgraph doctor --remote, writer ${nth + 1}\n`.padEnd(RACED_BYTES, '.'));
}

/** All have ended when this does. @throws what the first of them threw */
async function all<Result>(
  clients: readonly RemoteFiles[],
  work: (client: RemoteFiles, nth: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const ends = await Promise.allSettled(clients.map(work));
  return ends.map((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  });
}
