// Tasks on their way: opened when they are first looked at, their next order rendered once.
import { sizeOfOrder } from '../core/call-size.ts';
import { NOTHING_SPENT } from '../core/paid.ts';
import type { Task } from '../core/task.ts';
import type { Begun, Job, RunInput } from './input.ts';
import { isOfOwnCode } from './payments.ts';

export type Jobs = {
  open(task: Task): Job;
  prepare(job: Job): Begun;
};

export function makeJobs(input: Pick<RunInput, 'contextOf' | 'budgetUsd'>): Jobs {
  return {
    open(task) {
      const context = input.contextOf(task);
      const earlier = context.paidTurns();
      const turns = earlier.length === 0 ? null : earlier;
      const fresh = {
        since: null,
        refused: null,
        attempts: [],
        trace: null,
        excused: 0,
        useless: 0,
        startedMs: null,
        order: null,
        next: null,
      };
      return { task, context, turns, paid: NOTHING_SPENT, ...fresh };
    },
    prepare({ context, attempts, turns }) {
      const goesOn = turns !== null && !isOfOwnCode(turns);
      const order = context.order(attempts.length + 1, goesOn ? turns : []);
      const asksItself = order.work?.harness.proxy !== undefined;
      const bound = input.budgetUsd === null || asksItself ? null : context.boundOf(sizeOfOrder(order));
      return { order, tokens: context.estimatedTokens(order), bound };
    },
  };
}
