// What makes an invocation's name unlike that of any other machine, clone, container or copy of a store.
import { randomInt } from 'node:crypto';
import { hostname } from 'node:os';
import { sha256 } from '../../core/canonical.ts';
import { orderOf, originOf } from '../../core/invocation-id.ts';

/** Two letters are the machine's, the others by chance: a copy of a machine has its name, too. */
export function newOrigin(): string {
  return originOf(machineBits() * 2 ** 30 + randomInt(2 ** 30));
}

/** Whether an invocation may have been begun on this machine: of others one in a thousand looks as if it were. */
export function maybeFromHere(invocation: string): boolean {
  const origin = orderOf(invocation)?.origin ?? 0;
  return origin === 0 || Math.floor(origin / 2 ** 30) === machineBits();
}

function machineBits(): number {
  return Number.parseInt(sha256(hostname()).slice(0, 8), 16) % 1024;
}
