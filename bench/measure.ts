// Runs whole processes and takes medians: what a user waits for, start-up included.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { childrenCpuMs } from './cpu.ts';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
export const CLI = path.join(ROOT, 'bin/expgraph.js');

export type Measured = {
  readonly wallMs: number;
  /** User and system time of the process and of all that it started; NaN where the system does not tell. */
  readonly cpuMs: number;
  /** Peak resident set of the process, in MB. */
  readonly peakMb: number;
  /** Resident set each 250 ms, in MB. */
  readonly residentMb: readonly number[];
  readonly stdout: string;
};

/** One process, to its end. @throws Error with its stderr if it does not exit with `expect`. */
export async function runNode(
  args: readonly string[],
  options: { readonly cwd?: string; readonly expect?: number; readonly preload?: string } = {},
): Promise<Measured> {
  const folder = mkdtempSync(path.join(tmpdir(), 'expgraph-rss-'));
  const rssFile = path.join(folder, 'rss');
  const cpuBefore = childrenCpuMs();
  const started = performance.now();
  const preload = ['bench/peak-memory.mjs', ...(options.preload ? [options.preload] : [])];
  const imports = preload.flatMap((name) => ['--import', path.join(ROOT, name)]);
  const child = spawn(process.execPath, [...imports, ...args], {
    cwd: options.cwd ?? ROOT,
    env: { ...process.env, EXPGRAPH_BENCH_RSS: rssFile, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-4000);
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const wallMs = performance.now() - started;
  const cpuMs = cpuBefore === null ? Number.NaN : childrenCpuMs()! - cpuBefore;
  if (code !== (options.expect ?? 0)) throw new Error(`${args.join(' ')} ended with ${code}:\n${stderr}`);
  const { peak, seen } = JSON.parse(readFileSync(rssFile, 'utf8')) as { peak: number; seen: number[] };
  rmSync(folder, { recursive: true, force: true });
  return { wallMs, cpuMs, peakMb: peak / 1024, residentMb: seen.map((kb) => kb / 1024), stdout };
}

export async function repeat<Value>(times: number, action: () => Promise<Value>): Promise<readonly Value[]> {
  const values: Value[] = [];
  for (let i = 0; i < times; i++) values.push(await action());
  return values;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function medianWall(runs: readonly Measured[]): number {
  return median(runs.map(({ wallMs }) => wallMs));
}

export function medianCpu(runs: readonly Measured[]): number {
  return median(runs.map(({ cpuMs }) => cpuMs));
}

export type Row = {
  readonly what: string;
  readonly floor: string;
  readonly measured: string;
  readonly ratio: string;
  readonly wanted: string;
  readonly held: boolean;
  /** Lines that are printed under the table, and kept nowhere. */
  readonly under?: readonly string[];
};

export function tempFolder(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'expgraph-bench-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
