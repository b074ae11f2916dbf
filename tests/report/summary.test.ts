import { describe, expect, test } from 'vitest';
import {
  endingsSentence,
  runSummaryText,
  summaryTable,
  totalsSentence,
} from '../../src/report/run/summary.ts';
import { commandLines, nextSteps } from '../../src/text/next.ts';
import { AT_80, AT_100, summary, summaryRow } from './data.ts';

const JUDGED = {
  ...{ tasks: 1, executed: 1, cached: 0, failed: 0, missing: 0, attempts: 1, retries: 0, cost_usd: 0 },
  ...{ usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 }, rows: [], files: [] },
  ...{ how: 'complete' as const, why: null },
};

describe('the summary of a run', () => {
  test('says in one line which answers ended otherwise than whole', () => {
    const all = { cut: 3, filtered: 1, thought_only: 2 };
    expect(endingsSentence(all)).toBe(
      '3 answers were cut at a limit of tokens (max_output_tokens), 1 was filtered, 2 were nothing but reasoning, which is kept as the text.',
    );
    expect(endingsSentence({ cut: 0, filtered: 1, thought_only: 0 })).toBe('1 answer was filtered.');
    expect(runSummaryText(summary({ endings: all }), AT_100)).toContain('3 answers were cut');
    expect(runSummaryText(summary({}), AT_100)).not.toContain('were cut');
  });

  test('says in one sentence what accounts that refused calls turned out to allow', () => {
    const limits_found = [
      { lane: 'openai', requests_per_s: 19, burst: 2, concurrency: null, refused: 22 },
      { lane: 'a\u001b]local', requests_per_s: null, burst: null, concurrency: 8, refused: 1 },
    ];
    const text = runSummaryText(summary({ limits_found }), AT_80);
    expect(text).toContain(
      'Limits found: openai takes about 19/s, burst 2 (22 calls were refused);\n  a\\x1b]local takes about 8 at once (1 call was refused). The next run begins\n  there.\n',
    );
    expect(runSummaryText(summary({}), AT_80)).not.toContain('Limits found');
    const scores = { ...JUDGED, limits_found: [{ ...limits_found[0]!, requests_per_s: 12 }] };
    const both = runSummaryText(summary({ limits_found, scores }), AT_80);
    expect(both.match(/openai takes about \S+/g)).toEqual(['openai takes about 12/s,']);
  });

  test('is the table, the totals, the files and what to try next', () => {
    const text = runSummaryText(summary({ retries: 31, simulated: true }), AT_100);
    expect(text).toMatchInlineSnapshot(`
      "                                                                    tokens              latency
      variant   run  scenarios  completed  cached  failed  retries        in/out     cost     p50/p95
      ───────────────────────────────────────────────────────────────────────────────────────────────
      baseline    1         20         20       0       0        0   9,012/1,034  $0.0020  121/210 ms
      applike     1         20         20       0       0        0   9,012/1,034  $0.0020  121/210 ms
      ───────────────────────────────────────────────────────────────────────────────────────────────
      total                 40         40       0       0        0  18,024/2,068  $0.0039

      40 tasks: 40 executed, 0 cached, 0 failed, 0 missing in 1.9 s · 31 retries · 20,092 tokens · $0.0312
      SIMULATION: these answers were played by the built-in simulation; they are no model’s.

      Results: artifacts/tool-interface/runs/
        applike_run1.jsonl  baseline_run1.jsonl

      Next:
        npx expgraph plan --explain                  # what an edit would run again
        npx expgraph history                         # every record of every cell
        npx expgraph run --force --variant baseline  # draw it again, keep the old
      "
    `);
  });

  test('fits 80 columns', () => {
    expect(summaryTable(summary({}), AT_80)).toMatchInlineSnapshot(`
      "                                                    tokens            latency
      variant  run scen. done cached failed retries       in/out    cost    p50/p95
      ─────────────────────────────────────────────────────────────────────────────
      baseline   1    20   20      0      0       0  9,012/1,034 $0.0020 121/210 ms
      applike    1    20   20      0      0       0  9,012/1,034 $0.0020 121/210 ms
      ─────────────────────────────────────────────────────────────────────────────
      total           40   40      0      0       0 18,024/2,068 $0.0039
      "
    `);
  });

  test('cuts the names of a matrix where they are alike, never where they differ', () => {
    const rows = ['sim-small', 'sim-large'].map((model) =>
      summaryRow({ variant: `applike[model=${model},temperature=0.7]` }),
    );
    expect(summaryTable(summary({ variants: rows }), AT_100)).toMatchInlineSnapshot(`
      "                                                                         tokens              latency
      variant                 run  scen.  done  cached  failed  retries        in/out     cost     p50/p95
      ────────────────────────────────────────────────────────────────────────────────────────────────────
      applike[…sim-small,…      1     20    20       0       0        0   9,012/1,034  $0.0020  121/210 ms
      applike[…sim-large,…      1     20    20       0       0        0   9,012/1,034  $0.0020  121/210 ms
      ────────────────────────────────────────────────────────────────────────────────────────────────────
      total                           40    40       0       0        0  18,024/2,068  $0.0039
      "
    `);
  });

  test('of a null run is one sentence', () => {
    const nullRun = summary({
      executed: 0,
      cached: 120,
      attempts: 0,
      scope: { tasks: 120 },
      duration_ms: 48,
    });
    expect(totalsSentence(nullRun)).toBe('Everything is up to date: 0 executed, 120 cached, in 48 ms.');
  });

  test('of what was stopped before it began does not say that all is up to date', () => {
    const stopped = summary({
      executed: 0,
      cached: 120,
      scope: { tasks: 120 },
      how: 'budget-reached',
      why: 'no call fits the budget',
    });
    expect(totalsSentence(stopped)).toContain('120 tasks: 0 executed, 120 cached');
  });

  test('says what was spent now in the totals', () => {
    expect(totalsSentence(summary({ scope: { tasks: 120 }, retries: 1, cached: 80 }))).toBe(
      '120 tasks: 40 executed, 80 cached, 0 failed, 0 missing in 1.9 s · 1 retry · 20,092 tokens · $0.0312',
    );
  });

  test('never takes an unknown cost for 0', () => {
    const unknown = summary({
      cost_usd: null,
      cost_usd_at_least: 0,
      variants: [summaryRow({}), summaryRow({ cost_usd: null })],
    });
    expect(totalsSentence(unknown)).toContain('cost unknown');
    expect(totalsSentence(summary({ usage: null, usage_unknown: 40 }))).toContain(' · tokens unknown · ');
    expect(totalsSentence(summary({ usage_unknown: 1 }))).toContain(' · at least 20,092 tokens · ');
    const untold = summaryRow({ usage: null, usage_unknown: 20 });
    const partly = summaryRow({ variant: 'applike', usage_unknown: 1 });
    const rows = (of: Parameters<typeof summaryTable>[0]): readonly (string | undefined)[] =>
      summaryTable(of, AT_100)
        .split('\n')
        .filter((line) => /^(baseline|applike|total)/.test(line))
        .map((line) => /(\S+) +\$/.exec(line)?.[1]);
    expect(rows(summary({ variants: [untold, partly] }))).toEqual(['-', '≥9,012/1,034', '≥9,012/1,034']);
    expect(rows(summary({ variants: [untold] }))).toEqual(['-', '-']);
    expect(totalsSentence(summary({ cost_usd: null, cost_usd_at_least: 0.5 }))).toContain('at least $0.50');
    expect(summaryTable(unknown, AT_100).split('\n').at(-2)).toContain('unknown');
  });

  test('of a run that was stopped says why, and how to go on', () => {
    const stopped = summary({
      executed: 5,
      failed: 2,
      missing: 33,
      complete: false,
      how: 'halted',
      why: 'provider openai answered unauthorized (401): bad\u001b[2J key',
      variants: [summaryRow({ completed: 3, failed: 2 }), summaryRow({ variant: 'applike', completed: 0 })],
      files: [],
    });
    expect(runSummaryText(stopped, AT_100)).toMatchInlineSnapshot(`
      "                                                                    tokens              latency
      variant   run  scenarios  completed  cached  failed  retries        in/out     cost     p50/p95
      ───────────────────────────────────────────────────────────────────────────────────────────────
      baseline    1         20          3       0       2        0   9,012/1,034  $0.0020  121/210 ms
      applike     1         20          0       0       0        0   9,012/1,034        -  121/210 ms
      ───────────────────────────────────────────────────────────────────────────────────────────────
      total                 40          3       0       2        0  18,024/2,068  $0.0020

      40 tasks: 5 executed, 0 cached, 2 failed, 33 missing in 1.9 s · 0 retries · 20,092 tokens · $0.0312
      Stopped: provider openai answered unauthorized (401): bad\\x1b[2J key

      Next:
        npx expgraph doctor         # check the key and the endpoint
        npx expgraph plan --failed  # which cells failed: 2 tasks
        npx expgraph run --failed   # try only those again
        npx expgraph run            # go on: 33 tasks missing
      "
    `);
  });

  test('of nothing in scope has no table', () => {
    const nothing = summary({ scope: { tasks: 0 }, executed: 0, attempts: 0, variants: [], files: [] });
    expect(runSummaryText(nothing, AT_80)).toMatchInlineSnapshot(`
      "Nothing to do: no task is in scope.

      Next:
        npx expgraph plan --explain  # what an edit would run again
        npx expgraph history         # every record of every cell
      "
    `);
  });

  test('lists a dozen files and counts the rest', () => {
    const files = Array.from({ length: 15 }, (_, i) => `artifacts/x/runs/v${i}_run1.jsonl`);
    const text = runSummaryText(summary({ files }), AT_80);
    expect(text.slice(text.indexOf('Results'), text.indexOf('Next'))).toMatchInlineSnapshot(`
      "Results: artifacts/x/runs/
        v0_run1.jsonl  v1_run1.jsonl  v2_run1.jsonl  v3_run1.jsonl  v4_run1.jsonl
        v5_run1.jsonl  v6_run1.jsonl  v7_run1.jsonl  v8_run1.jsonl  v9_run1.jsonl
        v10_run1.jsonl  v11_run1.jsonl  and 3 more

      "
    `);
  });

  test('has colours only when asked for', () => {
    expect(runSummaryText(summary({ simulated: true }), AT_80)).not.toContain('\u001b');
    expect(runSummaryText(summary({ simulated: true }), { columns: 80, colors: true })).toContain('\u001b[');
  });
});

