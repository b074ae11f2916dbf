import { describe, expect, test } from 'vitest';
import { type LaneAttempt, timelineLanes } from '../../src/screens/timeline-lanes.ts';

function attempt(given: Partial<LaneAttempt> & Pick<LaneAttempt, 'from' | 'to'>): LaneAttempt {
  return {
    lane: 'sim',
    task: 'a',
    worker: null,
    variant: 'baseline',
    scenario: 'one',
    run: 1,
    n: 1,
    error: null,
    status: null,
    ...given,
  };
}

describe('a lane over time', () => {
  test('puts what overlaps into different rows, and what follows into the first that is free', () => {
    const { lanes } = timelineLanes([
      attempt({ task: 'b', from: 5, to: 20 }),
      attempt({ task: 'a', from: 0, to: 10 }),
      attempt({ task: 'c', from: 10, to: 15 }),
    ]);
    expect(lanes[0]!.attempts.map(({ from, row }) => [from, row])).toEqual([
      [0, 0],
      [5, 1],
      [10, 0],
    ]);
  });

  test('has lanes of its own for each worker, where there are several', () => {
    const tried = (worker: string | null, n: number): LaneAttempt =>
      attempt({ worker, n, from: n, to: n + 1 });
    const namesOf = (...workers: readonly (string | null)[]): readonly string[] =>
      timelineLanes(workers.map((worker, n) => tried(worker, n))).lanes.map(({ lane }) => lane);
    expect(namesOf('here-1', 'there-2', 'here-1')).toEqual(['sim · here-1', 'sim · there-2']);
    expect(namesOf('here-1', 'here-1')).toEqual(['sim']);
    // What the coordinator did itself.
    expect(namesOf('here-1', null)).toEqual(['sim', 'sim · here-1']);
  });

  test('says how many calls were under way, where one that ends makes place for one that begins', () => {
    const { lanes } = timelineLanes([
      attempt({ task: 'a', from: 0, to: 10 }),
      attempt({ task: 'b', from: 10, to: 12 }),
    ]);
    expect(lanes[0]!.concurrency).toEqual([
      { at: 0, calls: 1 },
      { at: 10, calls: 1 },
      { at: 12, calls: 0 },
    ]);
    expect(lanes[0]!.totals.most).toBe(1);
  });

  test('says how long a task waited between its tries, and not between votes of a judge', () => {
    const { lanes } = timelineLanes([
      attempt({ task: 'a', from: 0, to: 10, error: 'rate-limited', status: 429 }),
      attempt({ task: 'a', n: 2, from: 40, to: 50 }),
      attempt({ task: 'other vote', from: 60, to: 70 }),
    ]);
    expect(lanes[0]!.waits).toEqual([{ from: 10, to: 40 }]);
    expect(lanes[0]!.totals).toEqual({ attempts: 3, failed: 1, refused: 1, most: 1, medianMs: 10 });
  });

  test('has a lane for each account, in the order of their names', () => {
    const { lanes, left } = timelineLanes([
      attempt({ lane: 'openai', from: 0, to: 1 }),
      attempt({ lane: 'anthropic', from: 0, to: 1 }),
    ]);
    expect(lanes.map(({ lane }) => lane)).toEqual(['anthropic', 'openai']);
    expect(left).toBe(0);
  });

  test('counts all of very many attempts, lists as many as can be shown, and never loses the most at once', () => {
    const many = Array.from({ length: 30_000 }, (_, i) =>
      attempt({ task: String(i), from: i, to: i + (i === 25_000 ? 1 : 3) }),
    );
    const { lanes, left } = timelineLanes(many);
    expect(left).toBe(10_000);
    expect(lanes[0]!.totals.attempts).toBe(30_000);
    expect(lanes[0]!.concurrency.length).toBeLessThan(2_100);
    expect(Math.max(...lanes[0]!.concurrency.map(({ calls }) => calls))).toBe(lanes[0]!.totals.most);
  });
});
