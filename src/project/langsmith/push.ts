// Sends what waits, in the foreground: everything that a run, a sync or a review left.
import { hostname } from 'node:os';
import path from 'node:path';
import { makeFolder } from '../../cache/disk/durable.ts';
import { takeLock } from '../../cache/disk/lock.ts';
import { readFates, spoolFolders } from '../../tracing/spool/spool-read.ts';
import { type SentFeedback, sendFeedback } from '../../tracing/upload/feedback-send.ts';
import type { LinkState } from '../../tracing/upload/link.ts';
import { makeSender } from '../../tracing/upload/send.ts';
import { type Age, type UploadCounts, upload } from '../../tracing/upload/upload.ts';
import { packageVersion } from '../open/provenance.ts';
import { note, type World } from '../open/world.ts';
import type { Tracing } from './settings.ts';

export const SYNC_FOLDER = 'sync';

export type Pushed = UploadCounts & {
  readonly feedback: SentFeedback;
  /** Refused at another time, and not tried now. */
  readonly refusedBefore: number;
  readonly state: LinkState;
  /** Why something is left. */
  readonly problems: readonly string[];
};

/** Whether nothing is left here. */
export function isAllThere(pushed: Pushed): boolean {
  const { rejected, held, refusedBefore, feedback, state, problems } = pushed;
  const left = rejected + held + refusedBefore + feedback.left + feedback.refused;
  return left === 0 && state === 'up' && problems.length === 0;
}

export async function push(input: {
  readonly io: World;
  readonly tracing: Tracing;
  /** Folders of spools to send; null = all. */
  readonly folders: readonly string[] | null;
  readonly age: Age;
  /** What was refused before is tried again. */
  readonly again?: boolean;
  /** Experiments to make or bring up to date even if no trace needs them. */
  readonly experiments?: readonly string[];
}): Promise<Pushed> {
  const { io, tracing, again = false } = input;
  const { clock, random } = io;
  const { root, endpoint } = tracing;
  const problems = new Set<string>();
  makeFolder(root);
  using _lock = await waitForLock(io, root);
  const say = (problem: string): void => {
    problems.add(problem);
  };
  const sender = makeSender({
    root,
    endpoint,
    version: packageVersion(),
    clock,
    random,
    say,
    onChange: () => {},
  });
  const { link, prepare } = sender;
  link.finish();
  for (const id of input.experiments ?? []) await prepare.experiment(id);
  const total = { sent: 0, present: 0, rejected: 0, held: 0 };
  let refusedBefore = 0;
  for (const name of input.folders ?? spoolFolders(root)) {
    const before = [...readFates(path.join(root, name)).values()];
    if (!again) refusedBefore += before.filter((fate) => fate === 'rejected').length;
    // What is made of old records is sent as of today: the true times are in its metadata.
    const age: Age = name === SYNC_FOLDER ? { kind: 'shift' } : input.age;
    const counts = await upload({
      folder: path.join(root, name),
      link,
      prepare,
      clock,
      age,
      again,
      say,
      more: async () => 'over',
      onNews: () => {},
    });
    for (const fate of ['sent', 'present', 'rejected', 'held'] as const) total[fate] += counts[fate];
  }
  const feedback = await sendFeedback({ sender, again });
  const why = link.why();
  if (link.state() !== 'up' && why !== null) problems.add(why);
  return { ...total, refusedBefore, feedback, state: link.state(), problems: [...problems] };
}

const LOCK_MS = 300;
/** The uploader of a run that has sent everything is gone before. */
const TOLD_AFTER_MS = 3_000;

/** The uploader of a run that just ended does the same thing: it is waited for, not fought. */
async function waitForLock(io: World, root: string): Promise<Disposable> {
  const sinceMs = io.clock.monotonicMs();
  let told = false;
  for (;;) {
    const since = io.clock.now().toISOString();
    const lock = takeLock(root, {
      pid: process.pid,
      host: hostname(),
      command: 'expgraph langsmith push',
      since,
    });
    if (lock.kind === 'ok') return lock.value;
    if (!told && io.clock.monotonicMs() - sinceMs >= TOLD_AFTER_MS) {
      note(io, 'another process is sending traces; waiting for it (Ctrl-C leaves)');
      told = true;
    }
    await new Promise<void>((resolve) => {
      io.clock.after(LOCK_MS, resolve);
    });
  }
}
