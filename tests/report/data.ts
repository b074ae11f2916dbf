// Data of the reports' tests: a summary, tasks, records, as plain values with the fields that a test is not about.
import { asKey } from '../../src/core/brand.ts';
import { sha256 } from '../../src/core/canonical.ts';
import type { Amount, Estimate, VariantAmount } from '../../src/core/estimate.ts';
import type { ScenarioResult } from '../../src/core/record.ts';
import type { RunSummary, SummaryRow } from '../../src/core/summary.ts';
import type { Plan, Task, TaskState } from '../../src/core/task.ts';

export const AT_80 = { columns: 80, colors: false } as const;
export const AT_100 = { columns: 100, colors: false } as const;

export function summaryRow(of: Partial<SummaryRow>): SummaryRow {
  return {
    variant: 'baseline',
    run: 1,
    scenarios: 20,
    completed: 20,
    executed: 20,
    cached: 0,
    failed: 0,
    retries: 0,
    usage: { input_tokens: 9012, output_tokens: 1034, total_tokens: 10046 },
    cost_usd: 0.00197,
    latency_ms: { p50: 121.4, p95: 209.8 },
    ...of,
  };
}

export function summary(of: Partial<RunSummary>): RunSummary {
  return {
    experiment: 'tool-interface',
    invocation: '0001-20261122T204501Z',
    scope: { tasks: 40 },
    executed: 40,
    cached: 0,
    failed: 0,
    missing: 0,
    complete: true,
    attempts: 40,
    retries: 0,
    usage: { input_tokens: 18024, output_tokens: 2068, total_tokens: 20092 },
    cost_usd: 0.0312,
    cost_usd_at_least: 0.0312,
    duration_ms: 1_890,
    variants: [summaryRow({}), summaryRow({ variant: 'applike' })],
    files: [
      'artifacts/tool-interface/runs/applike_run1.jsonl',
      'artifacts/tool-interface/runs/baseline_run1.jsonl',
    ],
    simulated: false,
    how: 'complete',
    why: null,
    ...of,
  };
}

export function task(variant: string, scenario: string, state: TaskState): Task {
  const digest = sha256(`${variant} ${scenario}`);
  const key = asKey(digest);
  const parts = { variant: key, scenario: key, engine: key } as unknown as Task['parts'];
  return { variant, scenario, run: 1, category: null, key, parts, state };
}

export function planOf(tasks: readonly Task[], twins: Plan['twins'] = []): Plan {
  const pending = tasks.filter(({ state }) => state.kind === 'pending');
  const count = (test: (state: TaskState) => boolean): number =>
    tasks.filter(({ state }) => test(state)).length;
  return {
    experiment: 'tool-interface',
    tasks,
    pending,
    counts: {
      tasks: tasks.length,
      pending: pending.length,
      cached: count((state) => state.kind === 'cached'),
      shared: count((state) => state.kind === 'shared'),
      stale: count((state) => state.kind === 'pending' && state.reason.kind === 'stale'),
      failed: count((state) => state.kind === 'pending' && state.reason.kind === 'failed'),
    },
    twins,
  };
}

/** Everything known from the same cells, unless said otherwise. */
export function amount(of: Partial<Amount> = {}): Amount {
  const { calls = 4, outputTokens = 1_000, costUsd = 0.0123 } = of;
  return {
    calls,
    inputTokens: 2_000,
    outputTokens,
    outputTokensAtMost: outputTokens,
    costUsd,
    costUsdAtLeast: costUsd ?? 0,
    costUsdAtMost: costUsd,
    sources: {
      input: { cell: calls, variant: 0, tokenizer: 0, simulation: 0, unknown: 0 },
      output: { cell: calls, variant: 0, unknown: 0 },
    },
    ...of,
  };
}

export function variantAmount(of: Partial<VariantAmount> = {}): VariantAmount {
  return {
    ...amount(of),
    variant: 'applike',
    model: 'model-1',
    isPriced: true,
    isSimulated: false,
    mayCallAgain: false,
    ...of,
  };
}

export function estimateOf(of: Partial<Estimate> = {}): Estimate {
  return { ...amount(of), isSampled: false, byVariant: [variantAmount(of)], ...of };
}

export function record(of: Partial<ScenarioResult>): ScenarioResult {
  return {
    type: 'scenario_result',
    v: 1,
    key: sha256('key'),
    generation: 2,
    experiment: 'tool-interface',
    invocation: '0003-20261122T204501Z',
    variant: 'applike',
    scenario: 'ambiguous:gym',
    category: 'ambiguous',
    run: 1,
    status: 'completed',
    input: {
      prompt: 'gym tomorrow',
      messages: [
        { role: 'system', content: 'You schedule.' },
        { role: 'user', content: 'gym tomorrow' },
      ],
    },
    output: {
      text: 'At what time?',
      tool_calls: [],
      messages: [{ role: 'assistant', content: 'At what time?' }],
      finish_reason: 'stop',
    },
    output_digest: sha256('output'),
    usage: { input_tokens: 512, output_tokens: 40, total_tokens: 552 },
    cost_usd: 0.0001,
    model: 'sim-small',
    served_model: 'sim-small',
    provider: 'sim',
    temperature: 0.2,
    seed: 7,
    started_at: '2026-11-22T20:45:01.250Z',
    duration_ms: 640.2,
    attempts: [
      {
        n: 1,
        started_at: '2026-11-22T20:45:01.250Z',
        duration_ms: 12.1,
        error: { kind: 'rate-limited', status: 429, message: 'slow down' },
        request_id: null,
      },
      { n: 2, started_at: '2026-11-22T20:45:01.770Z', duration_ms: 120.4, error: null, request_id: 'req_7' },
    ],
    parts: { variant: sha256('v'), scenario: sha256('s'), engine: sha256('e') },
    trace: null,
    ...of,
  };
}
