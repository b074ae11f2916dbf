// The order of starting: variants side by side, the rest shuffled by seed, so that a drift of the provider in the
// middle of the run hits all arms alike.
import { makeRandom, shuffle } from '../core/shuffle.ts';
import type { Task } from '../core/task.ts';

/**
 * Each arm's tasks are spread evenly over the whole: of an arm's m tasks the i-th falls at a random place of the i-th m-th
 * (stratified sampling: W. G. Cochran, Sampling Techniques, 1977, chapter 5). So of the first n of N tasks an arm of m has
 * n * m / N, give or take 1 + (number of arms) * m / N, however unequal the arms are. All arms take the same shuffled
 * order of scenarios x runs: arms of the same cells ask the same question side by side.
 */
export function startOrder(pending: readonly Task[], seed: number): readonly Task[] {
  const random = makeRandom(seed);
  const arms = new Map<string, Task[]>();
  for (const task of inBlocks(pending, random)) {
    const arm = arms.get(task.variant);
    if (arm) arm.push(task);
    else arms.set(task.variant, [task]);
  }
  const placed: { readonly task: Task; readonly place: number }[] = [];
  for (const arm of arms.values()) {
    for (let i = 0; i < arm.length; i++) placed.push({ task: arm[i]!, place: (i + random()) / arm.length });
  }
  return placed.sort((a, b) => a.place - b.place).map(({ task }) => task);
}

/**
 * What was asked before and has no answer comes last: a cell that ends a whole run each time must not keep the others from
 * ever being asked. Within both parts the order stays.
 */
export function triedLast(pending: readonly Task[], tried: ReadonlySet<string>): readonly Task[] {
  const wasTried = ({ key, state }: Task): boolean =>
    (state.kind === 'pending' && state.reason.kind === 'failed') || tried.has(key);
  const last = pending.filter(wasTried);
  return last.length === 0 ? pending : [...pending.filter((task) => !wasTried(task)), ...last];
}

/** Blocks of one scenario x run, which are shuffled; one task of each variant at most. */
function inBlocks(pending: readonly Task[], random: () => number): readonly Task[] {
  const blocks = new Map<string, Task[]>();
  for (const task of pending) {
    const id = `${task.run} ${task.scenario}`;
    const block = blocks.get(id);
    if (block) block.push(task);
    else blocks.set(id, [task]);
  }
  return shuffle([...blocks.values()], random).flat();
}
