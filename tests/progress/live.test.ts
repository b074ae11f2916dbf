import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/core/event.ts';
import { displayWidth } from '../../src/core/text.ts';
import { makeLiveReporter } from '../../src/progress/live.ts';
import { type FrameOptions, renderLive } from '../../src/progress/progress-frame.ts';
import { INITIAL_STATE, type ProgressState, reduce } from '../../src/progress/progress-state.ts';
import { handClock } from '../rig/clock.ts';
import { attempted, failed, finished, line, planned, START_MS, started } from './events.ts';

const PLAN = planned([
  { variant: 'baseline', run: 1, tasks: 4, cached: 0 },
  { variant: 'applike', run: 1, tasks: 4, cached: 2 },
]);

function stateAfter(events: readonly (readonly [RunEvent, number])[]): ProgressState {
  return events.reduce((state, [event, at]) => reduce(state, line(event, at)), INITIAL_STATE);
}

function frame(state: ProgressState, options: Partial<FrameOptions> = {}): readonly string[] {
  const given = { columns: 80, rows: 24, nowMs: START_MS + 2_000, colors: false, ...options };
  return renderLive(state, given).split('\n');
}

describe('the state', () => {
  test('counts what runs now apart from what was cached, per group and in all', () => {
    const state = stateAfter([
      [started(), 0],
      [PLAN, 100],
      [attempted(), 200],
      [attempted({ scenario: 'b' }), 200],
      [attempted({ variant: 'applike' }), 200],
      [failed({ message: 'x', next: 'retry' }), 300],
      [finished({}), 400],
    ]);
    expect(state).toMatchObject({
      tasks: 8,
      pending: 6,
      cached: 2,
      completed: 1,
      failed: 0,
      retries: 1,
      inFlight: 1,
      costUsd: 0.001,
      startedMs: START_MS + 100,
      lastMs: START_MS + 400,
      groups: [
        { variant: 'baseline', run: 1, tasks: 4, cached: 0, completed: 1, failed: 0 },
        { variant: 'applike', run: 1, tasks: 4, cached: 2, completed: 0, failed: 0 },
      ],
    });
  });

  test('has nothing in flight where every answer was refused when it was kept', () => {
    const events: (readonly [RunEvent, number])[] = [[PLAN, 0]];
    for (const scenario of ['a', 'b', 'c']) events.push([attempted({ scenario }), 1]);
    events.push([failed({ message: 'x', next: 'give-up' }), 2]);
    for (const scenario of ['b', 'a', 'c'])
      events.push([finished({ cell: { scenario }, status: 'failed' }), 3]);
    expect(stateAfter(events)).toMatchObject({ failed: 3, inFlight: 0 });
  });

  test('is never changed, only replaced', () => {
    const before = stateAfter([[PLAN, 0]]);
    const copy = structuredClone(before);
    reduce(before, line(finished({})));
    reduce(before, line(attempted()));
    expect(before).toEqual(copy);
  });

  test('does not know what it cost once the cost of one task is unknown, failed ones included, and says what is known', () => {
    const one = stateAfter([
      [PLAN, 0],
      [finished({}), 1],
      [finished({ status: 'failed', costUsd: 0 }), 2],
    ]);
    expect(one.costUsd).toBe(0.001);
    for (const status of ['failed', 'completed'] as const) {
      const two = reduce(one, line(finished({ status, costUsd: null }), 3));
      expect(reduce(two, line(finished({}), 4))).toMatchObject({ costUsd: null, atLeastUsd: 0.002 });
    }
  });

  test('takes skipped tasks as counted by the plan', () => {
    const state = stateAfter([[PLAN, 0]]);
    const skipped = {
      kind: 'task-skipped',
      key: 'k',
      variant: 'applike',
      scenario: 's',
      run: 1,
      why: 'cached',
    } as const;
    expect(reduce(state, line(skipped))).toBe(state);
  });

  test('survives a group that the plan did not name', () => {
    expect(
      stateAfter([
        [PLAN, 0],
        [finished({ cell: { variant: 'ghost' } }), 1],
      ]).completed,
    ).toBe(1);
  });
});

