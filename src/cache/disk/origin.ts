// What makes an invocation's name unlike that of any other machine, clone, container or copy of a store.
import { randomInt } from 'node:crypto';
import { hostname } from 'node:os';
import { sha256 } from '../../core/canonical.ts';
import { originOf } from '../../core/invocation-id.ts';

/** Two letters are the machine's, the others by chance: a copy of a machine has its name, too. */
export function newOrigin(): string {
  const machine = Number.parseInt(sha256(hostname()).slice(0, 8), 16) % 1024;
  return originOf(machine * 2 ** 30 + randomInt(2 ** 30));
}
