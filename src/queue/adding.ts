// Orders on their way into Redis: those that begin in one turn of the loop travel together, and what Redis refuses (it is full, a
// user may not) is tried again.
import type { Clock } from '../core/clock.ts';
import type { Order } from '../core/order.ts';
import type { Link, OnTrouble } from './link.ts';
import type { QueueNames } from './names.ts';
import { makePacket } from './packets.ts';

const AGAIN_MS = 2_000;

type Added = {
  readonly id: string;
  readonly queue: string;
  readonly order: Order;
  readonly isGated: boolean;
};

export type Adding<One> = {
  readonly add: (one: One) => void;
  /** It is over: what lies beside its job is not needed any more. @param isOfBefore an earlier coordinator may have laid it there */
  readonly over: (id: string, isOfBefore: boolean) => void;
};

export function makeAdding<One extends Added>(input: {
  readonly link: Link;
  readonly names: QueueNames;
  readonly needs: string;
  /** Somebody still waits for it, and nobody has begun it. */
  readonly isWanted: (one: One) => boolean;
  readonly onTrouble: OnTrouble;
  readonly clock: Clock;
}): Adding<One> {
  const { link, names, needs, isWanted } = input;
  let waiting = new Map<string, One[]>();
  /** Jobs beside which their orders lie. */
  const beside = new Set<string>();

  function add(one: One): void {
    const these = waiting.get(one.queue) ?? [];
    these.push(one);
    if (waiting.size === 0) setImmediate(() => void addAll());
    waiting.set(one.queue, these);
  }

  async function addAll(): Promise<void> {
    const all = waiting;
    waiting = new Map();
    for (const [queue, these] of all) {
      try {
        const wanted = these.filter(isWanted);
        const jobs = await Promise.all(
          wanted.map(async ({ id, order, isGated }) => {
            const { data, isLong } = await makePacket({ id, link, names, order, isGated, needs });
            if (isLong) beside.add(id);
            return { id, data };
          }),
        );
        await link.add(queue, jobs);
      } catch (error) {
        input.onTrouble(error);
        input.clock.after(AGAIN_MS, () => {
          for (const one of these) if (isWanted(one)) add(one);
        });
      }
    }
  }
  return {
    add,
    over(id, isOfBefore) {
      if (!beside.delete(id) && !isOfBefore) return;
      void link.ask('DEL', names.long(id)).catch(input.onTrouble);
    },
  };
}
