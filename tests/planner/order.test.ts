import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cellId, type Task } from '../../src/core/task.ts';
import { startOrder, triedLast } from '../../src/planner/order.ts';
import { task } from '../report/data.ts';
import { often } from '../rig/often.ts';

const NEW = { kind: 'pending', reason: { kind: 'new' } } as const;

/** `sizes[i]` cells of arm i, over 7 scenarios and as many runs as it takes. */
function cells(sizes: readonly number[]): readonly Task[] {
  return sizes.flatMap((size, arm) =>
    Array.from({ length: size }, (_, i) => ({
      ...task(`v${arm}`, `s${i % 7}`, NEW),
      run: 1 + Math.floor(i / 7),
    })),
  );
}

const SIZES = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 6 });

/** How far each arm's count is from its share, at every beginning of an order, against what may be. */
function worst(order: readonly Task[]): number {
  const totals = new Map<string, number>();
  for (const { variant } of order) totals.set(variant, (totals.get(variant) ?? 0) + 1);
  const counts = new Map<string, number>();
  let most = 0;
  order.forEach(({ variant }, i) => {
    counts.set(variant, (counts.get(variant) ?? 0) + 1);
    for (const [arm, total] of totals) {
      const share = total / order.length;
      const off = Math.abs((counts.get(arm) ?? 0) - (i + 1) * share);
      most = Math.max(most, off / (1 + totals.size * share));
    }
  });
  return most;
}

it('every beginning of the order has each arm by its share, however unequal the arms are', () => {
  fc.assert(
    fc.property(SIZES, fc.integer(), (sizes, seed) => {
      const pending = cells(sizes);
      const order = startOrder(pending, seed);
      expect(order.map(cellId).sort()).toEqual(pending.map(cellId).sort());
      expect(worst(order)).toBeLessThanOrEqual(1);
    }),
    often(300),
  );
});

it('so it stays for what one lane takes of it, and where some of the cells are cached', () => {
  fc.assert(
    fc.property(SIZES, fc.integer(), fc.integer({ min: 2, max: 5 }), (sizes, seed, part) => {
      const some = cells(sizes).filter((_, i) => i % part > 0);
      const lane = startOrder(some, seed).filter(({ variant }) => variant !== 'v0');
      // A lane's order is the plan's without the other lanes' arms: those who stay keep their places.
      expect(lane.length === 0 ? 0 : worst(lane)).toBeLessThanOrEqual(1);
    }),
    often(300),
  );
});

it('what was tried and has no answer comes after what was never asked, each in its own order', () => {
  const pending = startOrder(cells([6, 6]), 3).map((cell, i) =>
    i % 4 === 1
      ? { ...cell, state: { kind: 'pending' as const, reason: { kind: 'failed' as const } } }
      : cell,
  );
  const tried = new Set([pending[0]!.key, pending[5]!.key]);
  const isTried = (at: number): boolean => at === 0 || at % 4 === 1;
  const expected = [...pending.filter((_, at) => !isTried(at)), ...pending.filter((_, at) => isTried(at))];
  expect(triedLast(pending, tried)).toEqual(expected);
  expect(triedLast(expected.slice(0, 3), new Set())).toEqual(expected.slice(0, 3));
});