describe('what to try next', () => {
  const commands = (of: Parameters<typeof summary>[0]): readonly string[] =>
    nextSteps(summary(of)).map(({ command }) => command);

  test('fits how the run ended', () => {
    expect(commands({})).toEqual([
      'npx expgraph plan --explain',
      'npx expgraph history',
      'npx expgraph run --force --variant baseline',
    ]);
    expect(commands({ complete: false, how: 'incomplete', failed: 2 })).toEqual([
      'npx expgraph plan --failed',
      'npx expgraph run --failed',
      'npx expgraph status',
      'npx expgraph history',
    ]);
    expect(commands({ complete: false, how: 'interrupted', missing: 3 })).toEqual([
      'npx expgraph run',
      'npx expgraph status',
      'npx expgraph history',
    ]);
    expect(commands({ complete: false, how: 'damaged', missing: 3 })).toEqual(['npx expgraph fsck']);
  });

  test('tells who ran out of money to raise the budget', () => {
    const stopped = { complete: false, how: 'budget-reached', missing: 3 } as const;
    const does = (executed: number): string | undefined =>
      nextSteps(summary({ ...stopped, executed }))[0]?.does;
    expect(does(7)).toBe('go on: 3 tasks missing, with as much budget again');
    expect(does(0)).toBe('go on: 3 tasks missing, with a higher --budget-usd');
  });

  test('quotes the name of a variant as a shell needs it', () => {
    const variants = [summaryRow({ variant: "it's[model=a b]" })];
    expect(commands({ variants }).at(-1)).toBe("npx expgraph run --force --variant 'it'\\''s[model=a b]'");
  });

  test('stands above each command where the terminal is narrow', () => {
    const steps = [{ command: 'npx expgraph status', does: 'which cells are there, which are not' }];
    expect(commandLines(steps, { columns: 40, colors: false })).toMatchInlineSnapshot(`
      "Next:
        # which cells are there, which are not
        npx expgraph status
      "
    `);
  });
});
