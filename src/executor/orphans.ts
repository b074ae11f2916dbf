// Tests of a run that was killed: they end by themselves after the one that they are at. What that one is answered was paid.
import { readFileSync } from 'node:fs';
import type { Clock } from '../core/clock.ts';
import type { TellWaiting } from './executor.ts';

const LOOK_MS = 100;

/** Resolves when none of them is at work; those that do not end within the limit are ended, with all that they started. */
export async function whenEnded(
  pids: readonly number[],
  input: {
    readonly clock: Clock;
    readonly limitMs: number;
    readonly waiting: TellWaiting;
    /** Nobody wants to know any more. */
    readonly isOver: () => boolean;
  },
): Promise<void> {
  const { clock, limitMs, waiting, isOver } = input;
  const started = clock.monotonicMs();
  let isTold = false;
  for (let left = pids.filter(isTests); left.length > 0 && !isOver(); left = left.filter(isTests)) {
    if (!isTold) waiting({ what: 'the tests of a run that was killed to end', limitMs });
    isTold = true;
    if (clock.monotonicMs() - started > limitMs) for (const pid of left) end(pid);
    await new Promise<void>((resolve) => void clock.after(LOOK_MS, resolve));
  }
  if (isTold) waiting(null);
}

/** Whether the process is there and is what it was: numbers of processes are given again. */
function isTests(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    // A process that has ended and that nobody asked for has no command line.
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('expgraph_pytest');
  } catch {
    // No Linux: it is believed.
    return process.platform !== 'linux';
  }
}

function end(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended in between.
  }
}
