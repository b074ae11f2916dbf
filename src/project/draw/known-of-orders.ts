// What of orders is known here and stands in none of them, for whoever spreads them over machines.
import type { LogLine } from '../../core/record.ts';
import type { Plan, Task } from '../../core/task.ts';
import type { KnownOfOrders, LateAnswer } from '../../executor/index.ts';
import { lateLines } from '../../run/logged.ts';
import type { Layer } from './layer.ts';

export function knownOfOrders(
  layer: Pick<Layer, 'providerOf' | 'store' | 'knowsKey' | 'emit'>,
  { pending }: Pick<Plan, 'pending'>,
): KnownOfOrders {
  const { store } = layer;
  let tasks: Map<string, Task> | null = null;
  const taskOf = (key: string): Task | undefined => {
    tasks ??= new Map(pending.map((task) => [task.key, task]));
    return tasks.get(key);
  };
  return {
    isScores: layer.knowsKey === undefined,
    providerOf: ({ key }) => layer.providerOf(taskOf(key)!).name,
    drawnBefore({ key, cell }) {
      if (store.history.byKey(key) === undefined) return 0;
      return store.ofCell(cell, key).filter((row) => row.key === key).length;
    },
    async keepLate(late) {
      if (!isOver(late)) return false;
      for (const line of lateLines(late)) await store.log(line as LogLine);
      return true;
    },
  };

  /** Somebody else answered for it, or nobody asks any more. */
  function isOver({ key }: LateAnswer): boolean {
    if (store.history.byKey(key as Task['key'])?.status === 'completed') return true;
    return layer.knowsKey === undefined ? taskOf(key) === undefined : !layer.knowsKey(key);
  }
}
