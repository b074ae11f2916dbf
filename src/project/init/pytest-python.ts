// The interpreter that a pytest harness runs with: of the environment beside its tests, else of the one that is active.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { startLimit } from '../../core/limit.ts';
import { startProcess, strictEnv } from '../../providers/spawn.ts';
import { CommandError } from '../open/command-error.ts';
import type { World } from '../open/world.ts';

const NAMES = ['.venv', 'venv', 'env'];
const BINS = ['bin/python', 'Scripts/python.exe'];
/** An interpreter on a slow disk, with a cold cache. */
const TIMEOUT_MS = 30_000;

export type FindPython = {
  readonly io: World;
  /** Absolute; the manifest's. */
  readonly folder: string;
  /** Absolute: where the tests lie. */
  readonly tests: string;
  /** As the user named it; undefined = look for it. */
  readonly given: string | undefined;
};

export type FoundPython = {
  /** As the manifest names it. */
  readonly python: string;
  /** Where it was found, for people; null = the user named it. */
  readonly why: string | null;
};

/** @throws CommandError where none of what is there has pytest */
export function findPython(input: FindPython): Promise<FoundPython> {
  return input.io.interrupts.whilePrograms((signal) => find(input, signal));
}

async function find(input: FindPython, signal: AbortSignal): Promise<FoundPython> {
  const { io, folder, given } = input;
  if (given !== undefined) return { python: given, why: null };
  const tried: string[] = [];
  for await (const { python, why } of candidates(input, signal)) {
    if (await hasPytest({ io, folder, python, signal })) return { python, why };
    tried.push(python);
    if (signal.aborted) break;
  }
  const files = foldersAbove(input).flatMap((at) =>
    ['uv.lock', 'poetry.lock'].map((name) => path.join(at, name)),
  );
  const lock = files.find((file) => existsSync(file));
  const make = lock?.endsWith('uv.lock')
    ? '`uv sync` makes the environment of uv.lock'
    : lock
      ? '`poetry install` makes the environment of poetry.lock'
      : `install it (${tried[0] ?? 'python3'} -m pip install pytest)`;
  throw new CommandError(
    `no Python with pytest was found: ${tried.join(', ')} ${tried.length === 1 ? 'has' : 'have'} none; ${make}, or name another interpreter: --python PROGRAM`,
  );
}

/** Nearest first; what the shell has activated comes after what lies beside the tests. */
async function* candidates(
  input: FindPython,
  signal: AbortSignal,
): AsyncGenerator<FoundPython & { why: string }> {
  const { io, folder } = input;
  const folders = foldersAbove(input);
  const { UV_PROJECT_ENVIRONMENT: ofUv } = io.env;
  const places = [...folders.flatMap((at) => NAMES.map((name) => path.join(at, name)))];
  if (ofUv && folders.some((at) => existsSync(path.join(at, 'uv.lock'))))
    places.unshift(...folders.map((at) => path.resolve(at, ofUv)));
  for (const place of places) {
    const file = BINS.map((bin) => path.join(place, bin)).find((one) => existsSync(one));
    if (file) yield { python: shownFrom(folder, file), why: `of ${shownFrom(folder, place)}` };
  }
  if (folders.some((at) => existsSync(path.join(at, 'poetry.lock')))) {
    const told = await said({ io, folder, argv: ['poetry', 'env', 'info', '-p'], signal });
    const place = told?.trim().split('\n').at(-1) ?? '';
    const file = place && BINS.map((bin) => path.join(place, bin)).find((one) => existsSync(one));
    if (file) yield { python: shownFrom(folder, file), why: 'of poetry' };
  }
  for (const name of ['VIRTUAL_ENV', 'CONDA_PREFIX']) {
    const place = io.env[name];
    const file =
      place && [...BINS, 'python.exe'].map((bin) => path.join(place, bin)).find((one) => existsSync(one));
    if (file) yield { python: shownFrom(folder, file), why: `of ${name}` };
  }
  yield { python: 'python3', why: 'on the PATH' };
}

/** From the tests up to the repository's root; without a repository, to the manifest's folder. */
function foldersAbove({ folder, tests }: Pick<FindPython, 'folder' | 'tests'>): readonly string[] {
  const above = (start: string): readonly string[] => {
    const found: string[] = [];
    for (let at = start; ; at = path.dirname(at)) {
      found.push(at);
      if (existsSync(path.join(at, '.git')) || at === path.dirname(at)) return found;
    }
  };
  const all = above(tests);
  const isRepository = existsSync(path.join(all.at(-1)!, '.git'));
  const bound = path.relative(folder, tests).startsWith('..') ? tests : folder;
  return isRepository ? all : all.filter((at) => !path.relative(bound, at).startsWith('..'));
}

/** Relative where it lies in the manifest's folder or near it: another machine has it there, too. */
function shownFrom(folder: string, file: string): string {
  const relative = path.relative(folder, file).replaceAll('\\', '/');
  return /^(?:\.\.\/){4}/.test(relative) || path.isAbsolute(relative) ? file : relative;
}

type Asking = { readonly io: World; readonly folder: string; readonly signal: AbortSignal };

async function hasPytest({ python, ...of }: Asking & { readonly python: string }): Promise<boolean> {
  return (await said({ ...of, argv: [python, '-c', 'import pytest'] })) !== null;
}

/** What it printed; null = it failed, or is not there. */
async function said(input: Asking & { readonly argv: readonly string[] }): Promise<string | null> {
  let printed = '';
  const child = startProcess({
    argv: input.argv,
    cwd: input.folder,
    signal: input.signal,
    env: strictEnv(input.io.env, { set: {}, pass: Object.keys(input.io.env) }),
    onOutput: (text) => {
      printed = (printed + text).slice(-4_000);
    },
    onErrors: () => {},
  });
  child.endInput();
  const limit = startLimit(input.io.clock, TIMEOUT_MS, child.kill);
  const { exitCode } = await child.ended;
  limit.cancel();
  return exitCode === 0 ? printed : null;
}
