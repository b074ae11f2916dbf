// The use cases `remote pull`, `remote push` and `remote status`.
import { RemoteError } from '../../remote/remote.ts';
import { CommandError, EXIT } from '../open/command-error.ts';
import { type Experiment, openExperiment } from '../open/experiment.ts';
import { takeStoreLock } from '../open/lock.ts';
import { once } from '../open/once.ts';
import { withRunsBegun } from '../open/runs-begun.ts';
import type { World } from '../open/world.ts';
import { bringUp } from './bring-up.ts';
import { type PushedInvocation, signatureProblem } from './entries.ts';
import { isSameLog, newEntries } from './fetch-log.ts';
import type { Share } from './files.ts';
import { covers, fullerOf } from './fuller.ts';
import { notPushedCount } from './local.ts';
import { openShare, refuseNone } from './open-share.ts';
import { type RefusedEntry, refusedOf } from './pull.ts';
import type { Pushed } from './push.ts';
import { findLost, type Repair, type Repaired } from './repair.ts';
import { type PulledAll, pullAll, pullLost, pushAll, type SharedStore } from './sync.ts';

export type RemoteInput = {
  /** The manifest; relative to the working folder of the world. */
  readonly file: string;
  /** Wait for whoever has the store, however long that takes. */
  readonly wait: boolean;
  /** What others are told of who holds the store. */
  readonly argv: readonly string[];
};

export type RemotePull = { readonly experiment: string; readonly remote: string; readonly pulled: PulledAll };
export type RemotePush = RemotePull & {
  readonly pushed: Pushed;
  /** null = it was not asked whether what was pushed is there. */
  readonly repaired: Repaired | null;
};

export type RemoteStatus = {
  readonly experiment: string;
  readonly remote: string;
  /** Of its log, as far as it is known here. */
  readonly entries: number;
  /** What is there and was not read yet. */
  readonly toPull: { readonly invocations: number; readonly records: number; readonly scores: number };
  readonly toPush: { readonly invocations: number };
  /** Whether it would be given: what the manifest says of that. */
  readonly push: boolean;
  /** Packs that were not taken. */
  readonly refused: readonly RefusedEntry[];
  /** What there is cannot follow on what was read; null = it can. */
  readonly broken: string | null;
};

/**
 * @param input.repair also what was taken before, and is not here any more or damaged
 * @throws CommandError where the store is in use, the remote cannot be reached, or there is none
 */
export async function remotePull(
  world: World,
  { repair, ...input }: RemoteInput & { readonly repair: boolean },
): Promise<RemotePull> {
  return await withStore(world, { ...input, gives: false }, (share, at) =>
    pulledInto(share, at, repair ? pullLost : pullAll),
  );
}

/**
 * What is there is taken first: it may be what was to be pushed.
 * @param input.repair null = what was pushed is taken to be there
 * @throws CommandError as remotePull, and where the manifest says that nothing is given
 */
export async function remotePush(
  world: World,
  { repair, ...input }: RemoteInput & { readonly repair: Repair | null },
): Promise<RemotePush> {
  return await withStore(world, { ...input, gives: true }, async (share, at) => {
    at.mend();
    const taken = await pulledInto(share, at, pullAll);
    if (repair !== null) refuseUnknown(share, repair);
    const repaired = repair === null ? null : await findLost(share, repair);
    const pushed = await pushAll(share, { ...at, clock: world.clock }, taken.pulled);
    return { ...taken, repaired, pushed };
  });
}

function refuseUnknown({ remote, mirror: { entries } }: Share, repair: Repair): void {
  const unknown = repair === 'all' ? [] : repair.filter((n) => n < 1 || n > entries.length);
  if (unknown.length === 0) return;
  const has = entries.length === 0 ? 'none' : `1 to ${entries.length}`;
  throw new CommandError(
    `${remote.shown} has no entry ${unknown.join(', ')}, but ${has}; npx expgraph remote status lists those that were not taken`,
  );
}

async function pulledInto(share: Share, at: SharedStore, pulling: typeof pullAll): Promise<RemotePull> {
  const pulled = await pulling(share, at);
  return { experiment: share.experiment, remote: share.remote.shown, pulled };
}

