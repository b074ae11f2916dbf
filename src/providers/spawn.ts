// The one door to other programs, and the only file that knows the package `execa`. Each gets a process group of its own,
// so that what it starts ends with it; an environment that was asked for; and nothing of it is kept without a bound.
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { execa } from 'execa';
import type { Env } from '../core/env.ts';
import type { ProcessEnv } from '../core/harness.ts';
import { readEnvFile } from './env-file.ts';

export type SpawnRequest = {
  readonly argv: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  readonly env: { readonly [name: string]: string };
  readonly onOutput: (text: string) => void;
  readonly onErrors: (text: string) => void;
  /** Aborted: the program is ended as `kill` does it, or not let work at all. */
  readonly signal?: AbortSignal;
  /** A third stream, for news that must not mix with what the program prints; its number is 3. */
  readonly onNews?: (text: string) => void;
};

export type Ending = {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Why it could not be started; null = it was. */
  readonly problem: string | null;
};

export type Spawned = {
  write(text: string): void;
  endInput(): void;
  /** Settles when the process is gone and all it wrote was handed over. Never rejects. */
  readonly ended: Promise<Ending>;
  /** As Ctrl-C, to the program alone: it may still put in order what it has. */
  interrupt(): void;
  /** Asks the whole group to end, and makes it end two seconds later. */
  kill(): void;
};

const GRACE_MS = 2_000;
/** Who left the group and holds a pipe open is not waited for: the program itself is gone by then. */
const PIPES_MS = 500;

/** Groups that must not outlive this process. */
const groups = new Set<number>();
let isWatching = false;

export function startProcess(request: SpawnRequest): Spawned {
  const [file, ...args] = request.argv;
  const pipes = request.onNews === undefined ? [] : (['pipe'] as const);
  const child = execa(file!, args, {
    cwd: request.cwd,
    env: { ...request.env },
    extendEnv: false,
    stdio: ['pipe', 'pipe', 'pipe', ...pipes],
    buffer: false,
    reject: false,
    // A group of its own: the terminal's Ctrl-C reaches us and not it, and a kill reaches all that it started.
    detached: true,
  });
  const group = child.pid ?? null;
  if (group !== null) watch(group);
  listen(child.stdout, request.onOutput);
  listen(child.stderr, request.onErrors);
  if (request.onNews) listen(child.stdio[3] as NodeJS.ReadableStream, request.onNews);
  // A program that does not read its input closes it: no fault of anybody.
  child.stdin.on('error', () => {});
  let timer: NodeJS.Timeout | null = null;
  let isOver = false;
  const signal = (name: NodeJS.Signals): void => {
    // Once it is gone its number may be another's.
    if (group !== null && !isOver) killGroup(group, name);
  };
  const ended = child.then(
    (result): Ending => ({
      exitCode: result.exitCode ?? null,
      signal: result.signal ?? null,
      problem: group === null ? problemOf(result) : null,
    }),
    (error: unknown): Ending => ({ exitCode: null, signal: null, problem: String(error) }),
  );
  const kill = (): void => {
    if (isOver || timer) return;
    signal('SIGTERM');
    timer = setTimeout(() => {
      signal('SIGKILL');
      timer = setTimeout(() => {
        for (const pipe of child.stdio) pipe?.destroy();
      }, PIPES_MS);
    }, GRACE_MS);
  };
  request.signal?.addEventListener('abort', kill, { once: true });
  if (request.signal?.aborted) kill();
  void ended.then(() => {
    request.signal?.removeEventListener('abort', kill);
    if (timer) clearTimeout(timer);
    // What it left behind goes with it.
    signal('SIGKILL');
    isOver = true;
    if (group !== null) groups.delete(group);
  });
  return {
    write: (text) => void child.stdin.write(text),
    endInput: () => void child.stdin.end(),
    ended,
    interrupt: () => {
      if (!isOver) child.kill('SIGINT');
    },
    kill,
  };
}

/** Every program that still runs, without asking. */
export function killPrograms(): void {
  for (const group of groups) killGroup(group, 'SIGKILL');
}

/** Pieces of text, however the bytes were cut. */
function listen(stream: NodeJS.ReadableStream, take: (text: string) => void): void {
  const decoder = new StringDecoder('utf8');
  stream.on('data', (chunk: Buffer | string) =>
    take(typeof chunk === 'string' ? chunk : decoder.write(chunk)),
  );
  stream.on('end', () => {
    const rest = decoder.end();
    if (rest !== '') take(rest);
  });
  stream.on('error', () => {});
}

function watch(group: number): void {
  groups.add(group);
  if (isWatching) return;
  isWatching = true;
  process.on('exit', killPrograms);
}

function killGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch (error) {
    // Gone already.
    if (
      (error as NodeJS.ErrnoException).code !== 'ESRCH' &&
      (error as NodeJS.ErrnoException).code !== 'EPERM'
    )
      throw error;
  }
}

/** What a program needs to run at all; everything else is asked for by name. */
const ALWAYS = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LANGUAGE',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SystemRoot',
];

/** @param folder of the manifest, absolute: a file of variables lies there */
export function strictEnv(
  env: Env,
  asked: ProcessEnv,
  folder: string | null = null,
): { readonly [name: string]: string } {
  const made: Record<string, string> = {};
  const take = (names: readonly string[]): void => {
    for (const name of names) if (env[name] !== undefined) made[name] = env[name];
  };
  take(ALWAYS);
  if (asked.file !== undefined && folder !== null)
    Object.assign(made, readEnvFile(path.resolve(folder, asked.file)));
  take(asked.pass);
  return { ...made, ...asked.set };
}

function problemOf({
  code,
  shortMessage,
}: {
  readonly code?: string | undefined;
  readonly shortMessage?: string | undefined;
}): string {
  if (code === 'ENOENT') return 'there is no such program (is it installed, and on the PATH?)';
  if (code === 'EACCES') return 'it may not be executed (chmod +x)';
  return shortMessage ?? 'it could not be started';
}
