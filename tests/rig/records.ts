// Small whole values for tests of the store and the loop.

import type { Entry, NewRecord, ViewCell } from '../../src/cache/store.ts';
import type { Digest, Key } from '../../src/core/brand.ts';
import { digestOf } from '../../src/core/canonical.ts';
import type { InvocationRecord, LogLine, RunMetadata } from '../../src/core/record.ts';
import type { Cell, Part, PartName, Task } from '../../src/core/task.ts';
import { sampleKey } from '../../src/planner/key.ts';

export function part(name: PartName, content: { readonly [field: string]: string | number }): Part {
  return { part: name, digest: digestOf(content), content };
}

export const ENGINE = part('engine', { type: 'sim', api: 'chat' });

/** A task whose content is its names and `edit`: another edit, another key. */
export function task(cell: Cell, edit = ''): Task & { readonly contents: readonly Part[] } {
  const variant = part('variant', { model: `${cell.variant}${edit}` });
  const scenario = part('scenario', { input: cell.scenario });
  const parts = { variant: variant.digest, scenario: scenario.digest, engine: ENGINE.digest };
  return {
    ...cell,
    category: 'made',
    key: sampleKey(parts, cell.run),
    parts,
    state: { kind: 'pending', reason: { kind: 'new' } },
    contents: [variant, scenario, ENGINE],
  };
}

export function entry(
  of: ReturnType<typeof task>,
  more: { readonly text?: string; readonly invocation: string; readonly status?: 'completed' | 'failed' },
): Entry {
  const status = more.status ?? 'completed';
  const text = more.text ?? `answer to ${of.scenario}`;
  const error = { kind: 'bad-request', status: 400, message: 'no' } as const;
  const record: NewRecord = {
    type: 'scenario_result',
    v: 1,
    key: of.key,
    experiment: 'made',
    invocation: more.invocation,
    variant: of.variant,
    scenario: of.scenario,
    category: of.category,
    run: of.run,
    status,
    input: { prompt: of.scenario, messages: [{ role: 'user', content: of.scenario }] },
    output: status === 'failed' ? null : { text, tool_calls: [], messages: [], finish_reason: 'stop' },
    output_digest: status === 'failed' ? null : digestOf({ text }),
    usage: status === 'failed' ? null : { input_tokens: 10, output_tokens: 5, total_tokens: 15 },
    cost_usd: status === 'failed' ? null : 0.001,
    model: 'made-1',
    served_model: 'made-1',
    provider: 'made',
    temperature: 0.2,
    seed: null,
    started_at: '2026-01-02T03:04:05.000Z',
    duration_ms: 12,
    attempts: [
      {
        n: 1,
        started_at: '2026-01-02T03:04:05.000Z',
        duration_ms: 12,
        error: status === 'failed' ? error : null,
        request_id: null,
      },
    ],
    parts: of.parts,
    trace: null,
  };
  return {
    record,
    parts: of.contents,
    slug: of.variant,
    metadata: () => metadata(of, more.invocation),
  };
}

export function metadata(
  of: Cell & { readonly parts: { readonly variant: Digest } },
  invocation: string,
): RunMetadata {
  return {
    type: 'run_metadata',
    v: 1,
    experiment: 'made',
    invocation,
    variant: of.variant,
    run: of.run,
    model: 'made-1',
    provider: 'made',
    temperature: 0.2,
    system: null,
    tools_digest: digestOf([]),
    variant_digest: of.parts.variant,
    manifest_digest: digestOf({}),
    git: null,
    started_at: '2026-01-02T03:04:05.000Z',
    filter: {},
    expgraph: '0.0.0',
    node: '24.0.0',
    scenarios: 1,
  };
}

export function invocationRecord(
  invocation: string,
  how: InvocationRecord['how'] = 'running',
): InvocationRecord {
  const usage = { input_tokens: 0, output_tokens: 0, total_tokens: 0 };
  return {
    type: 'invocation',
    v: 1,
    invocation,
    experiment: 'made',
    argv: ['run'],
    filter: {},
    force: false,
    manifest: {},
    manifest_digest: digestOf({}),
    git: null,
    expgraph: '0.0.0',
    node: '24.0.0',
    platform: 'test',
    started_at: '2026-01-02T03:04:05.000Z',
    ended_at: how === 'running' ? null : '2026-01-02T03:04:06.000Z',
    how,
    exit_code: how === 'running' ? null : 0,
    totals: {
      tasks: 0,
      executed: 0,
      cached: 0,
      failed: 0,
      missing: 0,
      attempts: 0,
      retries: 0,
      usage,
      cost_usd: null,
      duration_ms: 0,
    },
  };
}

export function viewCell(of: Cell & { readonly key: Key }): ViewCell {
  return {
    variant: of.variant,
    scenario: of.scenario,
    run: of.run,
    slug: of.variant,
    category: 'made',
    key: of.key,
  };
}

type Line<Type extends LogLine['type']> = Extract<LogLine, { readonly type: Type }>;
type Logged = Cell & { readonly key: Key };

function cellOf({ key, variant, scenario, run }: Logged): Logged {
  return { key, variant, scenario, run };
}

/** A paid turn that called a tool: ten cents. */
export function turnLine(of: Logged, turn: number, more: Partial<Line<'turn'>> = {}): Line<'turn'> {
  return {
    type: 'turn',
    v: 1,
    ...cellOf(of),
    attempt: 1,
    turn,
    started_at: '2026-01-02T03:04:05.000Z',
    duration_ms: 12,
    request_id: null,
    model: 'made-1',
    served_model: null,
    finish_reason: 'tool_calls',
    usage: { input_tokens: 10, output_tokens: 2, total_tokens: 12, cached_input_tokens: 4 },
    cost_usd: 0.1,
    messages: [{ role: 'assistant', content: `turn ${turn}` }],
    tool_calls: [{ id: 'c1', name: 'look', arguments: { at: turn } }],
    ...more,
  };
}

export function resultsLine(of: Logged, turn: number): Line<'results'> {
  return {
    type: 'results',
    v: 1,
    ...cellOf(of),
    attempt: 1,
    turn,
    messages: [{ role: 'tool', content: `result ${turn}` }],
    tool_results: [{ id: 'c1', name: 'look', source: 'tool' }],
  };
}

export function attemptLine(
  of: Logged,
  costUsd: number | null,
  kind: Line<'attempt'>['error']['kind'] = 'overloaded',
): Line<'attempt'> {
  return {
    type: 'attempt',
    v: 1,
    ...cellOf(of),
    attempt: 1,
    started_at: '2026-01-02T03:04:05.000Z',
    duration_ms: 12,
    request_id: null,
    error: { kind, status: null, message: 'no' },
    cost_usd: costUsd,
  };
}
