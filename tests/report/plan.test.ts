import { describe, expect, test } from 'vitest';
import type { Change, Task } from '../../src/core/task.ts';
import { planJson } from '../../src/report/json.ts';
import { planTable } from '../../src/report/run/plan-table.ts';
import { explainText } from '../../src/report/words/explain.ts';
import { AT_80, AT_100, estimateOf, planOf, task } from './data.ts';

const DESCRIPTION: readonly Change[] = [
  {
    part: 'variant.tools[0].description',
    from: 'Schedules a task for the user, once or again and again. Takes a title, a time, and flags for repeats.',
    to: 'Schedules a task for the user, once or again and again! Takes a title.',
  },
];

const stale = (changed: readonly Change[]): Task['state'] => ({
  kind: 'pending',
  reason: { kind: 'stale', changed },
});

const ESTIMATE = estimateOf();

const AMOUNT_JSON = {
  calls: 4,
  input_tokens: 2_000,
  output_tokens: 1_000,
  output_tokens_at_most: 1_000,
  cost_usd: 0.0123,
  cost_usd_at_least: 0.0123,
  cost_usd_at_most: 0.0123,
  source: {
    input: { cell: 4, variant: 0, tokenizer: 0, simulation: 0, unknown: 0 },
    output: { cell: 4, variant: 0, unknown: 0 },
  },
};

const HEAD = {
  id: 1,
  status: 'completed',
  latencyMs: 1,
  inputTokens: 1,
  outputTokens: 1,
  costUsd: 0,
} as const;
const CACHED = { kind: 'cached', head: HEAD } as const;

describe('a plan', () => {
  const plan = planOf(
    [
      task('baseline', 'a', stale(DESCRIPTION)),
      task('baseline', 'b', stale(structuredClone(DESCRIPTION))),
      task('applike', 'a', CACHED),
      task('applike', 'b', { kind: 'pending', reason: { kind: 'new' } }),
      task('applike', 'c', { kind: 'pending', reason: { kind: 'failed' } }),
      task('twin', 'c', { kind: 'shared', with: { variant: 'applike', scenario: 'c', run: 1 } }),
    ],
    [['applike', 'twin']],
  );

  test('is a row per variant x run with the reasons counted, and an estimate', () => {
    const text = planTable(plan, { ...AT_80, estimate: ESTIMATE, explain: 'counts' });
    expect(text).toMatchInlineSnapshot(`
      "variant   run  tasks  cached  shared  pending  new  stale  failed
      ─────────────────────────────────────────────────────────────────
      baseline    1      2       .       .        2    .      2       .
      applike     1      3       1       .        2    1      .       1
      twin        1      1       .       1        .    .      .       .
      ─────────────────────────────────────────────────────────────────
      total              6       1       1        4    1      2       1

      6 tasks: 4 to run, 1 cached, 1 shared with an equal task
      Estimate: 4 calls, about 2,000 tokens in, about 1,000 out, about $0.0123.
        Retries are not included.
      Tokens: as in the same cells before.

      note: applike and twin have equal content and share every draw: they are one arm
        with two names; give one of them a \`salt:\` of its own to have it drawn for
        itself.
      "
    `);
  });

  test('is explained with each group of equal changes once', () => {
    const text = planTable(plan, { ...AT_100, estimate: ESTIMATE, explain: 'each' });
    expect(text).toMatchInlineSnapshot(`
      "variant   run  tasks  cached  shared  pending  new  stale  failed
      ─────────────────────────────────────────────────────────────────
      baseline    1      2       .       .        2    .      2       .
      applike     1      3       1       .        2    1      .       1
      twin        1      1       .       1        .    .      .       .
      ─────────────────────────────────────────────────────────────────
      total              6       1       1        4    1      2       1

      2 tasks: baseline: variant.tools[0].description changed
          from "…e or again and again. Takes a title, a time, and flags for repeats."
          to   "…e or again and again! Takes a title."
      1 task: applike: never drawn
      1 task: applike: failed before

      6 tasks: 4 to run, 1 cached, 1 shared with an equal task
      Estimate: 4 calls, about 2,000 tokens in, about 1,000 out, about $0.0123. Retries are not included.
      Tokens: as in the same cells before.

      note: applike and twin have equal content and share every draw: they are one arm with two names;
        give one of them a \`salt:\` of its own to have it drawn for itself.
      "
    `);
  });

  test('of nothing to do is one sentence under the table', () => {
    const done = planOf([task('baseline', 'a', CACHED)]);
    const none = estimateOf({ calls: 0, inputTokens: 0, outputTokens: 0, costUsd: 0, byVariant: [] });
    const text = planTable(done, { ...AT_80, estimate: none, explain: 'each' });
    expect(text.split('\n').at(-2)).toBe('Everything is up to date: 1 task, nothing to run.');
    expect(planTable(planOf([]), { ...AT_80, estimate: none, explain: 'each' })).toBe(
      'Nothing to do: no task is in scope.\n',
    );
  });

  test('as JSON has the names of the contract, and null for what is not there', () => {
    const changed = [{ part: 'variant.temperature', from: 0.2, to: undefined }];
    const json = planJson(planOf([task('a', 's', stale(changed)), task('b', 's', CACHED)]), ESTIMATE);
    expect(json).toEqual({
      experiment: 'tool-interface',
      tasks: 2,
      pending: 1,
      cached: 1,
      shared: 0,
      stale: 1,
      twins: [],
      estimate: {
        ...AMOUNT_JSON,
        sampled: false,
        by_variant: [
          { variant: 'applike', model: 'model-1', ...AMOUNT_JSON, priced: true, simulated: false },
        ],
      },
      pending_tasks: [
        {
          variant: 'a',
          scenario: 's',
          run: 1,
          key: task('a', 's', CACHED).key,
          reason: { kind: 'stale', changed: [{ part: 'variant.temperature', from: 0.2, to: null }] },
        },
      ],
    });
  });
});

