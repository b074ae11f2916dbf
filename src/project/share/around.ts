// What a run does about its remote: takes what is new before it plans, gives what it made after it ended. A remote that cannot be reached
// is told, and fails nothing.
import { StoreError } from '../../cache/disk/disk-read.ts';
import { lockStore } from '../../cache/files.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { RemoteSettings } from '../../core/remote.ts';
import type { SharedSummary } from '../../core/summary.ts';
import { RemoteError } from '../../remote/remote.ts';
import { refusedDiagnostics } from '../../report/run/refused.ts';
import { broughtWords } from '../../report/run/shared.ts';
import { CommandError, EXIT } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import { holderOf } from '../open/lock.ts';
import { once } from '../open/once.ts';
import { withRunsBegun } from '../open/runs-begun.ts';
import { note, notifyDiagnostics, type World } from '../open/world.ts';
import { bringUp } from './bring-up.ts';
import type { Share } from './files.ts';
import { openShare } from './open-share.ts';
import type { Around, RemoteUse } from './sharing.ts';
import { pullAll, pushAll, type SharedStore } from './sync.ts';

export function aroundRun(
  io: World,
  {
    experiment,
    remote,
    use,
  }: { readonly experiment: Experiment; readonly remote: RemoteSettings; readonly use: RemoteUse },
): Around & { readonly hasTaken: () => boolean } {
  const { root } = experiment;
  let hasTaken = false;
  const storeOf = (hold: Parameters<Around['pull']>[0]): SharedStore => ({
    root,
    hold,
    mend: once(() => {
      hasTaken = true;
      bringUp(io, experiment, { hold, views: 'leave' });
      return {};
    }),
  });
  const shared: { -readonly [name in keyof SharedSummary]: SharedSummary[name] } = {
    remote: remote.url,
    pulled: null,
    pushed: null,
    problem: null,
  };
  let isDone = false;
  let broken: string | null = null;
  /** Once it could not be reached it is not asked again: its timeouts would be waited for twice. */
  const reach = async (
    { what, hint }: { readonly what: string; readonly hint: string },
    work: (share: Share) => Promise<void>,
  ): Promise<void> => {
    if (shared.problem !== null) return;
    try {
      await io.interrupts.whilePrograms(async (signal) => {
        await using opened = await openShare(io, experiment, signal);
        await work(opened.share);
      });
    } catch (cause) {
      const isLeft = cause instanceof CommandError && cause.exitCode === EXIT.interrupted;
      // Before anything was begun an interruption ends the run; behind it all is kept, and only the sharing is left.
      if (!(cause instanceof RemoteError) && !(isLeft && isDone)) throw cause;
      // What an interruption says of itself is of commands that had done nothing yet.
      shared.problem = isLeft ? 'it was stopped' : cause.message;
      const advice = cause instanceof RemoteError ? cause.advice : null;
      notifyDiagnostics(io, [left({ what, why: shared.problem, hint: advice ?? hint })]);
    }
  };
  return {
    pull: (hold) =>
      reach({ what: NOT_HERE, hint: PULL_LATER }, async (share) => {
        const pulled = await pullAll(share, storeOf(hold)).finally(() => {
          // Whatever becomes of the run, the next one finds indexes that know what came; what is damaged was told a moment ago.
          if (hasTaken) bringUp({ notify() {} }, experiment, { hold, views: 'leave' });
        });
        const { invocations, records, scores, bytes } = pulled;
        shared.pulled = { invocations: invocations.length, records, scores, bytes };
        ({ broken } = pulled);
        notifyDiagnostics(io, refusedDiagnostics(pulled, share.remote.shown));
        if (invocations.length > 0)
          note(io, `pulled ${broughtWords(shared.pulled)} from ${share.remote.shown}`);
      }),
    async push(hold) {
      isDone = true;
      if (use === 'pull' || !remote.push) return;
      await reach({ what: 'what was made here is not shared yet', hint: PUSH_LATER }, async (share) => {
        const { invocations, records, scores, bytes } = await pushAll(
          share,
          { ...storeOf(hold), clock: io.clock },
          { broken },
        );
        shared.pushed = { invocations: invocations.length, records, scores, bytes };
        if (invocations.length > 0)
          note(io, `pushed ${broughtWords(shared.pushed)} to ${share.remote.shown}`);
      });
    },
    summary: () => ({ ...shared }),
    hasTaken: () => hasTaken,
  };
}

function left({
  what,
  why,
  hint,
}: {
  readonly what: string;
  readonly why: string;
  readonly hint: string;
}): Diagnostic {
  return {
    ...{ severity: 'warning', code: 'remote-left', message: `${what}: ${why}`, hint },
    ...{ location: null, related: [] },
  };
}

const NOT_HERE = 'what others made is not here';
const PULL_LATER = 'the next run asks again; --offline-remote leaves it alone';
const PUSH_LATER = 'the next run gives it, or npx expgraph remote push';

/** For somebody who only looks, where nobody has the store. */
export async function pullIfFree(
  world: World,
  { experiment, remote }: { readonly experiment: Experiment; readonly remote: RemoteSettings },
): Promise<void> {
  try {
    const holder = holderOf({ io: world, experiment, argv: ['plan'] });
    const locked = lockStore({ root: experiment.root, holder });
    if (locked.kind === 'err') return;
    using lock = locked.value;
    const around = aroundRun(world, { experiment, remote, use: 'pull' });
    await around.pull(lock);
    // No run follows that would bring index and views after what came.
    if (around.hasTaken()) bringUp(world, await withRunsBegun(experiment), { hold: lock, views: 'refresh' });
  } catch (cause) {
    // A store that may not be written can be looked at all the same; what is wrong with it beside that is said by who reads it.
    if (!(cause instanceof StoreError)) throw cause;
    notifyDiagnostics(world, [left({ what: NOT_HERE, why: cause.message, hint: PULL_LATER })]);
  }
}
