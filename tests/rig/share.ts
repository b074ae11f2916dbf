// A machine's store against a remote, without a manifest: as run, pull and push do it.
import { layoutOf } from '../../src/cache/disk/layout.ts';
import { borrowed } from '../../src/cache/disk/lock-handle.ts';
import { lockStore, openLocked } from '../../src/cache/files.ts';
import type { Share } from '../../src/project/share/files.ts';
import { hasInvocation } from '../../src/project/share/local.ts';
import { openMirror } from '../../src/project/share/mirror.ts';
import type { Pushed } from '../../src/project/share/push.ts';
import { findLost, type Repair, type Repaired } from '../../src/project/share/repair.ts';
import { type PulledAll, pullAll, pullLost, pushAll } from '../../src/project/share/sync.ts';
import type { RemoteFiles } from '../../src/remote/remote.ts';
import { handClock } from './clock.ts';
import { HOLDER } from './stores.ts';

export type Sharing = {
  readonly root: string;
  readonly remote: RemoteFiles;
  readonly key?: string;
  readonly signal?: AbortSignal;
};

export function shareOf({ root, remote, key, signal }: Sharing): Share {
  return {
    remote,
    mirror: openMirror({ root, address: remote.shown, experiment: 'made', key: key ?? null }),
    experiment: 'made',
    key: key ?? null,
    signal: signal ?? new AbortController().signal,
    has: (invocation, about) => hasInvocation(root, invocation, about),
  };
}

export type Sync = 'pull' | 'both' | { readonly repair: Repair } | { readonly repairHere: true };

/** Torn tails are mended before, index and view are brought after: as every command does that writes. */
export async function sync(
  sharing: Sharing,
  what: Sync = 'both',
): Promise<{
  readonly pulled: PulledAll;
  readonly repaired: Repaired | null;
  readonly pushed: Pushed | null;
}> {
  const { root } = sharing;
  const lock = lockStore({ root, holder: HOLDER });
  if (lock.kind === 'err') throw new Error('the store is locked');
  using hold = lock.value;
  openLocked({ root, redact: (text) => text, lock: borrowed(hold) })[Symbol.dispose]();
  const share = shareOf(sharing);
  const at = { root, hold, mend() {} };
  const isHere = typeof what === 'object' && 'repairHere' in what;
  const pulled = isHere ? await pullLost(share, at) : await pullAll(share, at);
  const repaired = typeof what === 'object' && 'repair' in what ? await findLost(share, what.repair) : null;
  const pushed =
    what === 'pull' || isHere ? null : await pushAll(share, { ...at, clock: handClock() }, pulled);
  return { pulled, repaired, pushed };
}

export function historyOf(root: string): string {
  return layoutOf(root).history;
}
