// Whether this process uses up the machine's processors.
import { availableParallelism } from 'node:os';

export const processors = availableParallelism();

/** Shorter, and one burst of work would be taken for all there is. */
const LOOK_MS = 50;
const BUSY = 0.9;

/** @returns of the time since it was asked before, looked at no more often than it can tell */
export function makeBusy(): () => boolean {
  let atMs = performance.now();
  let used = process.cpuUsage();
  let isBusy = false;
  return () => {
    const passedMs = performance.now() - atMs;
    if (passedMs < LOOK_MS) return isBusy;
    const { user, system } = process.cpuUsage(used);
    isBusy = (user + system) / 1000 > BUSY * passedMs * processors;
    used = process.cpuUsage();
    atMs += passedMs;
    return isBusy;
  };
}