describe('a frame', () => {
  const state = stateAfter([
    [started(true), 0],
    [PLAN, 0],
    [attempted(), 0],
    [attempted({ scenario: 'b' }), 0],
    [failed({ message: 'x', next: 'retry' }), 500],
    [finished({}), 1_000],
    [finished({ cell: { variant: 'applike' } }), 1_000],
    [finished({ cell: { scenario: 'c' }, status: 'failed', costUsd: null }), 1_000],
    [{ kind: 'lane-cooled', lane: 'sim', for_ms: 3_000 }, 1_000],
  ]);

  test('shows a bar per variant x run, the rate, the retries, the cost, the pauses and the time that is left', () => {
    expect(frame(state)).toMatchInlineSnapshot(`
      [
        "tool-interface · 0001-20260102T030405Z · 2.0 s",
        "SIMULATION: sim is no model",
        "baseline run 1 ███████xxxxxxxx░░░░░░░░░░░░░░░ 2/4  1 failed",
        "applike run 1  ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓███████░░░░░░░░ 3/4  2 cached",
        "3/6 done · 2 cached · 1 failed · 1.5/s · 1 retry · ≥ $0.0020",
        "waiting for the provider · lane sim: cooling 2 s",
      ]
    `);
  });

  test('fits 40 columns', () => {
    expect(frame(state, { columns: 40 })).toMatchInlineSnapshot(`
      [
        "tool-interface · 0001-20260102T030405Z …",
        "SIMULATION: sim is no model",
        "baseline run 1 █████xxxxx░░░░░░░░░░░ 2/4",
        "applike run 1  ▓▓▓▓▓▓▓▓▓▓█████░░░░░░ 3/4",
        "3/6 done · 2 cached · 1 failed · 1.5/s",
        "1 retry · ≥ $0.0020",
        "waiting for the provider",
        "lane sim: cooling 2 s",
      ]
    `);
  });

  test('fits 14 columns without bars', () => {
    expect(frame(state, { columns: 14 })).toMatchInlineSnapshot(`
      [
        "tool-interfac…",
        "SIMULATION: s…",
        "basel…un 1 2/4",
        "appli…un 1 3/4",
        "3/6 done",
        "2 cached",
        "1 failed",
        "1.5/s",
        "1 retry",
        "≥ $0.0020",
        "waiting for t…",
        "lane sim: coo…",
      ]
    `);
  });

  test('fits 20 columns', () => {
    expect(frame(state, { columns: 20 })).toMatchInlineSnapshot(`
      [
        "tool-interface · 00…",
        "SIMULATION: sim is …",
        "base…n 1 █xx░░░░ 2/4",
        "appl…n 1 ▓▓▓██░░ 3/4",
        "3/6 done · 2 cached",
        "1 failed · 1.5/s",
        "1 retry · ≥ $0.0020",
        "waiting for the pro…",
        "lane sim: cooling 2…",
      ]
    `);
  });

  test('is never wider or higher than the terminal', () => {
    const groups = Array.from({ length: 50 }, (_, i) => ({
      variant: `変種[model=日本-${i}]`,
      run: 1,
      tasks: 20,
      cached: 1,
    }));
    const many = stateAfter([
      [started(true), 0],
      [planned(groups), 0],
      [finished({}), 10],
    ]);
    for (const columns of [1, 8, 17, 40, 71, 72, 80, 200]) {
      for (const rows of [1, 3, 5, 10, 24, 60]) {
        const lines = frame(many, { columns, rows });
        const widest = Math.max(...lines.map(displayWidth));
        expect({ columns, widest: widest <= columns }).toEqual({ columns, widest: true });
        if (rows >= 10 && columns >= 40) expect(lines.length).toBeLessThan(rows);
      }
    }
  });

  test('of many groups shows those under way, and counts the others', () => {
    const groups = Array.from({ length: 8 }, (_, i) => ({
      variant: `v${i}`,
      run: 1,
      tasks: 2,
      cached: i < 5 ? 2 : 0,
    }));
    const many = stateAfter([
      [started(), 0],
      [planned(groups), 0],
    ]);
    expect(frame(many, { rows: 8, columns: 72 })).toMatchInlineSnapshot(`
      [
        "tool-interface · 0001-20260102T030405Z · 2.0 s",
        "v0 run 1 ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓ 2/2  2 cached",
        "v5 run 1 ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 0/2",
        "v6 run 1 ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 0/2",
        "v7 run 1 ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 0/2",
        "... and 4 more",
        "0/6 done · 10 cached",
      ]
    `);
  });

  test('says that the price is unknown instead of a number', () => {
    const unknown = stateAfter([
      [started(), 0],
      [PLAN, 0],
      [finished({ costUsd: null }), 1_000],
    ]);
    expect(frame(unknown).at(-1)).toBe('1/6 done · 2 cached · 0.5/s · price unknown · ETA 10 s');
  });

  test('has colours only when asked for', () => {
    expect(renderLive(state, { columns: 80, rows: 24, nowMs: START_MS, colors: true })).toContain(
      '\u001b[32m█',
    );
    expect(renderLive(state, { columns: 80, rows: 24, nowMs: START_MS, colors: false })).not.toContain(
      '\u001b',
    );
  });
});

