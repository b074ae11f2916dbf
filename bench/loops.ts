// The two that figures of calls are made of: a whole run of an experiment, and a bare script that asks as often. Each in a folder of
// its own, against one server.
import path from 'node:path';
import { writeExperiment } from './made.ts';
import { CLI, type Measured, median, medianWall, ROOT, runNode, tempFolder } from './measure.ts';

/** Calls under way at one time, of both. */
export const IN_FLIGHT = 64;

/** @throws Error where not every call is answered */
export async function oneRun(of: {
  readonly calls: number;
  /** Lines of the manifest's provider. */
  readonly provider: readonly string[];
  readonly more?: readonly string[];
  readonly preload?: string;
  /** Puts into the folder what the experiment needs. */
  readonly prepare?: (folder: string) => void;
}): Promise<Measured> {
  const { calls, provider, more = [], preload, prepare } = of;
  const { folder, remove } = tempFolder();
  try {
    prepare?.(folder);
    const what = { variants: 1, scenarios: calls / 3, runs: 3, concurrency: IN_FLIGHT };
    writeExperiment({ folder, ...what, provider, more });
    const options = { cwd: folder, ...(preload === undefined ? {} : { preload }) };
    const run = await runNode([CLI, 'run', '--json'], options);
    const { executed, failed } = JSON.parse(run.stdout) as { executed: number; failed: number };
    if (executed !== calls || failed !== 0)
      throw new Error(`not ${calls} answers: ${run.stdout.slice(0, 500)}`);
    return run;
  } finally {
    remove();
  }
}

/** The script, its answers kept in a file. @param script its name in bench/ */
export async function oneScript(script: string, url: string, calls: number): Promise<Measured> {
  const { folder, remove } = tempFolder();
  try {
    const file = path.join(folder, 'answers.jsonl');
    return await runNode([path.join(ROOT, 'bench', script), url, String(calls), String(IN_FLIGHT), file]);
  } finally {
    remove();
  }
}

/** `1234/s`, of medians. */
export function perSecond(runs: readonly Measured[], calls: number): string {
  return `${((calls / medianWall(runs)) * 1000).toFixed(0)}/s`;
}

export function peakOf(runs: readonly Measured[]): string {
  return `${median(runs.map(({ peakMb }) => peakMb)).toFixed(0)} MB`;
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
