// The end of programs that have done their work: it is theirs, and whoever waits for it is told.
import path from 'node:path';
import type { Store } from '../../cache/store.ts';
import type { Key } from '../../core/brand.ts';
import type { Clock } from '../../core/clock.ts';
import type { InvocationRecord } from '../../core/record.ts';
import type { TellWaiting } from '../../executor/executor.ts';
import type { Spools } from '../../executor/pytest.ts';
import type { Emit } from '../open/emit.ts';
import type { Experiment } from '../open/experiment.ts';

/** Everything is kept by now; programs put in order what is theirs, unless whoever waits does not want to. */
export async function unlessAborted(ended: Promise<void> | undefined, abort: AbortSignal): Promise<void> {
  if (ended === undefined || abort.aborted) return;
  const left = new Promise<void>((resolve) => {
    abort.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([ended, left]);
}

/** How long a program is waited for that has done its work. */
export function tellWaiting(emit: Emit, clock: Clock): TellWaiting {
  let since: { readonly what: string; readonly ms: number } | null = null;
  return (waits) => {
    if (waits !== null) {
      since = { what: waits.what, ms: clock.monotonicMs() };
      emit({ kind: 'waiting', what: waits.what, limit_ms: waits.limitMs });
    } else if (since !== null) {
      emit({ kind: 'waiting-over', what: since.what, after_ms: Math.round(clock.monotonicMs() - since.ms) });
      since = null;
    }
  };
}

/** What tests told and has no record: whatever ends this process, the next run reads it. */
export function spoolsOf(input: {
  readonly experiment: Experiment;
  readonly store: Pick<Store, 'countOf'>;
  readonly record: Pick<InvocationRecord, 'force'>;
}): Spools {
  return {
    folder: path.join(input.experiment.root, 'unread'),
    isForced: input.record.force,
    hasRecord: (key) => input.store.countOf(key as Key) > 0,
  };
}
