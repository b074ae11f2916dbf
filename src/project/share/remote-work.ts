// The use cases `remote pull`, `remote push` and `remote status`.
import { existsSync } from 'node:fs';
import { scoresRoot } from '../../cache/disk/layout.ts';
import type { Hold, Store } from '../../cache/store.ts';
import { RemoteError } from '../../remote/remote.ts';
import { refreshScores } from '../judge/score-phase.ts';
import { CommandError, EXIT } from '../open/command-error.ts';
import { type Experiment, openExperiment } from '../open/experiment.ts';
import { lockedStore } from '../open/lock.ts';
import { notifyDiagnostics, type World } from '../open/world.ts';
import { viewCells } from '../select/plan-experiment.ts';
import { isSameLog, newEntries } from './fetch-log.ts';
import type { Share } from './files.ts';
import { notPushedCount } from './local.ts';
import { openShare } from './open-share.ts';
import type { Pushed } from './push.ts';
import { type PulledAll, pullAll, pushAll } from './sync.ts';

export type RemoteInput = {
  /** The manifest; relative to the working folder of the world. */
  readonly file: string;
  /** Wait for whoever has the store, however long that takes. */
  readonly wait: boolean;
  /** What others are told of who holds the store. */
  readonly argv: readonly string[];
};

export type RemotePull = { readonly experiment: string; readonly remote: string; readonly pulled: PulledAll };
export type RemotePush = RemotePull & { readonly pushed: Pushed };

export type RemoteStatus = {
  readonly experiment: string;
  readonly remote: string;
  /** Of its log, as far as it is known here. */
  readonly entries: number;
  /** What is there and was not read yet. */
  readonly toPull: { readonly invocations: number; readonly records: number; readonly scores: number };
  readonly toPush: { readonly invocations: number };
  /** Packs that were not taken. */
  readonly refused: readonly { readonly n: number; readonly why: string }[];
  /** What there is cannot follow on what was read; null = it can. */
  readonly broken: string | null;
};

/** @throws CommandError where the store is in use, the remote cannot be reached, or there is none */
export async function remotePull(world: World, input: RemoteInput): Promise<RemotePull> {
  return await pullThen(world, input, async (_, pulled) => pulled);
}

/** What is there is taken first: it may be what was to be pushed. @throws CommandError as remotePull */
export async function remotePush(world: World, input: RemoteInput): Promise<RemotePush> {
  return await pullThen(world, input, async ({ experiment, store }, pulled) => {
    const at = { root: experiment.root, hold: store.hold, clock: world.clock };
    const pushed = await reached(world, experiment, (share) => pushAll(share, at));
    return { ...pulled, pushed };
  });
}

type Locked = { readonly experiment: Experiment; readonly store: Store };

/** Files come while no index is open; index and view are brought after them, also where the connection was lost in the middle. */
async function pullThen<Value>(
  world: World,
  { file, ...locking }: RemoteInput,
  work: (locked: Locked, pulled: RemotePull) => Promise<Value>,
): Promise<Value> {
  const experiment = await openExperiment(world, file);
  let ended: () => RemotePull = () => {
    throw new CommandError('a store in memory has no remote');
  };
  const onLocked = async (hold: Hold): Promise<void> => {
    ended = await reached(world, experiment, async (share) => {
      const pulled = await pullAll(share, { root: experiment.root, hold });
      return { experiment: share.experiment, remote: share.remote.shown, pulled };
    }).then(
      (value) => () => value,
      (cause) => () => {
        throw cause;
      },
    );
  };
  using store = await lockedStore({ io: world, experiment, ...locking, index: 'keep', onLocked });
  notifyDiagnostics(world, store.diagnostics);
  showAll(experiment, store);
  return await work({ experiment, store }, ended());
}

/** Takes no lock and writes nothing. @throws CommandError where the remote cannot be reached, or there is none */
export async function remoteStatus(world: World, { file }: Pick<RemoteInput, 'file'>): Promise<RemoteStatus> {
  const experiment = await openExperiment(world, file);
  return await reached(world, experiment, async (share) => {
    const toPull = { invocations: 0, records: 0, scores: 0 };
    const there = new Set(share.mirror.pushed());
    let broken: string | null = null;
    let entries = share.mirror.entries.length;
    for await (const kept of newEntries(share)) {
      if (kept.kind === 'err') {
        broken = kept.error;
        break;
      }
      entries++;
      for (const one of kept.value.entry.invocations) {
        there.add(one.name);
        if (share.has(one)) continue;
        toPull.invocations++;
        toPull.records += one.records;
        toPull.scores += one.scores;
      }
    }
    if (broken === null && entries === share.mirror.entries.length && !(await isSameLog(share)))
      broken = 'the log there is another one than was read before: the next pull reads it from its beginning';
    return {
      experiment: share.experiment,
      remote: share.remote.shown,
      entries,
      toPull,
      toPush: { invocations: notPushedCount(experiment.root, there) },
      refused: share.mirror.entries.flatMap(({ entry, why }) => (why === null ? [] : [{ n: entry.n, why }])),
      broken,
    };
  });
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

/** The view, and that of scores, as they are with what came. */
function showAll(experiment: Experiment, store: Store): void {
  const { root, manifest, stores } = experiment;
  store.refreshView(viewCells(experiment, null));
  if (!existsSync(scoresRoot(root))) return;
  using scores = stores.writeScores(store.hold);
  if (manifest.scorers.length > 0) refreshScores({ experiment, store, scores });
}
