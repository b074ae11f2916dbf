// What cells in batches cost: in records, in traces, by the share that the price says; and that no key knows of it.
import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { batchExperiment } from '../rig/batch-experiment.ts';
import { cli } from '../rig/cli.ts';
import { API_KEY, startRecorder } from '../rig/langsmith-recorder.ts';

const LONG = 60_000;

it(
  'spans of items in LangSmith cost what the record says: the price of the batch',
  async () => {
    await using recorder = await startRecorder();
    await using e = await batchExperiment();
    e.vendor.endsAtOnce = true;
    const env = { ...e.env, LANGSMITH_API_KEY: API_KEY, LANGSMITH_ENDPOINT: recorder.url };
    const { code, stderr } = await cli(['run', '--langsmith-flush', '30s'], { cwd: e.cwd, env });
    expect(code, stderr).toBe(0);
    const costs = (): readonly unknown[] =>
      [...recorder.runs.values()]
        .filter(({ run_type: type }) => type === 'llm')
        .map(({ outputs }) => (outputs as { usage_metadata: JsonObject }).usage_metadata)
        .map(({ input_cost, output_cost, total_cost }) => [input_cost, output_cost, total_cost]);
    // 100 tokens in at $2, 20 out at $8 a million, at half.
    expect(costs()).toEqual(Array(6).fill([0.0001, 0.00008, 0.00018]));
    expect(e.records().map(({ cost_usd }) => cost_usd)).toEqual(Array(6).fill(0.00018));
    // As calls they cost twice as much, there as well.
    await cli(['run', '--force', '--no-batch', '--langsmith-flush', '30s'], { cwd: e.cwd, env });
    expect(costs().slice(6)).toEqual(Array(6).fill([0.0002, 0.00016, 0.00036]));
    // It was sent as a batch, whatever is asked for when it comes.
    await cli(['run', '--force', '--send-only'], { cwd: e.cwd, env });
    await cli(['run', '--force', '--no-batch', '--langsmith-flush', '30s'], { cwd: e.cwd, env });
    expect(costs().slice(12)).toEqual(Array(6).fill([0.0001, 0.00008, 0.00018]));
  },
  LONG,
);

it(
  'a price says which share a batch costs: costs, estimates and budgets go by it, and nothing runs again for it',
  async () => {
    await using e = await batchExperiment({ price: '{ input: 2, output: 8, batch: 0.25 }' });
    e.vendor.endsAtOnce = true;
    const { code, summary } = await e.run();
    expect([code, summary.cost_usd]).toEqual([0, 0.00054]);
    e.write({ price: '{ input: 2, output: 8, batch: 1 }' });
    expect((await e.run()).summary.executed).toBe(0);
    const plan = JSON.parse((await cli(['plan', '--force', '--json'], e)).stdout);
    e.write({ price: '{ input: 2, output: 8, batch: 0.5 }' });
    const half = JSON.parse((await cli(['plan', '--force', '--json'], e)).stdout);
    expect(plan.estimate.cost_usd).toBeCloseTo(2 * half.estimate.cost_usd, 9);
    const prices = await cli(['prices'], e);
    expect(prices.stdout).toContain('50 %');
  },
  LONG,
);

it(
  'tables of latencies say in one line which answers they leave out, and say nothing where there are none',
  async () => {
    await using e = await batchExperiment({ scenarios: ['red', 'green'] });
    e.vendor.endsAtOnce = true;
    const calls = await cli(['run', '--no-batch'], e);
    expect(calls.stdout).not.toContain('Latency leaves out');
    e.write({ scenarios: ['red', 'green', 'blue'] });
    const batch = await cli(['run'], e);
    const flat = batch.stdout.replace(/\s+/g, ' ');
    expect(flat).toContain('Latency leaves out 2 of 6 answers: they came in a batch or from elsewhere');
    const report = await cli(['report', '--format', 'md', '-o', '-'], e);
    expect(report.stdout).toContain('Latency leaves out 2 of 6 answers');
    const summary = JSON.parse((await cli(['run', '--json'], e)).stdout);
    expect(summary.variants).toMatchObject([{ latency_unknown: 1 }, { latency_unknown: 1 }]);
  },
  LONG,
);
