// The order of starting: variants side by side, the rest shuffled by seed, so that a drift of the provider in the
// middle of the run hits all arms alike.
import { makeRandom, shuffle } from '../core/shuffle.ts';
import type { Task } from '../core/task.ts';

/** Blocks of one scenario x run hold one task of each variant; blocks and the variants inside a block are shuffled. */
export function startOrder(pending: readonly Task[], seed: number): readonly Task[] {
  const blocks = new Map<string, Task[]>();
  for (const task of pending) {
    const id = `${task.run} ${task.scenario}`;
    const block = blocks.get(id);
    if (block) block.push(task);
    else blocks.set(id, [task]);
  }
  const random = makeRandom(seed);
  return shuffle([...blocks.values()], random).flatMap((block) => shuffle(block, random));
}
