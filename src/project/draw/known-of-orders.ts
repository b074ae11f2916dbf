// What of orders is known here and stands in none of them, for whoever spreads them over machines.
import type { StoreReader } from '../../cache/store.ts';
import type { Provider } from '../../core/manifest.ts';
import type { AnyRecord, LogLine } from '../../core/record.ts';
import type { Plan, Task } from '../../core/task.ts';
import type { KnownOfOrders, LateAnswer } from '../../executor/index.ts';
import { lateLines } from '../../run/logged.ts';

/** Of a layer. */
type Knowing = {
  readonly providerOf: (task: Task) => Pick<Provider, 'name'>;
  readonly store: Pick<StoreReader, 'history' | 'ofCell' | 'countOf' | 'paidCalls'> &
    Pick<StoreReader<AnyRecord>, 'read'> & { log(line: LogLine): Promise<unknown> };
  readonly knowsKey?: (key: string) => boolean;
};

export function knownOfOrders(layer: Knowing, { pending }: Pick<Plan, 'pending'>): KnownOfOrders {
  const { store } = layer;
  // As it was before: nothing else is asked of most keys.
  const { history } = store;
  let tasks: Map<string, Task> | null = null;
  const taskOf = (key: string): Task | undefined => {
    tasks ??= new Map(pending.map((task) => [task.key, task]));
    return tasks.get(key);
  };
  return {
    tasks: pending.length,
    isScores: layer.knowsKey === undefined,
    providerOf: ({ key }) => layer.providerOf(taskOf(key)!).name,
    drawnBefore: ({ key }) => (history.byKey(key) === undefined ? 0 : store.countOf(key)),
    paidBefore: ({ key }) => store.paidCalls(key),
    async keepLate(late) {
      const lines = lateLines(late);
      if (lines.length === 0 || isKept(late)) return true;
      if (!isOver(late)) return false;
      for (const line of lines) await store.log(line);
      return true;
    },
  };

  /** Its record was durable, and whoever wrote it was gone before Redis was told. */
  function isKept({ key, cell, outcome }: LateAnswer): boolean {
    const rows = store.ofCell(cell, key as Task['key']).filter((row) => row.key === key);
    return rows.some((row) => {
      const read = store.read(row);
      if (read.kind === 'err') return false;
      return read.value.attempts.some(({ started_at }) => started_at === outcome.startedAt);
    });
  }

  /** Somebody else answered for it, or nobody asks any more. */
  function isOver({ key }: LateAnswer): boolean {
    if (store.history.byKey(key as Task['key'])?.status === 'completed') return true;
    return layer.knowsKey === undefined ? taskOf(key) === undefined : !layer.knowsKey(key);
  }
}
