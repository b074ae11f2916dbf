// An experiment in a folder of its own, as small or as wide as a row needs it, and what became of it as data.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { canonicalJson } from '../../src/core/canonical.ts';
import type { Json } from '../../src/core/json.ts';
import type { ScenarioResult } from '../../src/core/record.ts';
import { filesBelow, jsonLines, writeFiles } from './files.ts';

/** The head of a manifest: two runs, on a simulation that answers at once. */
export const SIM_HEAD = `version: 1
name: small
runs: 2
provider: sim
model: sim-1
providers: { sim: { type: sim, sim: { latency_ms: 0, latency_spread: 0 } } }
`;

export type SmallExperiment = {
  readonly variants: number;
  readonly scenarios: number;
  readonly runs: number;
  readonly concurrency: number;
  /** As written under `providers: { sim: ... }`. */
  readonly sim: string;
  /** Lines of the manifest beyond these. */
  readonly more?: readonly string[];
};

/** artifacts/<name> of every small experiment. */
export const ARTIFACTS = 'artifacts/small';

export function tasksOf(of: SmallExperiment): number {
  return of.variants * of.scenarios * of.runs;
}

export function writeExperiment(folder: string, of: SmallExperiment): void {
  const scenarios = Array.from({ length: of.scenarios }, (_, i) =>
    JSON.stringify({ id: `s${i}`, input: `say ${i}` }),
  );
  const variants = Array.from({ length: of.variants }, (_, i) => `v${i}: { system: "be ${i}" }`);
  writeFiles(folder, {
    'scenarios.jsonl': `${scenarios.join('\n')}\n`,
    'experiment.yaml': [
      'version: 1',
      'name: small',
      `runs: ${of.runs}`,
      'provider: sim',
      'temperature: 0.2',
      'scenarios: [scenarios.jsonl]',
      `variants: { ${variants.join(', ')} }`,
      `providers: { sim: ${of.sim} }`,
      `execution: { concurrency: ${of.concurrency}, workers: 1 }`,
      ...(of.more ?? []),
      '',
    ].join('\n'),
  });
}

/** Every result line of the history by key, as text, in the order of its files; torn tails are left out. */
export function recordsByKey(folder: string): Map<string, string[]> {
  const records = new Map<string, string[]>();
  const history = path.join(folder, ARTIFACTS, 'history');
  if (!existsSync(history)) return records;
  for (const file of filesBelow(history).filter((name) => /_run\d+\.jsonl$/.test(name))) {
    for (const line of jsonLines(path.join(history, file))) {
      if (line.type !== 'scenario_result') continue;
      const key = String(line.key);
      records.set(key, [...(records.get(key) ?? []), JSON.stringify(line)]);
    }
  }
  return records;
}

/** The lines of an event file; none where it was never written. */
export function eventLines(file: string): readonly Record<string, never>[] {
  return existsSync(file) ? jsonLines(file) : [];
}

export function acknowledgedKeys(file: string): readonly string[] {
  return eventLines(file)
    .filter(({ kind }) => kind === 'task-finished')
    .map(({ key }) => String(key));
}

/** What a record says beside times, ids and the invocation that drew it: equal for equal work. */
export function essence(record: ScenarioResult): Json {
  const { invocation, started_at, duration_ms, attempts, generation, n, c, output, ...rest } = record;
  const calls = output?.tool_calls.map(({ id, ...call }) => call) ?? [];
  const said = output && { text: output.text, calls, finish: output.finish_reason };
  return {
    ...rest,
    output: said,
    errors: attempts.map(({ error }) => error?.kind ?? null),
  } as unknown as Json;
}

/** The view by file: result lines reduced to their essence, one text a file. */
export function viewEssence(folder: string): Record<string, string> {
  const runs = path.join(folder, ARTIFACTS, 'runs');
  return Object.fromEntries(
    filesBelow(runs)
      .filter((name) => name.endsWith('.jsonl'))
      .map((name) => [
        name,
        readFileSync(path.join(runs, name), 'utf8')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as ScenarioResult)
          .filter((line) => line.type === 'scenario_result')
          .map((line) => canonicalJson(essence(line)))
          .join('\n'),
      ]),
  );
}
