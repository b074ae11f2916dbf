// What a refusal ends: one cell, the arm whose model is refused, or the whole account. Pure: counters, no clock.
// A server's words say of whom it speaks; whether that is so shows in whom else it strikes. One prompt can be answered 401
// or 402 every time, and must not keep all others from being asked.
//
//   of the account   first time for a cell -> the cell again, later     second prompt, nothing answered yet -> lane
//                    again for the same cell -> the cell                third prompt, nothing answered between -> lane
//   for a day        -> lane, at once
//   of own code      which asks whom it likes: as of a model
//   of a model       the cell; second cell of the arm, nothing answered between -> arm
//   of the request   the cell; the first three that were begun, or N, alike and nothing ever answered:
//                    every arm of the lane -> lane, else the arm -> arm
//   no such host     nothing ever answered -> lane
import type { Failure } from '../../core/outcome.ts';
import type { Task } from '../../core/task.ts';
import { fateOf } from './retry.ts';

/** `again`: what it says of the account is not shown yet; the cell is asked once more. */
export type RefusalReach = 'cell' | 'again' | 'arm' | 'lane';

export type Struck = {
  readonly lane: string;
  readonly arm: string;
  /** Its key. */
  readonly cell: string;
  /** What was asked, whichever arm asked it: arms of the same cells ask the same side by side. */
  readonly prompt: string;
  readonly failure: Failure;
};

export type Refusals = {
  /** A cell is asked. */
  begun(input: Omit<Struck, 'failure'>): void;
  refused(struck: Struck): RefusalReach;
  /** A call was answered. */
  answered(input: Pick<Struck, 'lane' | 'arm'>): void;
};

/** What a lane has to ask, at the start: cells by arm, and prompts. */
export type LaneWork = { readonly arms: ReadonlyMap<string, number>; readonly prompts: number };

/** Prompts, or cells of an arm, that must be refused before an account, or a model, is taken to be. */
const TWO = 2;
/** Of an account that has answered before, and of equal refusals whose cause may be either. */
const FEW = 3;
/** A request that is not understood is more often one cell's own: a picture, a schema. */
const MANY = 8;

type Count = {
  hasAnswered: boolean;
  readonly cells: Set<string>;
  readonly alike: Map<string, Set<string>>;
  /** Prompts, or cells, that were asked first. */
  readonly first: Set<string>;
};

export function makeRefusals(workOf: (lane: string) => LaneWork): Refusals {
  const lanes = new Map<string, Count>();
  const arms = new Map<string, Count>();
  /** Cells that were asked again because the account was refused. */
  const doubted = new Set<string>();

  const countOf = (counts: Map<string, Count>, name: string): Count => {
    const known = counts.get(name) ?? {
      hasAnswered: false,
      cells: new Set<string>(),
      alike: new Map<string, Set<string>>(),
      first: new Set<string>(),
    };
    counts.set(name, known);
    return known;
  };

  function ofAccount(struck: Struck): RefusalReach {
    const { lane, cell } = struck;
    const { cells, hasAnswered } = countOf(lanes, lane);
    const enough = hasAnswered ? FEW : TWO;
    cells.add(unitOf(struck, enough));
    const all = [...workOf(lane).arms.values()].reduce((sum, count) => sum + count, 0);
    if (cells.size >= Math.min(enough, all)) return 'lane';
    if (doubted.has(cell)) return 'cell';
    doubted.add(cell);
    return 'again';
  }

  function ofModel(struck: Struck): RefusalReach {
    const { lane, arm } = struck;
    const { cells } = countOf(arms, idOf(lane, arm));
    cells.add(unitOf(struck, TWO));
    return cells.size >= Math.min(TWO, workOf(lane).arms.get(arm) ?? TWO) ? 'arm' : 'cell';
  }

  function ofRequest(struck: Struck): RefusalReach {
    const { lane, arm, failure } = struck;
    const words = signatureOf(failure);
    const enough = failure.status === 403 || failure.status === 404 ? FEW : MANY;
    const unit = unitOf(struck, enough);
    const account = struckBy(countOf(lanes, lane), { words, unit, enough });
    const mine = struckBy(countOf(arms, idOf(lane, arm)), { words, unit, enough });
    const others = [...workOf(lane).arms.keys()];
    const isEveryone = others.every((other) => countOf(arms, idOf(lane, other)).alike.has(words));
    if (account && isEveryone) return 'lane';
    return mine ? 'arm' : 'cell';
  }

  /** Prompts count each by itself, where there are enough of them: one that is refused in every arm and draw is one. */
  function unitOf({ lane, cell, prompt }: Omit<Struck, 'failure'>, enough: number): string {
    return workOf(lane).prompts >= enough ? prompt : cell;
  }

  return {
    begun(of) {
      for (const { first } of [countOf(lanes, of.lane), countOf(arms, idOf(of.lane, of.arm))])
        if (first.size < FEW) first.add(unitOf(of, FEW));
    },
    refused(struck) {
      const { refuses, isOfCode, isNobodyThere } = struck.failure;
      // Names that were there an answer ago come back.
      if (isNobodyThere === 'host') return countOf(lanes, struck.lane).hasAnswered ? 'again' : 'lane';
      if (isOfCode && refuses !== 'request') return ofModel(struck);
      // A refusal that no server sent was found here, and holds for all cells: a key that is not set.
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
export function isRefusal({ kind, refuses, isNobodyThere }: Failure): boolean {
  return refuses !== undefined || isNobodyThere === 'host' || fateOf(kind) === 'halt';
}

/** Counted once, when it is first asked for. Of scorers the arm is the scorer. */
export function countWork(
  pending: readonly (Task & { readonly scorer?: string })[],
  laneOf: (task: Task) => string,
): (lane: string) => LaneWork {
  let lanes: Map<string, { arms: Map<string, number>; prompts: Set<string> }> | null = null;
  return (name) => {
    if (lanes === null) {
      lanes = new Map();
      for (const task of pending) {
        const lane = laneOf(task);
        const work = lanes.get(lane) ?? { arms: new Map(), prompts: new Set() };
        const arm = task.scorer ?? task.variant;
        work.arms.set(arm, (work.arms.get(arm) ?? 0) + 1);
        work.prompts.add(task.scenario);
        lanes.set(lane, work);
      }
    }
    const work = lanes.get(name);
    return { arms: work?.arms ?? new Map(), prompts: work?.prompts.size ?? 0 };
  };
}

/**
 * Whether enough were refused in these words: so many, or the first ones that were asked. Refusals come sooner than answers:
 * three of those that are there may be a few odd ones among many, the first three are nobody's choice.
 */
function struckBy(
  count: Count,
  { words, unit, enough }: { readonly words: string; readonly unit: string; readonly enough: number },
): boolean {
  const struck = alike(count, words)?.add(unit);
  if (struck === undefined) return false;
  const { first } = count;
  return struck.size >= enough || (first.size >= FEW && [...first].every((one) => struck.has(one)));
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

/** Names of arms may hold anything. */
function idOf(lane: string, arm: string): string {
  return JSON.stringify([lane, arm]);
}