describe('an explanation', () => {
  const explain = (tasks: readonly Task[], columns = 60): string =>
    explainText(planOf(tasks), { columns, colors: false });

  test('of one change in two variants is one paragraph that names both', () => {
    const changed: readonly Change[] = [{ part: 'scenario.input', from: 'gym', to: 'gym tomorrow' }];
    expect(
      explain([task('a', 's:1', stale(changed)), task('b', 's:1', stale(changed))]),
    ).toMatchInlineSnapshot(`
      "2 tasks: a, b: scenario.input changed (s:1)
          from "gym"
          to   "gym tomorrow"
      "
    `);
  });

  test('of several fields names each', () => {
    const changed: readonly Change[] = [
      { part: 'variant.model', from: 'sim-small', to: 'sim-large' },
      { part: 'variant.temperature', from: 0.2, to: undefined },
      { part: 'variant.params', from: undefined, to: { top_p: 1 } },
      { part: 'key_version', from: undefined, to: undefined },
    ];
    expect(explain([task('a', 's', stale(changed))])).toMatchInlineSnapshot(`
      "1 task: a: variant.model, variant.temperature,
        variant.params and 1 more changed (s)
          variant.model
          from "sim-small"
          to   "sim-large"
          variant.temperature
          from 0.2
          to   not there
          variant.params
          from not there
          to   {"top_p":1}
      "
    `);
  });

  test('of long texts shows the place where they begin to differ', () => {
    const long = 'lorem ipsum '.repeat(50);
    const changed = [{ part: 'variant.system', from: `${long}alpha ${long}`, to: `${long}beta ${long}` }];
    expect(explain([task('a', 's', stale(changed))])).toMatchInlineSnapshot(`
      "1 task: a: variant.system changed (s)
          from "…um lorem ipsum alpha lorem ipsum lorem ipsum …"
          to   "…um lorem ipsum beta lorem ipsum lorem ipsum l…"
      "
    `);
  });

  test('shows escapes and line ends instead of obeying them', () => {
    const changed = [{ part: 'scenario.input', from: 'a\u001b[31m\u202e', to: 'b\nc' }];
    expect(explain([task('a', 's', stale(changed))])).toMatchInlineSnapshot(`
      "1 task: a: scenario.input changed (s)
          from "a\\u001b[31m\\u202e"
          to   "b\\nc"
      "
    `);
  });

  test('has an end', () => {
    const tasks = Array.from({ length: 100 }, (_, i) =>
      task('a', `s${i}`, stale([{ part: 'scenario.input', from: i, to: -i }])),
    );
    const lines = explain(tasks).split('\n');
    expect(lines.length).toBe(30 * 3 + 2);
    expect(lines.at(-2)).toBe('... and 70 more reasons');
  });
});
