// Attempts -> what is drawn of them: rows in which none overlaps another, waits between tries, and calls under way. Pure.
import type { TimelineAttempt, TimelineLane } from './timeline.ts';

export type LaneAttempt = TimelineAttempt & {
  readonly lane: string;
  /** Tries of one have one; two votes of a judge have two. */
  readonly task: string;
  /** Of a run over a queue: who did it. Where there are several, each has lanes of its own. */
  readonly worker: string | null;
};

/** More than these no canvas shows, and no browser likes to be sent. */
const MOST_LISTED = 20_000;
/** Steps of a curve on a screen. */
const MOST_STEPS = 2_000;

export function timelineLanes(attempts: readonly LaneAttempt[]): {
  readonly lanes: readonly TimelineLane[];
  readonly left: number;
} {
  const isSpread = new Set(attempts.map(({ worker }) => worker)).size > 1;
  const nameOf = ({ lane, worker }: LaneAttempt): string =>
    isSpread && worker !== null ? `${lane} · ${worker}` : lane;
  const byLane = Map.groupBy(attempts.toSorted(inTime), nameOf);
  const each = Math.floor(MOST_LISTED / Math.max(1, byLane.size));
  const lanes = [...byLane]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([lane, all]) => laneOf(lane, all, each));
  const listed = lanes.reduce((sum, lane) => sum + lane.attempts.length, 0);
  return { lanes, left: attempts.length - listed };
}

function inTime(a: LaneAttempt, b: LaneAttempt): number {
  return a.from - b.from || a.to - b.to || a.n - b.n;
}

function laneOf(lane: string, all: readonly LaneAttempt[], most: number): TimelineLane {
  const curve = concurrencyOf(all);
  const succeeded = all.filter(({ error }) => error === null).map(({ from, to }) => to - from);
  return {
    lane,
    attempts: inRows(all.slice(0, most)),
    waits: waitsOf(all.slice(0, most)),
    concurrency: fewer(curve),
    totals: {
      attempts: all.length,
      failed: all.filter(({ error }) => error !== null).length,
      refused: all.filter(({ status }) => status === 429).length,
      most: curve.reduce((largest, { calls }) => Math.max(largest, calls), 0),
      medianMs: medianOf(succeeded),
    },
  };
}

/** The first row that is free again. */
function inRows(all: readonly LaneAttempt[]): TimelineLane['attempts'] {
  const ends: number[] = [];
  return all.map(({ lane: _, task: __, worker: ___, ...attempt }) => {
    const free = ends.findIndex((end) => end <= attempt.from);
    const row = free === -1 ? ends.length : free;
    ends[row] = attempt.to;
    return { ...attempt, row };
  });
}

function waitsOf(all: readonly LaneAttempt[]): TimelineLane['waits'] {
  const ends = new Map<string, number>();
  const waits: { from: number; to: number }[] = [];
  for (const { task, from, to } of all) {
    const before = ends.get(task);
    if (before !== undefined && from > before) waits.push({ from: before, to: from });
    ends.set(task, to);
  }
  return waits;
}

type Step = { readonly at: number; readonly calls: number };

/** What ends at a moment ends before anything begins at it. */
function concurrencyOf(all: readonly LaneAttempt[]): readonly Step[] {
  const changes = all.flatMap(({ from, to }) => [
    { at: from, by: 1 },
    { at: to, by: -1 },
  ]);
  changes.sort((a, b) => a.at - b.at || a.by - b.by);
  const steps: Step[] = [];
  let calls = 0;
  for (const { at, by } of changes) {
    calls += by;
    if (steps.at(-1)?.at === at) steps.pop();
    steps.push({ at, calls });
  }
  return steps;
}

function fewer(steps: readonly Step[]): readonly Step[] {
  if (steps.length <= MOST_STEPS) return steps;
  const [first, last] = [steps[0]!.at, steps.at(-1)!.at];
  const width = (last - first) / MOST_STEPS;
  const kept: Step[] = [];
  let bin = -1;
  for (const step of steps) {
    const own = Math.floor((step.at - first) / width);
    const before = kept.at(-1);
    if (own !== bin || before === undefined) kept.push(step);
    else if (step.calls > before.calls) kept[kept.length - 1] = { at: before.at, calls: step.calls };
    bin = own;
  }
  return [...kept, steps.at(-1)!];
}

function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)]!;
}
