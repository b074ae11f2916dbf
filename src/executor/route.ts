// Which executor does an order: by who does its work. Each is made when its first order comes.
import type { Order } from '../core/order.ts';
import type { Executor } from './executor.ts';

export type Kind = 'model' | 'module' | 'command' | 'pytest' | 'rule';

export function makeRoutedExecutor(input: {
  readonly capacity: number;
  /** Made at once: its threads load while the caller still plans. */
  readonly model: Executor | null;
  readonly make: (kind: Kind) => Promise<Executor>;
}): Executor {
  const made = new Map<Kind, Promise<Executor>>();
  /** Of these, the one that decides at once where it can. */
  let rules: Executor | null = null;
  if (input.model) made.set('model', Promise.resolve(input.model));
  const doing = new Map<Order, Executor>();
  const executorOf = (kind: Kind): Promise<Executor> => {
    let found = made.get(kind);
    if (!found) {
      found = input.make(kind);
      made.set(kind, found);
      if (kind === 'rule') void found.then((executor) => (rules = executor));
    }
    return found;
  };
  const existing = (): Promise<readonly Executor[]> => Promise.all(made.values());
  return {
    capacity: input.capacity,
    async execute(order, gate, pausing) {
      const executor = await executorOf(kindOf(order));
      doing.set(order, executor);
      return executor.execute(order, gate, pausing).finally(() => doing.delete(order));
    },
    // The first one makes it, and is waited for.
    atOnce: (order) => (kindOf(order) === 'rule' ? (rules?.atOnce?.(order) ?? null) : null),
    abandon: (order) => doing.get(order)?.abandon(order),
    shares: (order) => doing.get(order)?.shares?.(order) === true,
    startNothing(which) {
      void existing().then((all) => {
        for (const executor of all) executor.startNothing?.(which);
      });
    },
    leaveOut(which) {
      void existing().then((all) => {
        for (const executor of all) {
          if (executor.leaveOut) executor.leaveOut(which);
          else executor.startNothing?.(which);
        }
      });
    },
    async ending() {
      await Promise.all((await existing()).map((executor) => executor.ending?.()));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all((await existing()).map((executor) => executor[Symbol.asyncDispose]()));
    },
  };
}

export function kindOf({ work, mcp, score }: Order): Kind {
  if (score && (score.check || score.verdict || score.problem !== undefined)) return 'rule';
  return work?.harness.kind ?? (mcp === undefined ? 'model' : 'command');
}
