// Lanes in which nothing is begun any more, while the loop goes on: one that was given up, and all that cost when the
// budget is reached.
import type { RunEvent } from '../core/event.ts';
import type { Leaving } from './abandon.ts';
import type { Calls } from './calls.ts';
import type { Job, RunInput } from './input.ts';
import type { Budget, Refused } from './limits/budget.ts';
import { budgetSentence } from './loop-events.ts';
import type { Queue } from './queue.ts';
import type { Stops } from './stops.ts';

export type Closing = {
  /** Lanes that nobody is to be asked in any more, and why. */
  readonly givenUp: ReadonlyMap<string, string>;
  /** Nothing will succeed on this account; the others go on. */
  giveUp(lane: string, why: string): void;
  /** Nothing that costs starts any more. */
  reachBudget(refused: Refused): void;
  /** Lanes whose calls cost. */
  costing(): readonly string[];
};

export function makeClosing(loop: {
  readonly input: Pick<RunInput, 'lanes' | 'freeLanes' | 'budgetUsd'>;
  readonly budget: Budget;
  readonly queue: Queue<Job>;
  readonly calls: Calls;
  readonly leaving: Leaving;
  readonly leaveOut: (lane: string) => void;
  readonly stops: Stops;
  readonly tell: (event: RunEvent) => void;
}): Closing {
  const { input, budget, queue, leaving, stops } = loop;
  const givenUp = new Map<string, string>();
  let isBudgetReached = false;
  const costing = (): readonly string[] =>
    [...input.lanes.keys()].filter((name) => !input.freeLanes?.has(name));

  return {
    givenUp,
    costing,
    giveUp(name, why) {
      input.lanes.get(name)!.giveUp();
      givenUp.set(name, why);
      loop.calls.close(name);
      queue.drop(name);
      leaving.dropLane(name, why);
      loop.leaveOut(name);
      stops.leaveSome({ kind: 'halted', why });
    },
    reachBudget(refused) {
      if (isBudgetReached) return;
      isBudgetReached = true;
      const why = budgetSentence(budget, refused);
      loop.tell({
        kind: 'budget-reached',
        spent_usd: budget.spent().usd,
        budget_usd: input.budgetUsd!,
        needs_usd: refused.needsUsd,
        why,
      });
      const reason = { kind: 'budget-reached', why } as const;
      if (!input.freeLanes?.size) return stops.stopBecause(reason);
      stops.leaveSome(reason);
      for (const name of costing()) {
        queue.drop(name);
        leaving.dropLane(name, why);
      }
    },
  };
}
