// One run of the real program over a provider that means harm, and what is left of it: records, events, peak of memory.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ScenarioResult } from '../../src/core/record.ts';
import type { RunSummary } from '../../src/core/summary.ts';
import { type Ended, startProgram } from './program.ts';
import { eventLines, recordsByKey, writeExperiment } from './small-experiment.ts';

export type HostileRun = {
  readonly cwd: string;
  readonly url: string;
  readonly scenarios: number;
  readonly variants?: number;
  readonly concurrency: number;
  /** Milliseconds for an attempt. */
  readonly timeoutMs: number;
  readonly retries: number;
  readonly args?: readonly string[];
};

export type RunSeen = Ended & {
  readonly summary: RunSummary;
  readonly records: readonly ScenarioResult[];
  readonly events: readonly Record<string, never>[];
  readonly peakBytes: number;
};

export async function runHostile(of: HostileRun): Promise<RunSeen> {
  const { cwd } = of;
  writeExperiment(cwd, {
    variants: of.variants ?? 1,
    scenarios: of.scenarios,
    runs: 1,
    concurrency: of.concurrency,
    sim: `{ type: openai, base_url: "${of.url}", model: m, limits: { concurrency: ${of.concurrency} } }`,
    more: ['model: m'],
  });
  const execution = `execution: { concurrency: ${of.concurrency}, timeout: ${of.timeoutMs}ms, retries: ${of.retries} }`;
  editExecution(path.join(cwd, 'experiment.yaml'), execution);
  const file = path.join(cwd, 'events.jsonl');
  const args = ['run', '--json', '--events', file, ...(of.args ?? [])];
  const { child, ended } = startProgram(args, { cwd });
  let peakBytes = 0;
  // The high-water mark is the kernel's: looking now and then misses nothing but the very end.
  const looking = setInterval(() => {
    peakBytes = Math.max(peakBytes, peakOf(child.pid!));
  }, 50);
  const end = await ended.finally(() => clearInterval(looking));
  return {
    ...end,
    summary: JSON.parse(end.stdout),
    records: [...recordsByKey(cwd).values()].map((lines) => JSON.parse(lines.at(-1)!)),
    events: eventLines(file),
    peakBytes,
  };
}

/** Kinds of error of each attempt, null where it was answered. */
export function errorsOf(record: ScenarioResult): readonly (string | null)[] {
  return record.attempts.map(({ error }) => error?.kind ?? null);
}

function editExecution(file: string, execution: string): void {
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(/^execution: .*$/m, execution));
}

function peakOf(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
