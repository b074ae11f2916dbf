// Holds 84 MB, begins what a run begins with, and prints how often all of its memory was collected for that. Argument: `own`, or none.
import { constants, PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as sleepReal } from 'node:timers/promises';
import { clockOf } from '../../src/core/clock.ts';
import { keepMemoryFlat } from '../../src/project/draw/flat-memory.ts';

/** Of an entry of kind `gc`; @types/node has no type of it yet. */
type Collected = { readonly detail: { readonly kind: number } };

const held = Array.from({ length: 80 }, () => Array.from({ length: 2 ** 17 }, (_, i) => i));
let collected = 0;
const observer = new PerformanceObserver((list) => {
  for (const { detail } of list.getEntries() as unknown as readonly Collected[])
    if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) collected++;
});
observer.observe({ entryTypes: ['gc'] });
keepMemoryFlat({ clock: clockOf(globalThis), ownsProcess: process.argv[2] === 'own' })[Symbol.dispose]();
// Entries are told in a later turn.
await sleepReal(100);
console.log(`${collected} times, ${held.length} MB and more held`);
