// Whether the processors have nothing to spare, be it for this process or for whatever else runs on the machine.
import { availableParallelism, cpus } from 'node:os';

/** Fewer than the machine's where less is allowed. */
export const processors = availableParallelism();

/** Shorter, and one burst of work would be taken for all there is. */
const LOOK_MS = 50;
const BUSY = 0.85;

/** @returns of the time since it was asked before, looked at no more often than it can tell */
export function makeBusy(): () => boolean {
  let before = look();
  let isBusy = false;
  return () => {
    if (performance.now() - before.ms < LOOK_MS) return isBusy;
    const now = look();
    const own = (now.ownMs - before.ownMs) / ((now.ms - before.ms) * processors);
    const all = now.allMs - before.allMs;
    const machine = all === 0 ? 0 : 1 - (now.idleMs - before.idleMs) / all;
    isBusy = Math.max(own, machine) > BUSY;
    before = now;
    return isBusy;
  };
}

function look(): {
  readonly ms: number;
  readonly ownMs: number;
  readonly allMs: number;
  readonly idleMs: number;
} {
  const { user, system } = process.cpuUsage();
  const times = cpus().map((one) => one.times);
  const allMs = times.reduce((sum, one) => sum + one.user + one.nice + one.sys + one.irq + one.idle, 0);
  const idleMs = times.reduce((sum, one) => sum + one.idle, 0);
  return { ms: performance.now(), ownMs: (user + system) / 1000, allMs, idleMs };
}
