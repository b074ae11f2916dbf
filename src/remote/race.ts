// Whether a store can be a remote: several machines create one file at one time, and one of them must win. A store that has never
// heard of the condition tells each that it made the file, and all but one would lose what they shared.
import { randomUUID } from 'node:crypto';
import type { RemoteSettings } from '../core/remote.ts';
import { openRemote } from './index.ts';
import type { RemoteWorld } from './remote.ts';

export const RACERS = 4;

export type Raced = {
  /** What is left at the remote: nothing is ever deleted there. */
  readonly left: { readonly name: string; readonly bytes: number };
  readonly end:
    | { readonly kind: 'one-won' }
    /** How many were told that they made it, somebody who came later among them. */
    | { readonly kind: 'several-won'; readonly winners: number }
    /** Nobody was, though there was nothing. */
    | { readonly kind: 'nobody-won' }
    /** One was, and other bytes are read than that one's. */
    | { readonly kind: 'other-bytes' };
};

/** Each writer has a client of its own. @throws RemoteError; the signal's reason */
export async function raceWrites(
  settings: RemoteSettings,
  { world, signal }: { readonly world: RemoteWorld; readonly signal: AbortSignal },
): Promise<Raced> {
  const name = `doctor/${randomUUID()}`;
  const texts = Array.from({ length: RACERS + 1 }, (_, nth) => `expgraph doctor, writer ${nth + 1}\n`);
  const bytes = texts.map((text) => Buffer.from(text));
  const write = async (nth: number): Promise<boolean> => {
    await using client = await openRemote(settings, world);
    return (await client.create(name, bytes[nth]!, signal)) === 'made';
  };
  const racing = await Promise.allSettled(Array.from({ length: RACERS }, (_, nth) => write(nth)));
  const failed = racing.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  const raced = racing.map((one) => one.status === 'fulfilled' && one.value);
  const won = [...raced, await write(RACERS)];
  const winners = won.filter(Boolean).length;
  const left = { name, bytes: bytes[0]!.length };
  if (winners > 1) return { left, end: { kind: 'several-won', winners } };
  if (winners === 0) return { left, end: { kind: 'nobody-won' } };
  await using reader = await openRemote(settings, world);
  const there = await reader.get(name, { maxBytes: 1000, signal });
  const isWinners = there !== null && Buffer.compare(there, bytes[won.indexOf(true)]!) === 0;
  return { left, end: { kind: isWinners ? 'one-won' : 'other-bytes' } };
}
