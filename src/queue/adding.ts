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
  /** It is over: what lies beside its job is not needed any more. */
  readonly over: (id: string) => void;
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
  /** Keys of bodies that lie beside their jobs. */
  const beside = new Map<string, string>();

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
            const { data, long } = await makePacket({ link, names, order, isGated, needs });
            if (long !== null) beside.set(id, names.long(long));
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
    over(id) {
      const key = beside.get(id);
      if (key === undefined) return;
      beside.delete(id);
      void link.ask('DEL', key).catch(input.onTrouble);
    },
  };
}
