// Experiments of any size for the benches, and a history for them that was never paid for.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openStore } from '../src/cache/files.ts';
import { realIo } from '../src/cli/real-io.ts';
import { digestOf } from '../src/core/canonical.ts';
import { EMPTY_HISTORY } from '../src/core/history.ts';
import { NO_FILTER } from '../src/core/task.ts';
import { plan } from '../src/planner/plan.ts';
import { openExperiment } from '../src/project/open/experiment.ts';
import { viewCells } from '../src/project/select/plan-experiment.ts';
import { invocationRecord, metadata } from '../tests/rig/records.ts';

export type Made = {
  readonly folder: string;
  readonly variants: number;
  readonly scenarios: number;
  readonly runs: number;
  /** YAML lines of the provider `made`, indented by four. */
  readonly provider: readonly string[];
  /** Lines after the provider, as they stand. */
  readonly more?: readonly string[];
  /** A setting of the last variant. */
  readonly lastVariant?: string;
  /** Further words in each scenario. */
  readonly words?: number;
  /** Each scenario expects something, which one rule judges. */
  readonly scored?: boolean;
  readonly concurrency?: number;
  readonly workers?: number;
};

export function writeExperiment(made: Made): void {
  mkdirSync(made.folder, { recursive: true });
  const words = ' and more'.repeat((made.words ?? 0) / 2);
  const expect = made.scored ? { expect: { contains: 'plausible' } } : {};
  const scenarios = Array.from({ length: made.scenarios }, (_, i) =>
    JSON.stringify({
      id: `s:${i}`,
      input: `scenario number ${i}: what is a good time for a walk?${words}`,
      ...expect,
    }),
  );
  writeFileSync(path.join(made.folder, 'scenarios.jsonl'), `${scenarios.join('\n')}\n`);
  const variants = Array.from({ length: made.variants }, (_, i) => {
    const more = made.lastVariant && i === made.variants - 1 ? `, ${made.lastVariant}` : '';
    return `  v${i}: { system: "variant ${i}"${more} }`;
  });
  writeFileSync(
    path.join(made.folder, 'experiment.yaml'),
    [
      'version: 1',
      'name: made',
      `runs: ${made.runs}`,
      'provider: made',
      'model: sim-small',
      'temperature: 0.2',
      'scenarios: [scenarios.jsonl]',
      'variants:',
      ...variants,
      'providers:',
      '  made:',
      ...made.provider.map((line) => `    ${line}`),
      ...(made.more ?? []),
      `execution: { concurrency: ${made.concurrency ?? 64}, workers: ${made.workers ?? 2}, retries: 8 }`,
      '',
    ].join('\n'),
  );
}

/**
 * Puts a completed record of about two kilobytes for every task, as a run would have. Its numbers vary from task to task, and
 * where `distinct` says so its answer.
 */
export async function fillHistory(folder: string, { distinct = false } = {}): Promise<number> {
  const io = { ...realIo(), cwd: folder };
  const experiment = await openExperiment(io, 'experiment.yaml');
  const { tasks } = plan({
    experiment: experiment.manifest.name,
    variants: experiment.parts,
    scenarios: experiment.manifest.scenarios,
    filter: NO_FILTER,
    force: false,
    seed: 0,
    history: EMPTY_HISTORY,
    content: () => undefined,
  });
  const holder = { pid: process.pid, host: 'bench', command: 'bench', since: new Date().toISOString() };
  const opened = openStore({ root: experiment.root, holder, redact: (text) => text });
  if (opened.kind === 'err') throw new Error('locked');
  using store = opened.value;
  const invocation = store.nextInvocation(new Date());
  const at = new Date().toISOString();
  const record = invocationRecord(invocation);
  store.begin(record);
  const same = 'a plausible answer of some length. '.repeat(40);
  for (let from = 0; from < tasks.length; from += 4096) {
    await Promise.all(
      tasks.slice(from, from + 4096).map((task, i) => {
        const vary = ((from + i) * 2_654_435_761) % 97;
        const output_tokens = 300 + vary;
        const text = distinct ? `${same}${from + i}` : same;
        const { variant, parts } = experiment.variants.get(task.variant)!;
        return store.put({
          slug: variant.slug,
          parts: [
            parts.variant,
            parts.engine,
            parts.scenarios[experiment.scenarioIndex.get(task.scenario)!]!,
          ],
          metadata: () => metadata(task, invocation),
          record: {
            type: 'scenario_result',
            v: 1,
            key: task.key,
            experiment: 'made',
            invocation,
            variant: task.variant,
            scenario: task.scenario,
            category: null,
            run: task.run,
            status: 'completed',
            input: { prompt: task.scenario, messages: [{ role: 'user', content: task.scenario }] },
            output: { text, tool_calls: [], messages: [], finish_reason: 'stop' },
            output_digest: digestOf(text),
            usage: { input_tokens: 30, output_tokens, total_tokens: 30 + output_tokens },
            cost_usd: 0.0002,
            model: variant.model,
            served_model: variant.model,
            provider: variant.provider,
            temperature: 0.2,
            seed: null,
            started_at: at,
            duration_ms: 120,
            attempts: [{ n: 1, started_at: at, duration_ms: 120, error: null, request_id: 'made' }],
            parts: task.parts,
            trace: null,
          },
        });
      }),
    );
  }
  store.refreshView(viewCells(experiment, null));
  await store.end({ ...record, ended_at: at, how: 'complete', exit_code: 0 });
  return tasks.length;
}
