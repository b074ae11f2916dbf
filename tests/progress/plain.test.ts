import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/core/event.ts';
import { makePlainReporter } from '../../src/progress/plain.ts';
import { failed, finished, line, planned, started } from './events.ts';

const PLAN = planned([{ variant: 'baseline', run: 1, tasks: 100, cached: 0 }]);

/** What is written when each event comes at its time, in milliseconds. */
function written(events: readonly (readonly [RunEvent, number])[]): readonly string[] {
  let text = '';
  let now = 0;
  const reporter = makePlainReporter({
    write: (more) => {
      text += more;
    },
    now: () => now,
  });
  for (const [event, at] of events) {
    now = at;
    reporter.report(line(event, at));
  }
  reporter.close();
  return text.split('\n').slice(0, -1);
}

const finishedAt = (times: readonly number[]): readonly (readonly [RunEvent, number])[] =>
  times.map((at, i) => [finished({ cell: { scenario: `${i}` } }), at] as const);

test('a quick run is the plan, the first task and one line at each tenth', () => {
  const times = Array.from({ length: 100 }, (_, i) => (i + 1) * 20);
  expect(written([[started(true), 0], [PLAN, 0], ...finishedAt(times)])).toMatchInlineSnapshot(`
    [
      "tool-interface · 0001-20260102T030405Z · 100 tasks: 100 to run, 0 cached",
      "SIMULATION: sim is no model",
      "1/100 done (1%) · 50/s · $0.0010 · ETA 2 s",
      "10/100 done (10%) · 50/s · $0.0100 · ETA 2 s",
      "20/100 done (20%) · 50/s · $0.0200 · ETA 2 s",
      "30/100 done (30%) · 50/s · $0.0300 · ETA 2 s",
      "40/100 done (40%) · 50/s · $0.0400 · ETA 2 s",
      "50/100 done (50%) · 50/s · $0.0500 · ETA 1 s",
      "60/100 done (60%) · 50/s · $0.0600 · ETA 1 s",
      "70/100 done (70%) · 50/s · $0.0700 · ETA 1 s",
      "80/100 done (80%) · 50/s · $0.0800 · ETA 1 s",
      "90/100 done (90%) · 50/s · $0.0900 · ETA 1 s",
      "100/100 done (100%) · 50/s · $0.1000",
    ]
  `);
});

test('one shard of several is told from the whole', () => {
  const [plan] = written([
    [{ ...started(), shard: '2/4' } as RunEvent, 0],
    [PLAN, 0],
  ]);
  expect(plan).toBe('tool-interface · 0001-20260102T030405Z · shard 2/4 · 100 tasks: 100 to run, 0 cached');
});

test('a slow run says something every five seconds', () => {
  expect(
    written([[started(), 0], [PLAN, 0], ...finishedAt([1_000, 2_000, 6_000, 7_000, 11_500])]),
  ).toMatchInlineSnapshot(`
    [
      "tool-interface · 0001-20260102T030405Z · 100 tasks: 100 to run, 0 cached",
      "1/100 done (1%) · 1.0/s · $0.0010 · ETA 1m 39s",
      "3/100 done (3%) · 0.5/s · $0.0030 · ETA 3m 14s",
      "5/100 done (5%) · 26/min · $0.0050 · ETA 3m 39s",
    ]
  `);
});

test('what was finished after the last line is said at the end', () => {
  expect(written([[PLAN, 0], ...finishedAt([1_000, 1_100])]).at(-1)).toBe(
    '2/100 done (2%) · 1.8/s · $0.0020 · ETA 54 s',
  );
});

test('failures, diagnostics, the budget and a halt are said at once, retries are counted', () => {
  const events: readonly (readonly [RunEvent, number])[] = [
    [started(), 0],
    [{ kind: 'diagnostic', severity: 'warning', code: 'x', message: 'two\nlines', hint: null }, 0],
    [PLAN, 0],
    [failed({ message: 'later', next: 'retry' }), 10],
    [failed({ message: `bad \u001b]8;;http://x\u0007 ${'x'.repeat(400)}`, next: 'give-up' }), 10],
    [failed({ message: 'wrong key', next: 'halt' }), 10],
    [{ kind: 'budget-reached', spent_usd: 1, budget_usd: 1 }, 10],
  ];
  expect(written(events)).toEqual([
    'warning: two lines',
    'tool-interface · 0001-20260102T030405Z · 100 tasks: 100 to run, 0 cached',
    `failed: baseline · sanity:one · run 1: bad-request (400): bad \\x1b]8;;http://x\\x07 ${'x'.repeat(281)}… (1 attempt)`,
    'stopping: bad-request (400): wrong key',
    'budget reached: $1.00 of $1.00 spent',
  ]);
});

test('never a control character', () => {
  const times = Array.from({ length: 100 }, (_, i) => i * 20);
  const text = written([[started(true), 0], [PLAN, 0], ...finishedAt(times)]).join('');
  expect(text).not.toMatch(/\p{Cc}/u);
});

test('where an account begins is said of work that takes longer than a second of it', () => {
  const hinted = (tasks: number | null, found_in = '0000-20260102T010405Z'): RunEvent => ({
    kind: 'lane-hinted',
    lane: 'open\u001b[31mai',
    requests_per_s: 18.8,
    burst: 2,
    concurrency: null,
    found_at: '2026-01-02T01:04:05.000Z',
    found_in,
    age_ms: 7_300_000,
    tasks,
  });
  const said = 'note: open\\x1b[31mai begins at 19/s, burst 2, as found 2 hours ago';
  expect(written([[hinted(600), 0]])).toEqual([said]);
  expect(written([[hinted(null), 0]])).toEqual([said]);
  expect(written([[hinted(18), 0]])).toEqual([]);
  // Answers that were drawn just now are judged: it is the same invocation.
  expect(written([[hinted(600, '0001-20260102T030405Z'), 0]])).toEqual([]);
});
