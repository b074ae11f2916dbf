// Writes into each open review that somebody looked at the numbers before it was closed: when, who, with which command. Two
// processes may do so at once: each waits for the other, and a reader sees the protocol before or after, never half of it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { whileLocked } from '../../cache/disk/brief-lock.ts';
import { replaceFile } from '../../cache/disk/durable.ts';
import type { Redact } from '../../core/redact.ts';
import type { Breach, ProtocolFile } from '../../core/review.ts';
import { CommandError, EXIT } from './command-error.ts';
import { type OpenReview, reviewsRoot } from './open-reviews.ts';
import { userName } from './user-name.ts';
import type { Unblinding, World } from './world.ts';

/** Reviews that one command is written into already: what looks again and again (watch, a viewer) is one breach. */
const LOGGED = new WeakMap<Unblinding, Set<string>>();

/** @throws CommandError where a protocol cannot be read, or others have it for too long */
export function logUnblinding(
  world: Pick<World, 'clock' | 'env'>,
  input: {
    readonly root: string;
    readonly redact: Redact;
    readonly open: readonly OpenReview[];
    readonly unblind: Unblinding;
  },
): void {
  const { root, redact, open, unblind } = input;
  const logged = LOGGED.get(unblind) ?? new Set();
  LOGGED.set(unblind, logged);
  const due = open.filter(({ folder }) => !logged.has(folder));
  if (due.length === 0) return;
  const breach: Breach = {
    at: world.clock.now().toISOString(),
    user: userName(world.env),
    kind: 'unblind',
    what: redact(unblind.what),
    reason: unblind.reason === null ? null : redact(unblind.reason),
  };
  for (const { folder } of due) {
    addBreach({ root, folder, breach });
    logged.add(folder);
  }
}

/** One line more in the log of a protocol. Whoever else writes into protocols takes the same lock. @throws StoreError */
export function addBreach(at: {
  readonly root: string;
  readonly folder: string;
  readonly breach: Breach;
}): void {
  const { root, folder, breach } = at;
  whileLocked(path.join(reviewsRoot(root), 'lock.db'), () => {
    const file = path.join(folder, 'protocol.json');
    const protocol = readProtocol(file);
    const breaches = [...(protocol.breaches ?? []), breach];
    replaceFile(file, [`${JSON.stringify({ ...protocol, breaches }, null, 2)}\n`]);
  });
}

function readProtocol(file: string): ProtocolFile {
  try {
    const said: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof said === 'object' && said !== null && !Array.isArray(said)) return said as ProtocolFile;
  } catch {
    // Said below: whatever is wrong with it, nothing can be written into it.
  }
  throw new CommandError(
    `${file} cannot be read, so that nobody could see that its review was unblinded: nothing is shown. \`npx expgraph fsck\` says what is wrong with it`,
    EXIT.store,
  );
}