describe('the live reporter', () => {
  function open() {
    const clock = handClock();
    const written: string[] = [];
    const out = {
      write: (text: string) => void written.push(text),
      columns: () => 60,
      rows: () => 20,
      colors: false,
    };
    const reporter = makeLiveReporter({ out, now: clock.monotonicMs, after: clock.after });
    const take = (): string => written.splice(0).join('');
    return { clock, reporter, take, written };
  }

  test('draws at once, then at most ten times a second, and the last event of a burst is not lost', async () => {
    const { clock, reporter, written, take } = open();
    reporter.report(line(started()));
    reporter.report(line(PLAN));
    expect(take()).toContain('0/6 done');
    for (let i = 0; i < 5; i++) reporter.report(line(finished({ cell: { scenario: `${i}` } }), 10));
    expect(written).toEqual([]);
    await clock.advance(100);
    expect(written.length).toBe(1);
    expect(take()).toContain('5/6 done');
    reporter.close();
  });

  test('moves on by itself while no event comes', async () => {
    const { clock, reporter, take } = open();
    reporter.report(line(started()));
    reporter.report(line(PLAN));
    take();
    await clock.advance(3_000);
    expect(take()).toContain('3.0 s');
    reporter.close();
    expect(clock.pending()).toBe(0);
  });

  test('prints failures and diagnostics above the region, once and without escapes of others', async () => {
    const { clock, reporter, take } = open();
    reporter.report(line(started()));
    reporter.report(
      line({ kind: 'diagnostic', severity: 'warning', code: 'x', message: 'torn tail', hint: 'run fsck' }),
    );
    reporter.report(line(PLAN));
    expect(take()).toContain('warning: torn tail (run fsck)\n');
    reporter.report(line(failed({ message: 'no\u001b[2J such model', next: 'give-up' })));
    reporter.report(line(failed({ message: 'try later', next: 'retry' })));
    await clock.advance(100);
    const text = take();
    expect(text).toContain('failed: baseline · sanity:one · run 1: bad-request (4');
    expect(text).not.toContain('\u001b[2J');
    expect(text).not.toContain('try later');
    await clock.advance(5_000);
    expect(take()).not.toContain('failed: baseline');
    reporter.close();
  });

  test('takes the region away when it is closed, says what was still to be said, and then is silent', () => {
    const { reporter, take } = open();
    reporter.report(line(started()));
    reporter.report(line(PLAN));
    take();
    reporter.report(line({ kind: 'budget-reached', spent_usd: 5.001, budget_usd: 5 }));
    reporter.close();
    expect(take()).toContain('budget reached: $5.00 of $5.00 spent\n');
    reporter.report(line(PLAN));
    reporter.close();
    expect(take()).toBe('');
  });
});
