// What a refusal ends: one cell, the arm whose model is refused, or the whole account. Pure: counters, no clock.
// A server's words say of whom it speaks; whether that is so shows in whom else it strikes. One prompt can be answered 401
// or 402 every time, and must not keep all others from being asked.
//
//   of the account   first time for a cell -> the cell again, later     second cell, nothing answered between -> lane
//                    again for the same cell -> the cell
//   for a day        -> lane, at once
//   of a model       the cell; second cell of the arm, nothing answered between -> arm
//   of the request   the cell; N alike and nothing ever answered: every arm of the lane -> lane, else the arm -> arm
import type { Failure } from '../core/outcome.ts';
import type { Task } from '../core/task.ts';
import { fateOf } from './retry.ts';

/** `again`: what it says of the account is not shown yet; the cell is asked once more. */
export type Verdict = 'cell' | 'again' | 'arm' | 'lane';

export type Struck = {
  readonly lane: string;
  readonly arm: string;
  /** Who was asked: keys of cells. */
  readonly cell: string;
  readonly failure: Failure;
};

export type Refusals = {
  refused(struck: Struck): Verdict;
  /** A call was answered. */
  answered(of: Pick<Struck, 'lane' | 'arm'>): void;
};

/** Cells that must be refused before an account, or a model, is taken to be. */
const TWO = 2;
/** Equal refusals that may be of whoever: nothing was answered before them. */
const FEW = 3;
/** A request that is not understood is more often one cell's own: a picture, a schema. */
const MANY = 8;

type Count = { hasAnswered: boolean; readonly cells: Set<string>; readonly alike: Map<string, Set<string>> };

/** @param tasksOf how many cells each arm of a lane has to ask, at the start */
export function makeRefusals(tasksOf: (lane: string) => ReadonlyMap<string, number>): Refusals {
  const lanes = new Map<string, Count>();
  const arms = new Map<string, Count>();
  /** Cells that were asked again for what was said of the account. */
  const doubted = new Set<string>();

  const countOf = (counts: Map<string, Count>, name: string): Count => {
    const known = counts.get(name) ?? { hasAnswered: false, cells: new Set(), alike: new Map() };
    counts.set(name, known);
    return known;
  };

  function ofAccount({ lane, cell }: Struck): Verdict {
    const { cells } = countOf(lanes, lane);
    cells.add(cell);
    if (cells.size >= TWO || tasksIn(tasksOf(lane)) < TWO) return 'lane';
    if (doubted.has(cell)) return 'cell';
    doubted.add(cell);
    return 'again';
  }

  function ofModel({ lane, arm, cell }: Struck): Verdict {
    const { cells } = countOf(arms, idOf(lane, arm));
    cells.add(cell);
    return cells.size >= Math.min(TWO, tasksOf(lane).get(arm) ?? TWO) ? 'arm' : 'cell';
  }

  function ofRequest(struck: Struck): Verdict {
    const { lane, arm, cell, failure } = struck;
    const words = signatureOf(failure);
    const account = alike(countOf(lanes, lane), words);
    const mine = alike(countOf(arms, idOf(lane, arm)), words);
    account?.add(cell);
    mine?.add(cell);
    const enough = failure.status === 403 || failure.status === 404 ? FEW : MANY;
    const others = [...tasksOf(lane).keys()];
    const isEveryone = others.every((other) => countOf(arms, idOf(lane, other)).alike.has(words));
    if (account && account.size >= enough && isEveryone) return 'lane';
    return mine && mine.size >= enough ? 'arm' : 'cell';
  }

  return {
    refused(struck) {
      const { refuses } = struck.failure;
      // What no server said was found here, and is so for everybody: a key that is not set.
      if (refuses === undefined || refuses === 'all') return 'lane';
      if (refuses === 'account') return ofAccount(struck);
      return refuses === 'model' ? ofModel(struck) : ofRequest(struck);
    },
    answered({ lane, arm }) {
      for (const count of [countOf(lanes, lane), countOf(arms, idOf(lane, arm))]) {
        count.hasAnswered = true;
        count.cells.clear();
        count.alike.clear();
      }
    },
  };
}

/** Whether it says something of others than its cell; retried failures have lanes and circuits for that. */
export function isRefusal({ kind, refuses }: Failure): boolean {
  return refuses !== undefined || fateOf(kind) === 'halt';
}

/** How many cells each arm of a lane has to ask, counted once. Of scorers the arm is the scorer. */
export function countArms(
  pending: readonly (Task & { readonly scorer?: string })[],
  laneOf: (task: Task) => string,
): (lane: string) => ReadonlyMap<string, number> {
  let lanes: Map<string, Map<string, number>> | null = null;
  return (lane) => {
    if (lanes === null) {
      lanes = new Map();
      for (const task of pending) {
        const name = laneOf(task);
        const arms = lanes.get(name) ?? new Map<string, number>();
        const arm = task.scorer ?? task.variant;
        lanes.set(name, arms.set(arm, (arms.get(arm) ?? 0) + 1));
      }
    }
    return lanes.get(lane) ?? new Map();
  };
}

/** null where something was answered: then it is no rule. */
function alike(count: Count, words: string): Set<string> | null {
  if (count.hasAnswered) return null;
  const cells = count.alike.get(words) ?? new Set();
  count.alike.set(words, cells);
  return cells;
}

/** Two refusals are alike by status and words; ids of requests, times and numbers aside. */
function signatureOf({ kind, status, message }: Failure): string {
  return `${kind} ${status} ${message.replace(/[\w-]*\d[\w-]*/g, '#')}`;
}

function tasksIn(tasks: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of tasks.values()) sum += count;
  return sum;
}

/** Names of arms may hold anything. */
function idOf(lane: string, arm: string): string {
  return JSON.stringify([lane, arm]);
}
