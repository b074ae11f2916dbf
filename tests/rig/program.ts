// The real program as a child process: built code, own process, an environment that the caller decides. A test that
// reaches this file belongs to the project `e2e` (vitest.config.ts): what is asked only for its output needs no process.
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { ROOT } from './files.ts';
import { testEnv } from './test-env.ts';

export const CLI = path.join(ROOT, 'bin/expgraph.js');

/** Another Node than the one that runs the tests: whatever starts the program then shows that it works there. */
export const NODE = process.env.EXPGRAPH_TEST_NODE ?? process.execPath;

export type Ended = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type ProgramOptions = {
  readonly cwd: string;
  readonly env?: { readonly [name: string]: string };
  /** What starts it, where that is not node itself: `['bash', '-c', 'ulimit -n 64; exec "$@"', 'bash']`. */
  readonly through?: readonly string[];
  /** Another Node than the one of all. */
  readonly node?: string;
};

export type Started = { readonly child: ChildProcess; readonly ended: Promise<Ended> };

/** Children that still run: none outlives whoever started it, not even by its crash. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Runs one command to its end. */
export async function program(args: readonly string[], options: ProgramOptions): Promise<Ended> {
  return startProgram(args, options).ended;
}

export function startProgram(args: readonly string[], options: ProgramOptions): Started {
  const [command, ...rest] = [...(options.through ?? []), options.node ?? NODE, CLI, ...args];
  const child = spawn(command!, rest, {
    cwd: options.cwd,
    env: { ...testEnv(options.cwd), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let stdout = '';
  let stderr = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal, stdout, stderr });
    });
  });
  return { child, ended };
}
