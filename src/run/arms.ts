// Arms that are left because what they are made of was edited, or because their model is refused: nothing of them is begun
// any more, and nobody waits for their retries. The others go on.
import type { RunEvent } from '../core/event.ts';
import { armOf } from '../core/input-moments.ts';
import type { Order } from '../core/order.ts';
import { leaveOrders } from './abandon.ts';
import type { Job, RunInput } from './input.ts';
import { armLeft, armRefused, type RefusedOf } from './loop-events.ts';
import type { Timers } from './timers.ts';

export type Arms = {
  /** False: what the job is made of changed, and its arm is left. */
  mayBegin(job: Job, order: Order): boolean;
  leave(order: Order, why: string): void;
  /** Nothing of its arm would be answered. */
  end(order: Order, input: { readonly why: string; readonly refused: RefusedOf }): void;
  /** A retry that is due later, or at once when its arm is left. */
  delay(job: Job, delayMs: number, due: () => void): void;
};

export function makeArms(loop: {
  readonly input: Pick<RunInput, 'inputsChanged' | 'inputsNow' | 'executor'>;
  readonly timers: Timers;
  readonly tell: (event: RunEvent) => void;
  readonly onLeft: (why: string) => void;
}): Arms {
  const { input } = loop;
  const left = new Set<string>();
  const ended = new Set<string>();
  const delayed = new Map<Job, () => void>();

  function leave(order: Order, why: string): void {
    const arm = armOf(order);
    if (left.has(arm)) return;
    left.add(arm);
    loop.tell(armLeft({ arm, why }));
    loop.onLeft(why);
    input.executor.startNothing?.((other) => armOf(other) === arm);
    // Once due, they are found to be of an arm that changed, as any other.
    for (const [job, haveNow] of [...delayed]) {
      if (input.inputsChanged(job.task, Number.POSITIVE_INFINITY) !== null) haveNow();
    }
  }

  const end: Arms['end'] = (order, { why, refused }) => {
    const arm = armOf(order);
    if (ended.has(arm)) return;
    ended.add(arm);
    loop.tell(armRefused({ arm, of: refused }));
    loop.onLeft(why);
    leaveOrders(input.executor, (other) => armOf(other) === arm);
    for (const [job, haveNow] of [...delayed]) if (job.order && armOf(job.order) === arm) haveNow();
  };

  return {
    mayBegin(job, order) {
      if (ended.has(armOf(order))) return false;
      const now = input.inputsNow();
      const moved = input.inputsChanged(job.task, now);
      // Turns that are there were made from what was there when they began.
      if (moved === null && (job.since === null || job.turns === null)) job.since = now;
      if (moved !== null) leave(order, moved.why);
      return moved === null;
    },
    leave,
    end,
    delay(job, delayMs, due) {
      const isDue = (): void => {
        delayed.delete(job);
        due();
      };
      const cancel = loop.timers.later(delayMs, isDue);
      delayed.set(job, () => {
        cancel();
        isDue();
      });
    },
  };
}