/** Index and views are brought after what came, also where the connection was lost in the middle. */
async function withStore<Value>(
  world: World,
  { file, gives, ...locking }: RemoteInput & { readonly gives: boolean },
  work: (share: Share, at: SharedStore) => Promise<Value>,
): Promise<Value> {
  const experiment = await openExperiment(world, file);
  const settings = refuseNone(experiment);
  if (gives && !settings.push)
    throw new CommandError(
      'the manifest says push: false under "remote", so nothing is given there; take that line out, or ask for npx expgraph remote pull',
    );
  using lock = await takeStoreLock({ io: world, experiment, ...locking });
  const mend = once(() => {
    bringUp(world, experiment, { hold: lock, views: 'leave' });
    return {};
  });
  try {
    return await reached(world, experiment, (share) =>
      work(share, { root: experiment.root, hold: lock, mend }),
    );
  } finally {
    bringUp(world, await withRunsBegun(experiment), { hold: lock, views: 'refresh' });
  }
}

/** Takes no lock and writes nothing. @throws CommandError where the remote cannot be reached, or there is none */
export async function remoteStatus(world: World, { file }: Pick<RemoteInput, 'file'>): Promise<RemoteStatus> {
  const experiment = await openExperiment(world, file);
  return await reached(world, experiment, async (share) => {
    const toPull = new Map<string, PushedInvocation>();
    const { mirror } = share;
    const there = new Map(mirror.pushed());
    const refused = [...refusedOf(share)];
    let broken: string | null = null;
    let entries = mirror.entries.length;
    for await (const kept of newEntries(share)) {
      if (kept.kind === 'err') {
        broken = kept.error;
        break;
      }
      entries++;
      const { entry } = kept.value;
      const unsigned = signatureProblem(entry, share.key);
      const missing = entry.invocations.filter(
        (one) =>
          !covers(mirror.pushed().get(one.name), one) && !share.has(one, { isAgain: there.has(one.name) }),
      );
      if (unsigned === null) {
        for (const one of missing) toPull.set(one.name, fullerOf(one, toPull.get(one.name)));
        for (const one of entry.invocations) there.set(one.name, fullerOf(one, there.get(one.name)));
      } else if (missing.length > 0) {
        const invocations = missing.map(({ name }) => name);
        refused.push({ n: entry.n, why: `entry ${entry.n} ${unsigned}`, reason: 'signature', invocations });
      }
    }
    // What is on its way here is no more refused.
    const left = refused.filter(({ invocations }) => !invocations.every((name) => toPull.has(name)));
    if (broken === null && entries === share.mirror.entries.length && !(await isSameLog(share)))
      broken = 'the log there is another one than was read before: the next pull reads it from its beginning';
    return {
      experiment: share.experiment,
      remote: share.remote.shown,
      entries,
      toPull: summed([...toPull.values()]),
      toPush: {
        invocations: notPushedCount(experiment.root, { ...mirror, pushed: () => there }),
      },
      push: refuseNone(experiment).push,
      refused: left,
      broken,
    };
  });
}

function summed(pushed: readonly PushedInvocation[]): RemoteStatus['toPull'] {
  const sum = (what: 'records' | 'scores'): number => pushed.reduce((all, one) => all + one[what], 0);
  return { invocations: pushed.length, records: sum('records'), scores: sum('scores') };
}

/** An unreachable remote in one sentence. */
async function reached<Value>(
  world: World,
  experiment: Experiment,
  work: (share: Share) => Promise<Value>,
): Promise<Value> {
  try {
    return await world.interrupts.whilePrograms(async (signal) => {
      await using opened = await openShare(world, experiment, signal);
      return await work(opened.share);
    });
  } catch (cause) {
    if (cause instanceof RemoteError) throw new CommandError(remoteWords(cause), EXIT.incomplete);
    throw cause;
  }
}

function remoteWords({ message, advice }: RemoteError): string {
  return advice === null ? message : `${message}; ${advice}`;
}
