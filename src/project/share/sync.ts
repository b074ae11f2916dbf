// Pull and push of one store, whoever asks: a command, or a run before it plans and after it ended. The store's lock is held.
import type { Hold } from '../../cache/store.ts';
import { unite } from '../../cache/union/unite.ts';
import type { Clock } from '../../core/clock.ts';
import { packageVersion } from '../open/provenance.ts';
import { keyOfRecord } from '../select/plan-experiment.ts';
import { isSameLog } from './fetch-log.ts';
import type { Share } from './files.ts';
import { notPushed } from './local.ts';
import { packFiles, withUnpacked } from './packs.ts';
import { noteLostHere, type Pulled, pull, type TakePack } from './pull.ts';
import { type Pushed, push } from './push.ts';

export type SharedStore = {
  readonly root: string;
  readonly hold: Hold;
  /** Ends our files in whole lines, whatever a crash left: asked before anything is united with them. */
  readonly mend: () => void;
};

export type PulledAll = Pulled & {
  /** The log there is not the one that was read before: it was read from its beginning. */
  readonly isAnew: boolean;
};

/** @throws RemoteError where it cannot be reached: what was taken until then is kept */
export async function pullAll(share: Share, store: SharedStore): Promise<PulledAll> {
  return await pullWith(share, takeInto(store, { readsBlobs: false }));
}

async function pullWith(share: Share, take: TakePack): Promise<PulledAll> {
  const pulled = await pull(share, take);
  if (pulled.entries > 0 || (await isSameLog(share))) return { ...pulled, isAnew: false };
  share.mirror.reset();
  return { ...(await pull(share, take)), isAnew: true };
}

/** As pullAll, and what entries brought that is not here any more, or damaged: all of the store is read for it. */
export async function pullLost(share: Share, store: SharedStore): Promise<PulledAll> {
  store.mend();
  const has: Share['has'] = (one) => share.has(one, { isAgain: true, readsBlobs: true });
  const closely = { ...share, has };
  noteLostHere(closely);
  return await pullWith(closely, takeInto(store, { readsBlobs: true }));
}

/**
 * @param pulled the log was read before, to its end or to where it cannot be read
 * @throws RemoteError where it cannot be reached, may not be written, or cannot be read to its end
 */
export async function pushAll(
  share: Share,
  store: SharedStore & { readonly clock: Clock },
  pulled: Pick<PulledAll, 'broken'>,
): Promise<Pushed> {
  const { root, hold, clock } = store;
  return await push({
    ...share,
    has: (invocation, about) => share.has(invocation, about),
    *toPush() {
      for (const { files, ...rest } of notPushed(root, share.mirror))
        yield { ...rest, pack: (instead) => packFiles(files, instead) };
    },
    broken: pulled.broken,
    async pull() {
      hold.check();
      return await pullAll(share, store);
    },
    at: () => clock.now().toISOString(),
    expgraph: packageVersion(),
  });
}

function takeInto(
  { root, hold, mend }: SharedStore,
  { readsBlobs }: { readonly readsBlobs: boolean },
): TakePack {
  return (bytes) =>
    withUnpacked(root, bytes, (from, leftOut) => {
      hold.check();
      mend();
      const united = unite({ root, from, keyOf: keyOfRecord, readsBlobs, check: () => hold.check() });
      const problems = [...leftOut, ...united.leftOut, ...united.conflicts];
      const { records, scores } = united;
      return { records, scores, problems: problems.map(({ what, why }) => `${what} ${why}`) };
    });
}
